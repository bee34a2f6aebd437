import type { SeriesOrigin } from '#shared/contract/common.ts'

declare const seriesBrand: unique symbol

/** A series' number in its project's database; never given twice. */
export type SeriesId = number & { readonly [seriesBrand]: true }

/**
 * By how much steps and times are more than the doubles that stand for them: -512 to 512 beyond 2^53, where doubles don't hold every whole number,
 * and 0 before it. Columns without it are exact as they are.
 */
export type Rests = { readonly step: Int16Array; readonly time: Int16Array }

/** Points of any series in any order, as columns of one length. Copied when appended. */
export type PointBatch = {
  readonly series: Uint32Array
  /** Finite; whole numbers pack best. */
  readonly step: Float64Array
  /** Milliseconds since 1970, finite. */
  readonly time: Float64Array
  /** NaN and infinities are kept. */
  readonly value: Float64Array
  readonly rest?: Rests
}

/** Points of one series, sorted by step, then time, then value (NaN last); none twice. */
export type SeriesColumns = {
  readonly step: Float64Array
  readonly time: Float64Array
  readonly value: Float64Array
  readonly rest?: Rests
}

/** Some points of a series, one after the other in its order, and what times lie before them and after them. */
export type SeriesStretch = {
  readonly points: SeriesColumns
  /** Of any point before these; -Infinity where there is none. */
  readonly latestBefore: number
  /** Of any point after these; Infinity where there is none. */
  readonly earliestAfter: number
  /** Nothing comes after these. */
  readonly ended: boolean
}

export type LevelView = {
  readonly axis: 'step' | 'time'
  /** Bounds on the axis, both included, `from` not above `to`; infinite means "to the end". */
  readonly from: number
  readonly to: number
  /** Width of the chart in pixels. */
  readonly width: number
}

/**
 * A series as a chart of a given width draws it. Bucket i starts at `x[i]` and holds `count[i]` finite points with the given first,
 * smallest, largest and last value. When `exact`, every point of the view is a bucket of its own (at most two a pixel) and the
 * four value columns are one and the same; otherwise there is at most one bucket a pixel, extremes are exact, and a bucket's
 * edges are right to half a pixel. The nearest finite point outside on either side is included where there is one, so that a line
 * that leaves the view is drawn.
 */
export type LevelColumns = {
  readonly x: Float64Array
  readonly first: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly last: Float64Array
  readonly count: Float64Array
  /** Where values are NaN (kind 0), +infinity (1) or -infinity (-1); at most one of a kind a pixel. */
  readonly oddX: Float64Array
  readonly oddKind: Float64Array
  readonly exact: boolean
}

/** What is known of a series without reading it. Minima and maxima are over finite values: null when there is none. */
export type SeriesSummary = {
  /** Distinct points. */
  readonly count: number
  /** The first point by step, then time, then value. */
  readonly first: number
  readonly firstStep: number
  readonly firstTime: number
  /** The latest point as MLflow has it: by step, then time, then value, NaN counting as 0. */
  readonly last: number
  readonly lastStep: number
  readonly lastTime: number
  readonly min: number | null
  readonly minStep: number | null
  readonly max: number | null
  readonly maxStep: number | null
  /** The earliest and the latest time of any point. */
  readonly startTime: number
  readonly endTime: number
}

export type SeriesInfo = {
  readonly id: SeriesId
  readonly run: number
  readonly key: string
  readonly origin: SeriesOrigin
  readonly summary: SeriesSummary
}

/** A key that so many runs have. */
export type SeriesKey = Pick<SeriesInfo, 'key' | 'origin'> & { readonly runs: number }

/** What the run table shows of a series. */
export type SeriesStanding = Pick<SeriesInfo, 'run' | 'key' | 'origin'> & Pick<SeriesSummary, 'last' | 'min' | 'max'>

/** The latest point of a series. */
export type SeriesLatest = Pick<SeriesInfo, 'run' | 'key'> & LatestPoint

/** `rest`: what its step and time are more than the doubles; none where they are exact. */
export type LatestPoint = Pick<SeriesSummary, 'last' | 'lastStep' | 'lastTime'> & {
  readonly rest?: { readonly step: number; readonly time: number }
}

export type MetricStoreStatistics = {
  /** Points and rows of the log that are not yet in chunks. */
  readonly logPoints: number
  readonly logRows: number
  /** Series with points in memory. */
  readonly liveSeries: number
  readonly compacting: boolean
  readonly slices: number
  readonly longestSliceMs: number
  /** Series whose compaction was planned beside the writer's thread, and on it. */
  readonly planned: { readonly beside: number; readonly here: number }
  /** Log rows and chunks that could not be read and were put aside. */
  readonly damaged: number
  /** Why the latest compaction failed; null when it did not. It is tried again. */
  readonly compactionProblem: string | null
}

/**
 * Keeps the metric points of a project. All reads see every acknowledged point, whether it is in the log or in chunks.
 * Methods that take a series throw `not_found` for one that is not there (any more).
 */
export type MetricStore = {
  /** The series' id; a new series is written with its first points. */
  readonly seriesFor: (run: number, key: string, origin: SeriesOrigin) => SeriesId
  /** The series' id if it has points. */
  readonly find: (run: number, key: string, origin: SeriesOrigin) => SeriesId | undefined
  /**
   * Resolves after the commit: all appends of one turn of the event loop are one transaction. Throws `invalid` (as a rejection)
   * for columns of different lengths, a step or time that is not finite; then nothing of the batch is written.
   */
  readonly append: (points: PointBatch) => Promise<void>
  /**
   * Writes at once, inside a queued write (`commits.enqueue`): the points live and die with that write. Throws what append rejects
   * with.
   */
  readonly write: (points: PointBatch) => void
  /** All points, or those with a step in [from, to]. */
  readonly series: (id: SeriesId, range?: { readonly from?: number; readonly to?: number }) => SeriesColumns
  /**
   * Points from a place on, at least `count` where there are so many: what that costs hangs on `count` alone, which makes pages of a series of any
   * length. See `SeriesStretch`.
   */
  readonly stretch: (
    id: SeriesId,
    options: { readonly from?: { readonly step: number; readonly time: number } | undefined; readonly count: number },
  ) => SeriesStretch
  /** Steps, ascending, between which `series` reads some ten thousand points each; the first and the last part are open. */
  readonly cuts: (id: SeriesId) => readonly number[]
  readonly level: (id: SeriesId, view: LevelView) => LevelColumns
  readonly summary: (id: SeriesId) => SeriesSummary
  readonly info: (id: SeriesId) => SeriesInfo
  /** Series of a run that have points, by key. */
  readonly list: (run: number) => readonly SeriesInfo[]
  /** The latest points of the logged series of many runs, by run and key, in one reading; those of one key where it is given. */
  readonly latest: (runs: readonly number[], key?: string) => readonly SeriesLatest[]
  /** The keys of series of the given runs that have points, in no order: at the cost of reading their names. */
  readonly keys: (runs: readonly number[]) => readonly SeriesKey[]
  /** How the series of all runs that have points stand, or those of the given runs: for the run table, so without counting points. */
  readonly standings: (runs?: readonly number[]) => Iterable<SeriesStanding>
  /** Those of series with points that are in the log only: all others stand as their rows in the database say. */
  readonly standingsInLog: () => Iterable<SeriesStanding>
  /** Gone at once; the space is given back in small portions afterwards. May be called inside a queued write. */
  readonly deleteRun: (run: number) => void
  readonly deleteSeries: (id: SeriesId) => void
  /** Hears of the series that have grown, after each commit. Returns the way to stop. */
  readonly onAppend: (listener: (series: readonly SeriesId[]) => void) => () => void
  /** Moves the whole log into chunks and removes what was deleted, in slices; resolves when done. */
  readonly compactNow: () => Promise<void>
  readonly statistics: () => MetricStoreStatistics
  /** Commits what is waiting and stops; the log's points are found again at the next opening. */
  readonly close: () => Promise<void>
}
