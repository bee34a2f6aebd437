import { appendFileSync } from 'node:fs'
import { type GpuSample, sampleGpus } from '#electron/platform/process/gpu.ts'
import { processTable, treeOf } from '#electron/platform/process/table.ts'
import { usageOf } from '#electron/platform/process/usage.ts'
import type { Sample, WorkFolder } from './work-folder.ts'

export type Sampler = { readonly stop: () => void }

/** The first reading after half a second, so that a short run has some; each two seconds in the first minute, each five after it. */
const waitAfter = (samples: number): number => (samples === 0 ? 500 : samples < 30 ? 2_000 : 5_000)

/** Appends what the tree of `pid` uses to the samples, until stopped. */
export function startSampler(work: WorkFolder, pid: number): Sampler {
  let samples = 0
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  // A machine without cards is asked once only.
  let hasGpus = true

  const take = async (): Promise<void> => {
    try {
      const tree = treeOf({ pid }, processTable())
      const usage = usageOf(tree)
      const gpus = hasGpus ? await sampleGpus(new Set(tree.map((row) => row.pid))) : undefined
      hasGpus = gpus !== undefined
      const sample: Sample = { t: Date.now(), ...usage, ...(gpus === undefined ? {} : { gpus: gpus.map(withoutName) }) }
      if (usage.processes > 0) appendFileSync(work.samples, `${JSON.stringify(sample)}\n`, { mode: 0o600 })
    } catch {
      // A sample is never worth more than the run.
    }
    samples++
    schedule()
  }
  const schedule = (): void => {
    if (!stopped) timer = setTimeout(() => void take(), waitAfter(samples))
  }
  schedule()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function withoutName({ index, busy, used, total, ours, celsius }: GpuSample): NonNullable<Sample['gpus']>[number] {
  return { index, busy, used, total, ours, celsius }
}
