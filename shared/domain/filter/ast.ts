/** A stretch of the filter's text: UTF-16 offsets, `to` exclusive. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What a key belongs to; a key written without it is resolved against the columns when the filter is compiled. */
export type Entity = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset'

/** Which number of a metric's series a clause means; without one it is the last. */
export type Aggregate = 'last' | 'min' | 'max' | 'best'

export const AGGREGATES: readonly Aggregate[] = ['last', 'min', 'max', 'best']

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>='

export interface FilterKey {
  readonly entity: Entity | null
  readonly name: string
  readonly aggregate: Aggregate | null
  readonly span: Span
}

/** A point or stretch of time as it was written; `moments.ts` turns it into epoch milliseconds. */
export type Moment =
  | {
      readonly kind: 'calendar'
      readonly year: number
      readonly month: number
      readonly day: number
      readonly time: ClockTime | null
      /** Minutes east of UTC, where the text names a zone. */
      readonly zone: number | null
    }
  | { readonly kind: 'named'; readonly word: 'now' | 'today' | 'yesterday' }
  | { readonly kind: 'ago'; readonly milliseconds: number }

export interface ClockTime {
  readonly hour: number
  readonly minute: number
  readonly second: number | null
  readonly millisecond: number | null
}

/**
 * The right side of a clause. `text` is what was written, because a parameter or tag is compared by its text too.
 */
export type FilterValue =
  | { readonly kind: 'string'; readonly text: string; readonly span: Span }
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly text: string; readonly span: Span }
  | { readonly kind: 'duration'; readonly milliseconds: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'moment'; readonly moment: Moment; readonly text: string; readonly span: Span }

/** A parsed filter. `and` without terms matches everything: it is what an empty text parses to. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[]; readonly span: Span }
  | { readonly kind: 'not'; readonly term: Filter; readonly span: Span }
  | Clause

export type Clause =
  | {
      readonly kind: 'compare'
      readonly key: FilterKey
      readonly operator: ComparisonOperator
      readonly value: FilterValue
      readonly span: Span
    }
  | {
      readonly kind: 'like'
      readonly key: FilterKey
      readonly negated: boolean
      readonly ignoreCase: boolean
      readonly pattern: string
      readonly span: Span
    }
  | {
      readonly kind: 'in'
      readonly key: FilterKey
      readonly negated: boolean
      readonly values: readonly FilterValue[]
      readonly span: Span
    }
  | { readonly kind: 'exists'; readonly key: FilterKey; readonly negated: boolean; readonly span: Span }
  | { readonly kind: 'text'; readonly text: string; readonly span: Span }

/** What is wrong with a filter, where, and what could stand there instead. */
export interface FilterError extends Span {
  readonly message: string
  readonly expected: readonly string[]
}

/** All keys that a filter names, in the order of the text. */
export function keysOf(filter: Filter): readonly FilterKey[] {
  if ('terms' in filter) return filter.terms.flatMap(keysOf)
  if (filter.kind === 'not') return keysOf(filter.term)
  return filter.kind === 'text' ? [] : [filter.key]
}
