import type { Aggregate, Entity } from './ast.ts'

/** Which rows have a value: 1 where there is one. Null says that all have. */
export type Presence = ArrayLike<number> | null

/** Metrics and counts; or, by kind, moments in epoch milliseconds and lengths of time in milliseconds. */
export interface NumberColumn {
  readonly kind: 'number' | 'time' | 'duration'
  readonly values: ArrayLike<number>
  readonly present: Presence
}

export interface BooleanColumn {
  readonly kind: 'boolean'
  /** 1 for true. */
  readonly values: ArrayLike<number>
  readonly present: Presence
}

/** Texts by dictionary: `codes[row]` is an index into it, and anything outside it (−1, 2^32−1) means "no value". */
export interface TextColumn {
  readonly kind: 'text'
  readonly codes: ArrayLike<number>
  readonly dictionary: readonly string[]
  /** Turns a compared value into the dictionary's spelling (`FINISHED` into `finished`). */
  readonly canonical?: (text: string) => string
}

/** Several texts a row, as of a run's datasets: those of row r are `codes[offsets[r]] .. codes[offsets[r + 1] − 1]`. */
export interface TextListColumn {
  readonly kind: 'texts'
  readonly offsets: ArrayLike<number>
  readonly codes: ArrayLike<number>
  readonly dictionary: readonly string[]
}

export type FilterColumn = NumberColumn | BooleanColumn | TextColumn | TextListColumn

/** The rows that a filter is asked about. */
export interface FilterColumns {
  /**
   * The column of a key, or undefined where no row has that key.
   *
   * Attributes are asked for by their own names (`started`, never `start_time`); `aggregate` is for metrics.
   */
  column(entity: Entity, name: string, aggregate: Aggregate): FilterColumn | undefined
  /** What a bare key belongs to. Without it: an attribute, else the first of metric, param and tag that has a column. */
  resolve?(name: string): Entity | undefined
}
