import type { LatestPoint, PointBatch, SeriesColumns } from '../store.ts'
import { isWide } from '#shared/lib/whole-number.ts'
import type { LiveSeries } from './live-series.ts'
import type { Queries } from './queries.ts'
import { latestOf, latestStep, latestTime, type PackedSummary, readSummary } from './summary.ts'
import { compareNear, latestKey, pointOfLatest, pointsOfKeys, stepBounds, twinBounds, wideKey } from './wide-key.ts'
import { isWidePoint, joinExact } from './wide-points.ts'

/** A point that waits for its commit, of a series. */
export type WideRow = { readonly live: LiveSeries; readonly key: Uint8Array }

/** Rows that are read in one go. */
const PORTION = 8_192
/** Comes before every key. */
const NONE = new Uint8Array(0)
/** Comes after every key. */
const BEYOND = new Uint8Array(1).fill(0xff)

/** The points of a batch that chunks would round, as rows; `live` has the series of each point from `at` on. */
export function wideRowsOf(points: PointBatch, live: readonly LiveSeries[], at: number): readonly WideRow[] {
  const rows: WideRow[] = []
  for (let i = 0; i < points.step.length; i++)
    if (isWidePoint(points, i)) rows.push({ live: live[at + i] as LiveSeries, key: wideKey(points, i) })
  return rows
}

/** Writes rows, each once, as part of the transaction that is running; those of deleted series are passed over. */
export function writeWideRows(queries: Queries, rows: readonly WideRow[]): void {
  for (const [live, given] of Map.groupBy(rows, (row) => row.live)) {
    if (live.deleted) continue
    // In order: then a twin among them is the one before, and one among those that are written is looked for only where there may be one.
    const keys = given.map(({ key }) => key).sort((left, right) => Buffer.compare(left, right))
    const end = queries.lastWide.value<Uint8Array | null>(live.id) ?? null
    let before: Uint8Array | undefined
    let twins = 0
    let latest: Uint8Array = NONE
    for (const key of keys) {
      const hasTwin =
        (before !== undefined && compareNear(before, key) === 0) ||
        (end !== null &&
          compareNear(key, end) <= 0 &&
          queries.wideTwin.value(live.id, ...twinBounds(key)) !== undefined)
      before = key
      if (queries.insertWide.run(live.id, key).changes === 0) continue
      if (hasTwin) twins++
      const late = latestKey(key)
      if (Buffer.compare(late, latest) > 0) latest = late
    }
    if (latest !== NONE) queries.updateWide.run(twins, latest, live.id)
  }
}

/** Whether some point of a series may be kept exactly beside its nearest doubles: told by its ends alone. */
function mayBeWide(summary: PackedSummary): boolean {
  const { firstStep, lastStep, startTime, endTime } = readSummary(summary, 0)
  return isWide(firstStep) || isWide(lastStep) || isWide(startTime) || isWide(endTime)
}

/** How many points of a series share their nearest doubles with another one. */
export function countTwins(queries: Queries, { id, summary }: LiveSeries): number {
  return mayBeWide(summary) ? (queries.wideTwins.value<number>(id) ?? 0) : 0
}

/** Points of a series with a step in [from, to], given by their nearest doubles, as they were logged. */
export function exactlyAs(
  queries: Queries,
  live: LiveSeries,
  near: SeriesColumns,
  from: number,
  to: number,
): SeriesColumns {
  return exactlyBetween(queries, live, near, ...stepBounds(from, to))
}

/** The same between two beginnings of keys; without one, to that end of the series. */
export function exactlyBetween(
  queries: Queries,
  { id, summary }: LiveSeries,
  near: SeriesColumns,
  start: Uint8Array = NONE,
  end: Uint8Array = BEYOND,
): SeriesColumns {
  if (!mayBeWide(summary)) return near
  const parts: Required<SeriesColumns>[] = []
  for (let after = start; ;) {
    const keys = queries.wideBetween.rows<[Uint8Array]>(id, after, end, PORTION).map(([key]) => key)
    const last = keys.at(-1)
    if (last === undefined) break
    parts.push(pointsOfKeys(keys))
    after = last
    if (keys.length < PORTION) break
  }
  const [only] = parts
  if (only === undefined) return near
  return joinExact(near, parts.length === 1 ? only : concat(parts))
}

/** Whether a series' latest point may be another one than its nearest doubles say. */
export function endsWide(summary: PackedSummary): boolean {
  return isWide(latestStep(summary)) || isWide(latestTime(summary))
}

/** The latest point of a series by its exact step and time. */
export function exactLatest(queries: Queries, id: number, summary: PackedSummary): LatestPoint {
  const near = latestOf(summary)
  if (!endsWide(summary)) return near
  const { lastStep, lastTime } = near
  const bytes = queries.wideLatest.value<Uint8Array | null>(id) ?? null
  if (bytes === null) return near
  const { step, time, value, rest } = pointOfLatest(bytes)
  // Points that were logged before exact ones were kept, or need not be kept so, may come after all of those.
  if (lastStep !== step || (!isWide(step) && lastTime > time)) return near
  return { last: value, lastStep: step, lastTime: time, ...(rest.step === 0 && rest.time === 0 ? {} : { rest }) }
}

function concat(parts: readonly Required<SeriesColumns>[]): Required<SeriesColumns> {
  const n = parts.reduce((sum, { step }) => sum + step.length, 0)
  const all = {
    step: new Float64Array(n),
    time: new Float64Array(n),
    value: new Float64Array(n),
    rest: { step: new Int16Array(n), time: new Int16Array(n) },
  }
  let at = 0
  for (const { step, time, value, rest } of parts) {
    all.step.set(step, at)
    all.time.set(time, at)
    all.value.set(value, at)
    all.rest.step.set(rest.step, at)
    all.rest.time.set(rest.time, at)
    at += step.length
  }
  return all
}
