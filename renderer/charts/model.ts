import type { ApartRange } from './apart.ts'

/**
 * A series as columns, in the shape in which the backend sends its levels: for bucket i its first x, and the first,
 * smallest, largest and last value in it; NaN where a bucket has no finite value. A point of its own is a bucket whose
 * four values are the same. x ascends.
 */
export interface SeriesColumns {
  readonly x: Float64Array
  readonly first: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly last: Float64Array
  /** x of values that are NaN (0), +infinity (1) or -infinity (-1): they are drawn as crosses on the axis. */
  readonly oddX: Float64Array
  readonly oddKind: Float64Array
  /** Whether every point is its own bucket. */
  readonly exact: boolean
}

/** What lies between two bounds: min and max over seeds, or mean ± sd. NaN is a gap. */
export interface Band {
  readonly x: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
}

export interface LineSeries {
  /** Unique in its chart. */
  readonly id: string
  readonly name: string
  /** Whose line it is: hovering one emphasises all lines of the same run, in every panel of the group. */
  readonly run: string
  /** The run's number in the project, from which colour and dash follow. */
  readonly number: number
  readonly columns: SeriesColumns
  /** Another dash than the run's, where one run has several lines (train solid, val dashed). */
  readonly dash?: readonly number[] | undefined
  readonly band?: Band | undefined
  /** Dashed grey under the others. */
  readonly baseline?: boolean | undefined
  /** The run is training: its last point has a halo and its value. */
  readonly live?: boolean | undefined
  /** Marked by a diamond. */
  readonly best?: { readonly x: number; readonly y: number } | undefined
  /** A longer way in x than this is a gap and no line. */
  readonly gapAfter?: number | undefined
}

export type XKind = 'number' | 'duration' | 'time'

export interface XAxis {
  /** `duration` and `time` are in milliseconds, since the start and since 1970. */
  readonly kind: XKind
  /** At the right end of the axis: "epoch". */
  readonly label?: string | undefined
  /** The whole range, e.g. the whole budget; the extent of the series when left out. */
  readonly domain?: readonly [number, number] | undefined
  /** Up to here it has trained; what lies beyond is sunken. */
  readonly until?: number | undefined
  /** Ranges so far apart that a window within one is zoomed within that one (`apart.ts`). */
  readonly apart?: readonly ApartRange[] | undefined
}

export interface YAxis {
  readonly log?: boolean | undefined
  /** Either bound may be fixed; null follows the series. */
  readonly low?: number | null | undefined
  readonly high?: number | null | undefined
  /** Holds a few extreme values at the edge, so that the rest can be read; the header says so. */
  readonly clip?: boolean | undefined
}

export interface LineChartModel {
  readonly series: readonly LineSeries[]
  readonly x: XAxis
  readonly y: YAxis
  /** Weight of the past in the exponential moving average, 0 (none) to below 1. */
  readonly smoothing: number
  /** A horizontal dashed line with its name: the baseline's value. */
  readonly reference?: { readonly y: number; readonly label: string } | undefined
}

/** Columns of plain points. Values that are not finite become marks; x must ascend. */
export const columnsOfPoints = (x: ArrayLike<number>, y: ArrayLike<number>): SeriesColumns => {
  const count = Math.min(x.length, y.length)
  const xs = new Float64Array(count)
  const values = new Float64Array(count)
  const odd: [number, number][] = []
  for (let at = 0; at < count; at++) {
    const value = y[at] ?? Number.NaN
    xs[at] = x[at] ?? Number.NaN
    values[at] = Number.isFinite(value) ? value : Number.NaN
    if (!Number.isFinite(value)) odd.push([xs[at] ?? 0, Number.isNaN(value) ? 0 : Math.sign(value)])
  }
  return {
    x: xs,
    first: values,
    min: values,
    max: values,
    last: values,
    oddX: Float64Array.from(odd, ([at]) => at),
    oddKind: Float64Array.from(odd, ([, kind]) => kind),
    exact: true,
  }
}
