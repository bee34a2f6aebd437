import { exactNumber } from '#shared/lib/format.ts'
import { lowerBound } from './lookup.ts'
import type { LineSeries, SeriesColumns } from './model.ts'

/** All x of all series, odd values included, each once and ascending. */
export const unionOfX = (series: readonly LineSeries[]): Float64Array => {
  const all = new Float64Array(series.reduce((sum, { columns }) => sum + columns.x.length + columns.oddX.length, 0))
  let count = 0
  for (const { columns } of series) {
    all.set(columns.x, count)
    all.set(columns.oddX, count + columns.x.length)
    count += columns.x.length + columns.oddX.length
  }
  all.sort()
  let kept = 0
  for (let at = 0; at < all.length; at++) {
    if (at === 0 || all[at] !== all[kept - 1]) all[kept++] = all[at] ?? 0
  }
  return all.subarray(0, kept)
}

const odds = [Number.NaN, Number.POSITIVE_INFINITY] as const

/** A series at exactly x: its last value there, NaN or an infinity where that was logged, undefined where nothing was. */
export const valueAt = (columns: SeriesColumns, x: number): number | undefined => {
  const at = lowerBound(columns.x, x)
  const value = columns.x[at] === x ? columns.last[at] : undefined
  if (value !== undefined && Number.isFinite(value)) return value
  const odd = lowerBound(columns.oddX, x)
  if (columns.oddX[odd] !== x) return undefined
  return columns.oddKind[odd] === -1 ? Number.NEGATIVE_INFINITY : (odds[columns.oddKind[odd] ?? 0] ?? Number.NaN)
}

const boundAt = (columns: SeriesColumns, bound: Float64Array, x: number): number | undefined => {
  const at = lowerBound(columns.x, x)
  const value = columns.x[at] === x ? bound[at] : undefined
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

/**
 * One field by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are
 * numbers and stay as they are.
 */
export const csvField = (value: string | number | undefined): string => {
  if (value === undefined) return ''
  if (typeof value === 'number') return exactNumber(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * The points of a chart as CSV: x, then a column for each line; lines of buckets have two more, for the smallest and
 * largest value in the bucket. Values are exact and never smoothed.
 */
export const chartCsv = (xName: string, series: readonly LineSeries[]): string => {
  const head = [
    xName,
    ...series.flatMap(({ name, columns }) => (columns.exact ? [name] : [name, `${name} min`, `${name} max`])),
  ]
  const lines = Array.from(unionOfX(series), (x) =>
    [
      x,
      ...series.flatMap(({ columns }) =>
        columns.exact
          ? [valueAt(columns, x)]
          : [valueAt(columns, x), boundAt(columns, columns.min, x), boundAt(columns, columns.max, x)],
      ),
    ]
      .map(csvField)
      .join(','),
  )
  return [head.map(csvField).join(','), ...lines, ''].join('\r\n')
}
