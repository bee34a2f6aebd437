import type { LineSeries, SeriesColumns } from './model.ts'

/** Index of the first of ascending `xs` that is not below `x`; their count when all are. */
export const lowerBound = (xs: Float64Array, x: number): number => {
  let low = 0
  let high = xs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((xs[middle] ?? 0) < x) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the x nearest to `x`; -1 for an empty series. */
export const nearestIndex = (xs: Float64Array, x: number): number => {
  const at = lowerBound(xs, x)
  if (at === 0) return xs.length === 0 ? -1 : 0
  if (at === xs.length) return at - 1
  return x - (xs[at - 1] ?? 0) <= (xs[at] ?? 0) - x ? at - 1 : at
}

/** A series at an x: the nearest bucket that has a value, with its bounds. */
export interface Reading {
  /** Which bucket it is. */
  readonly at: number
  readonly x: number
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * What a series is at `x`: its nearest bucket. Undefined before its first and after its last x, within a gap, and
 * where the bucket has no finite value: nothing is interpolated.
 */
export const readAt = (columns: SeriesColumns, x: number, gapAfter?: number): Reading | undefined => {
  const { x: xs } = columns
  const at = nearestIndex(xs, x)
  if (at === -1) return undefined
  const first = xs[0] ?? 0
  const last = xs[xs.length - 1] ?? 0
  // Half a bucket beyond the ends still means the end.
  const slack = xs.length > 1 ? (last - first) / (xs.length - 1) / 2 : 0
  if (x < first - slack || x > last + slack) return undefined
  const value = columns.last[at] ?? Number.NaN
  if (!Number.isFinite(value)) return undefined
  const own = xs[at] ?? 0
  if (gapAfter !== undefined && Math.abs(own - x) > gapAfter) return undefined
  return { at, x: own, value, low: columns.min[at] ?? value, high: columns.max[at] ?? value }
}

/** The x among all series that is nearest to `x`: where the crosshair snaps. */
export const snap = (series: readonly LineSeries[], x: number): number | undefined => {
  let best: number | undefined
  for (const { columns } of series) {
    const at = nearestIndex(columns.x, x)
    if (at === -1) continue
    const found = columns.x[at] ?? 0
    if (best === undefined || Math.abs(found - x) < Math.abs(best - x)) best = found
  }
  return best
}

/** The x beside `x` in a direction, over all series: how the arrow keys step. `by` skips further. */
export const stepFrom = (series: readonly LineSeries[], x: number, by: number): number | undefined => {
  let best: number | undefined
  for (const { columns } of series) {
    const { x: xs } = columns
    if (xs.length === 0) continue
    const here = lowerBound(xs, x)
    const on = xs[here] === x
    const at = by > 0 ? here + (on ? by : by - 1) : here + by
    const found = xs[Math.min(xs.length - 1, Math.max(0, at))]
    if (found === undefined || (by > 0 ? found <= x : found >= x)) continue
    if (best === undefined || Math.abs(found - x) < Math.abs(best - x)) best = found
  }
  return best
}
