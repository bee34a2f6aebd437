import type { SeriesOrigin } from '#shared/contract/common.ts'
import type { SeriesColumns, SeriesId } from '../store.ts'
import { comparePoints, newPoints } from './points.ts'
import { chunkCount, chunkEnd, emptySummary, foldPoints, type PackedSummary, restoreChunks } from './summary.ts'

/**
 * A series with points in memory: its tail are the points that were committed to the log and are not yet in chunks. This is the
 * one mutable thing of the store; it holds nothing that could not be found again in the database.
 */
export type LiveSeries = {
  readonly id: SeriesId
  readonly run: number
  readonly key: string
  readonly origin: SeriesOrigin
  readonly summary: PackedSummary
  /** Points in log rows up to this one are in chunks. */
  sealedThrough: number
  deleted: boolean
  /**
   * Step, time and value of each point in a row, with room to grow; the first `n` points are the tail, as appended. Points of a
   * thousand series come in turn: one place in memory a point is three times faster than three columns.
   */
  tail: Float64Array
  n: number
  /** How many of the tail are in the summary. */
  folded: number
  /** The folded part ascends, without twins, and comes after all chunks. */
  ordered: boolean
  /** Groups of points on their way to the log that have some of this series; `group` is the latest. */
  waiting: number
  group: object | undefined
  /** No point came since the last round of compaction. */
  idle: boolean
  /** Changes whenever the tail or the chunks do. */
  version: number
  /** Changes when chunks do other than by compaction: plans made before are void. */
  epoch: number
  /** The tail without what chunks have, sorted; valid for one version. */
  resolved: { readonly version: number; readonly points: SeriesColumns } | undefined
}

const FIELDS = 3
const FIRST_ROOM = 32
const ROOM_KEPT = 2_048

const noRoom = new Float64Array(0)

export function createLive(
  id: SeriesId,
  run: number,
  key: string,
  origin: SeriesOrigin,
  sealedThrough: number,
  summary: PackedSummary,
): LiveSeries {
  return {
    id,
    run,
    key,
    origin,
    summary,
    sealedThrough,
    deleted: false,
    tail: noRoom,
    n: 0,
    folded: 0,
    ordered: true,
    waiting: 0,
    group: undefined,
    idle: false,
    version: 0,
    epoch: 0,
    resolved: undefined,
  }
}

/** Adds a committed point. */
export function pushPoint(live: LiveSeries, step: number, time: number, value: number): void {
  const at = live.n * FIELDS
  if (at === live.tail.length) {
    const larger = new Float64Array(Math.max(FIRST_ROOM, live.n * 2) * FIELDS)
    larger.set(live.tail)
    live.tail = larger
  }
  const tail = live.tail
  tail[at] = step
  tail[at + 1] = time
  tail[at + 2] = value
  live.n++
  live.version++
  live.idle = false
}

/** The tail as it was appended, as columns. */
export function tailOf(live: LiveSeries): SeriesColumns {
  return columnsOf(live, 0, live.n)
}

/** The first `count` points of the tail, three doubles each, in place. */
export function tailRows(live: LiveSeries, count: number): Float64Array {
  return live.tail.subarray(0, count * FIELDS)
}

function columnsOf(live: LiveSeries, from: number, to: number): SeriesColumns {
  const points = newPoints(to - from)
  const { tail } = live
  for (let i = from, at = from * FIELDS; i < to; i++, at += FIELDS) {
    points.step[i - from] = tail[at] as number
    points.time[i - from] = tail[at + 1] as number
    points.value[i - from] = tail[at + 2] as number
  }
  return points
}

/**
 * Takes what was appended since the last call into the summary; of a long tail the first `n` points, if asked so. Cheaper in one go than
 * point by point, and constant a point.
 */
export function catchUp(live: LiveSeries, n = live.n): void {
  const { folded } = live
  if (folded >= n) return
  // From the last point that was folded on, so that its order to the next is seen too.
  const start = Math.max(0, folded - 1)
  const points = columnsOf(live, start, n)
  foldPoints(live.summary, points, folded - start, n - start)
  if (folded === 0 && chunkCount(live.summary) > 0)
    live.ordered = live.ordered && comparePoints(chunkEnd(live.summary), 0, points, 0) < 0
  for (let i = 1; live.ordered && i < points.step.length; i++)
    live.ordered = comparePoints(points, i - 1, points, i) < 0
  live.folded = n
}

/** Forgets the first `count` points of the tail, which chunks hold now. Room of a usual size is kept for what comes next. */
export function trimTail(live: LiveSeries, count: number): void {
  const rest = live.tail.subarray(count * FIELDS, live.n * FIELDS)
  if (live.tail.length <= ROOM_KEPT * FIELDS) live.tail.copyWithin(0, count * FIELDS, live.n * FIELDS)
  else live.tail = rest.slice()
  live.n -= count
  forgetOrder(live)
}

/** To be called when chunks have changed under the tail. */
export function forgetOrder(live: LiveSeries): void {
  live.folded = 0
  live.ordered = true
  live.version++
}

/** Goes back to what the database says of the chunks, after a transaction that failed. */
export function restoreLive(live: LiveSeries, sealedThrough: number, stored: PackedSummary | undefined): void {
  live.sealedThrough = sealedThrough
  restoreChunks(live.summary, stored ?? emptySummary())
  live.epoch++
  forgetOrder(live)
}
