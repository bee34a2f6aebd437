import { open } from 'node:fs/promises'
import type { Sample } from '#electron/shim/work-folder.ts'
import type { TimedPoint } from './read-metrics.ts'
import type { ReaderState } from './reader-state.ts'

const PORTION = 1 << 20

/** Reads the samples that were added since, as points of the system's series; half a last line waits. Missing files hold none. */
export async function readSamples(
  file: string,
  from: ReaderState['samples'],
): Promise<{ readonly points: readonly TimedPoint[]; readonly state: ReaderState['samples'] }> {
  const handle = await open(file, 'r').catch(() => undefined)
  if (handle === undefined) return { points: [], state: from }
  try {
    const portion = Buffer.allocUnsafe(PORTION)
    const { bytesRead } = await handle.read(portion, 0, PORTION, from.offset)
    const end = portion.subarray(0, bytesRead).lastIndexOf(10)
    if (end < 0) return { points: [], state: from }
    const points: TimedPoint[] = []
    let { count, last } = from
    for (const line of portion.toString('utf8', 0, end).split('\n')) {
      const sample = parseSample(line)
      if (sample === undefined) continue
      points.push(...pointsOf(sample, last, count))
      last = sample
      count++
    }
    return { points, state: { offset: from.offset + end + 1, count, last } }
  } finally {
    await handle.close()
  }
}

function parseSample(line: string): Sample | undefined {
  try {
    const value = JSON.parse(line) as Partial<Sample>
    const whole = [value.t, value.processes, value.cpu, value.resident].every((number) => Number.isFinite(number))
    return whole ? (value as Sample) : undefined
  } catch {
    return undefined
  }
}

/** A sample's points; rates are since the sample before, so the first has none. Keys: see `shared/domain/system-series.ts`. */
export function pointsOf(sample: Sample, before: Sample | null, step: number): readonly TimedPoint[] {
  const seconds = before === null ? 0 : (sample.t - before.t) / 1000
  const rate = (now: number | null, earlier: number | null | undefined): number | undefined =>
    now === null || earlier === null || earlier === undefined || seconds <= 0
      ? undefined
      : Math.max(0, (now - earlier) / seconds)
  const cpu = rate(sample.cpu, before?.cpu)
  const values: readonly (readonly [string, number | null | undefined])[] = [
    ['system/cpu_percent', cpu === undefined ? undefined : cpu * 100],
    ['system/memory_bytes', sample.resident],
    ['system/disk_read_bytes_per_second', rate(sample.read, before?.read)],
    ['system/disk_write_bytes_per_second', rate(sample.written, before?.written)],
    ['system/processes', sample.processes],
    ...(sample.gpus ?? []).flatMap(
      (gpu) =>
        [
          [`system/gpu${gpu.index}_percent`, gpu.busy],
          [`system/gpu${gpu.index}_memory_bytes`, gpu.ours],
          [`system/gpu${gpu.index}_memory_others_bytes`, Math.max(0, gpu.used - gpu.ours)],
          [`system/gpu${gpu.index}_memory_total_bytes`, gpu.total],
          [`system/gpu${gpu.index}_celsius`, gpu.celsius ?? null],
        ] as const,
    ),
  ]
  return values.flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [{ key, value, step, time: sample.t }],
  )
}
