import { appendFileSync, statSync } from 'node:fs'
import type { Settings } from '#shared/contract/settings.ts'
import { type Sampler, startSampler } from '#electron/shim/sampler.ts'
import type { WorkFolder } from '#electron/shim/work-folder.ts'

/** Does the shim's work where the shim was killed and its command goes on: notes the times of the output, samples the tree. */
export type StandIn = { readonly takeOver: () => void; readonly close: () => void }

const EVERY = 100

export function createStandIn(work: WorkFolder, pid: () => number | null, settings: () => Settings): StandIn {
  let timer: NodeJS.Timeout | undefined
  let sampler: Sampler | undefined
  let noted = ''
  const note = (): void => {
    const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0
    const sizes = `${size(work.out)} ${size(work.err)}`
    if (sizes === noted) return
    noted = sizes
    try {
      appendFileSync(work.times, `${Date.now()} ${sizes}\n`)
    } catch {
      // A full disk: the lines are kept without their times.
    }
  }
  return {
    takeOver() {
      if (timer !== undefined) return
      note()
      timer = setInterval(note, EVERY)
      timer.unref()
      const root = pid()
      if (root !== null && settings().capture.systemMetrics) sampler = startSampler(work, root)
    },
    close() {
      clearInterval(timer)
      sampler?.stop()
    },
  }
}
