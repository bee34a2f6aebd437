import type { SeriesOrigin } from '#shared/contract/common.ts'
import type { SeriesColumns, SeriesId } from '../store.ts'
import { comparePoints, newPoints, noPoints, slicePoints } from './points.ts'
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
  /** Columns with room to grow; the first `n` are the tail, as appended. */
  tail: SeriesColumns
  n: number
  /** How many of the tail are in the summary. */
  folded: number
  /** The folded part ascends, without twins, and comes after all chunks. */
  ordered: boolean
  /** Groups of points on their way to the log that have some of this series; `group` is the latest. */
  waiting: number
  group: object | undefined
  /** Changes whenever the tail or the chunks do. */
  version: number
  /** The tail without what chunks have, sorted; valid for one version. */
  resolved: { readonly version: number; readonly points: SeriesColumns } | undefined
}

const FIRST_ROOM = 32

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
    tail: noPoints,
    n: 0,
    folded: 0,
    ordered: true,
    waiting: 0,
    group: undefined,
    version: 0,
    resolved: undefined,
  }
}

/** Adds a committed point. */
export function pushPoint(live: LiveSeries, step: number, time: number, value: number): void {
  const n = live.n
  if (n === live.tail.step.length) {
    const larger = newPoints(Math.max(FIRST_ROOM, n * 2))
    larger.step.set(live.tail.step)
    larger.time.set(live.tail.time)
    larger.value.set(live.tail.value)
    live.tail = larger
  }
  const tail = live.tail
  tail.step[n] = step
  tail.time[n] = time
  tail.value[n] = value
  live.n = n + 1
  live.version++
}

/** The tail as it was appended: views, valid until the next trim. */
export function tailOf(live: LiveSeries): SeriesColumns {
  return slicePoints(live.tail, 0, live.n)
}

/** Takes what was appended since the last call into the summary. Cheaper in one go than point by point, and constant a point. */
export function catchUp(live: LiveSeries): void {
  const { tail, n } = live
  if (live.folded === n) return
  foldPoints(live.summary, tail, live.folded, n)
  for (let i = live.folded; live.ordered && i < n; i++) {
    if (i > 0) live.ordered = comparePoints(tail, i - 1, tail, i) < 0
    else if (chunkCount(live.summary) > 0) live.ordered = comparePoints(chunkEnd(live.summary), 0, tail, 0) < 0
  }
  live.folded = n
}

/** Forgets the first `count` points of the tail, which chunks hold now. */
export function trimTail(live: LiveSeries, count: number): void {
  const rest = live.n - count
  const kept = newPoints(rest)
  kept.step.set(live.tail.step.subarray(count, live.n))
  kept.time.set(live.tail.time.subarray(count, live.n))
  kept.value.set(live.tail.value.subarray(count, live.n))
  live.tail = kept
  live.n = rest
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
  forgetOrder(live)
}
