import { lowerBound } from './lookup.ts'
import type { LineSeries, YAxis } from './model.ts'

export type Extent = readonly [number, number]

/** From the first to the last x of all series; undefined when there is none. */
export const xExtent = (series: readonly LineSeries[]): Extent | undefined => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const { columns } of series) {
    for (const xs of [columns.x, columns.oddX]) {
      if (xs.length === 0) continue
      low = Math.min(low, xs[0] ?? low)
      high = Math.max(high, xs[xs.length - 1] ?? high)
    }
  }
  return low <= high ? [low, high] : undefined
}

/** Smallest and largest drawn value within a range of x, bands included; positive ones only on a log axis. */
export const yExtent = (series: readonly LineSeries[], x: Extent, log: boolean): Extent | undefined => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  const take = (xs: Float64Array, lows: Float64Array, highs: Float64Array) => {
    // One bucket beyond each edge: the line that leaves the view is still seen.
    const from = Math.max(0, lowerBound(xs, x[0]) - 1)
    const to = Math.min(xs.length, lowerBound(xs, x[1]) + 1)
    for (let at = from; at < to; at++) {
      const small = lows[at] ?? Number.NaN
      const large = highs[at] ?? Number.NaN
      if (small < low && (!log || small > 0)) low = small
      if (large > high && (!log || large > 0)) high = large
    }
  }
  for (const { columns, band } of series) {
    take(columns.x, columns.min, columns.max)
    if (band !== undefined) take(band.x, band.low, band.high)
  }
  if (log && high > 0 && !(low < Number.POSITIVE_INFINITY)) low = high
  return low <= high ? [low, high] : undefined
}

/**
 * Bounds that leave out a few extreme values: when the 2nd to the 98th percentile take less than a third of the whole
 * range, those percentiles widened by half of their span; else the whole range.
 */
export const clippedExtent = (series: readonly LineSeries[], x: Extent, log: boolean, whole: Extent): Extent => {
  const values: number[] = []
  for (const { columns } of series) {
    const from = lowerBound(columns.x, x[0])
    const to = lowerBound(columns.x, x[1])
    const stride = Math.max(1, Math.floor((to - from) / 2000))
    for (let at = from; at < to; at += stride) {
      const value = columns.last[at] ?? Number.NaN
      if (Number.isFinite(value) && (!log || value > 0)) values.push(log ? Math.log10(value) : value)
    }
  }
  if (values.length < 20) return whole
  const sorted = Float64Array.from(values).sort()
  const low = sorted[Math.floor(sorted.length * 0.02)] ?? 0
  const high = sorted[Math.floor(sorted.length * 0.98)] ?? 0
  const [from, to] = log ? [Math.log10(whole[0]), Math.log10(whole[1])] : whole
  if (!(high > low) || high - low > (to - from) / 3) return whole
  const back = (value: number) => (log ? 10 ** value : value)
  return [back(Math.max(from, low - (high - low) / 2)), back(Math.min(to, high + (high - low) / 2))]
}

export interface YDomain {
  readonly domain: Extent
  /** Which edges hold values that lie beyond them. */
  readonly clipped: { readonly top: boolean; readonly bottom: boolean }
}

const pad = ([low, high]: Extent, log: boolean): Extent => {
  if (log) {
    const factor = high / low === 1 ? 2 : (high / low) ** 0.05
    return [low / factor, high * factor]
  }
  // Nothing but zeros, such as a disk at rest, lies on the ground of an axis that goes to 1.
  if (high === 0 && low === 0) return [-0.05, 1]
  const room = high === low ? Math.max(Math.abs(high) * 0.05, 1e-9) : (high - low) * 0.05
  return [low - room, high + room]
}

/** The y range to draw: the series' extent with a little room, or what the axis fixes. */
export const yDomain = (
  series: readonly LineSeries[],
  x: Extent,
  axis: YAxis,
  reference: number | undefined,
): YDomain => {
  const log = axis.log ?? false
  const own = yExtent(series, x, log)
  const line = reference !== undefined && (!log || reference > 0) ? reference : undefined
  const whole: Extent =
    own === undefined
      ? line === undefined
        ? log
          ? [0.1, 1]
          : [0, 1]
        : [line, line]
      : line === undefined
        ? own
        : [Math.min(own[0], line), Math.max(own[1], line)]
  const kept = axis.clip === true ? clippedExtent(series, x, log, whole) : whole
  const padded = pad(kept, log)
  const fixed = (value: number | null | undefined) =>
    value === null || value === undefined || (log && value <= 0) ? undefined : value
  const low = fixed(axis.low) ?? padded[0]
  const high = fixed(axis.high) ?? padded[1]
  const domain: Extent = low < high ? [low, high] : pad([low, low], log)
  return { domain, clipped: { top: whole[1] > domain[1], bottom: whole[0] < domain[0] } }
}
