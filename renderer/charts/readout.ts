import { chooseNumberFormat, formatNumber, type NumberFormat } from '#shared/lib/format.ts'
import { lowerBound, nearestIndex, readAt } from './lookup.ts'
import type { LineSeries } from './model.ts'
import type { Scale } from './scale.ts'

/** One line of a tooltip or a readout. */
export interface ReadoutRow {
  readonly series: LineSeries
  /** As it is drawn: smoothed where the line is. */
  readonly value: number
  /** Bounds over seeds, or of the bucket; undefined where they are the value itself. */
  readonly range: readonly [number, number] | undefined
}

/** All series that have a value at x, largest first. */
export const readoutAt = (
  series: readonly LineSeries[],
  smoothed: ReadonlyMap<string, Float64Array>,
  x: number,
): readonly ReadoutRow[] =>
  series
    .flatMap((one): readonly ReadoutRow[] => {
      const reading = readAt(one.columns, x, one.gapAfter)
      if (reading === undefined) return []
      const value = smoothed.get(one.id)?.[reading.at] ?? reading.value
      const at = one.band === undefined ? -1 : nearestIndex(one.band.x, x)
      const low = at === -1 ? reading.low : (one.band?.low[at] ?? Number.NaN)
      const high = at === -1 ? reading.high : (one.band?.high[at] ?? Number.NaN)
      return [{ series: one, value, range: low < high ? [low, high] : undefined }]
    })
    .toSorted((a, b) => b.value - a.value)

/** One format for all values that are shown together: the digits that the axis' span leaves to tell them apart. */
export const readoutFormat = (y: Scale): NumberFormat => {
  const [low, high] = y.domain
  if (y.log) return chooseNumberFormat([high], 4)
  const span = Math.abs(high - low)
  const largest = Math.max(Math.abs(low), Math.abs(high))
  if (largest >= 1e7 || span < 1e-7) return { kind: 'exponent', digits: 4 }
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(span)) - 1)
  return decimals === 0 ? { kind: 'integer' } : { kind: 'fixed', decimals: Math.min(8, decimals) }
}

/** A range without leading zeros: `.8466–.8482`. */
export const formatRange = ([low, high]: readonly [number, number], format: NumberFormat): string =>
  [low, high].map((value) => formatNumber(value, format).replace(/^(−?)0\./, '$1.')).join('–')

/** The series whose line passes nearest to a point in px, at most `reach` away; undefined when there is none. */
export const nearestSeries = (
  series: readonly LineSeries[],
  smoothed: ReadonlyMap<string, Float64Array>,
  x: Scale,
  y: Scale,
  point: { readonly x: number; readonly y: number },
  reach: number,
): LineSeries | undefined => {
  let best: LineSeries | undefined
  let distance = reach
  for (const one of series) {
    const { x: xs, last } = one.columns
    const values = smoothed.get(one.id) ?? last
    const at = lowerBound(xs, x.toValue(point.x))
    for (const index of [at - 1, at]) {
      const px = x.toPixel(xs[index] ?? Number.NaN)
      const py = y.toPixel(values[index] ?? Number.NaN)
      const away = Math.hypot((px - point.x) / 2, py - point.y)
      if (away < distance) {
        distance = away
        best = one
      }
    }
  }
  return best
}
