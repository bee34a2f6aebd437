/** How many hours and days keep their newest backup. */
export type Keep = { readonly hourly: number; readonly daily: number }

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The time in a backup's file name, `2026-11-21T07-12-00.000Z.db`, in milliseconds; NaN for any other name. */
export function backupTime(name: string): number {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3}Z)\.db$/.exec(name)
  return parts === null ? Number.NaN : Date.parse(`${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}`)
}

/**
 * Times of backups that may go: all but the newest of each of the `hourly` newest hours and of the `daily` newest days that
 * have one. Counts hours that have a backup, not hours of the clock, so a laptop that slept keeps its history.
 */
export function superfluous(times: readonly number[], keep: Keep): readonly number[] {
  const newestFirst = times.toSorted((left, right) => right - left)
  const kept = new Set([...newestPer(newestFirst, HOUR, keep.hourly), ...newestPer(newestFirst, DAY, keep.daily)])
  return newestFirst.filter((time) => !kept.has(time))
}

function newestPer(newestFirst: readonly number[], span: number, limit: number): readonly number[] {
  const found = new Map<number, number>()
  for (const time of newestFirst) {
    const slot = Math.floor(time / span)
    if (!found.has(slot) && found.size < limit) found.set(slot, time)
  }
  return [...found.values()]
}
