import type { ChangedCells } from '../changed-cells.ts'
import type { NumberColumn } from '../number-column.ts'
import { NUMBER_ATTRIBUTES, type RunColumns, TEXT_ATTRIBUTES } from '../run-columns.ts'
import type { TextColumn } from '../text-column.ts'

/** What a stored column is of; the kinds of a metric's columns are the names of its fields. */
export type ColumnKind =
  | 'number'
  | 'lifecycle'
  | 'text'
  | 'time'
  | 'experiment'
  | 'param'
  | 'tag'
  | 'last'
  | 'min'
  | 'max'
  | 'origin'

export const METRIC_FIELDS = ['last', 'min', 'max', 'origin'] as const

/** A column as it is stored: its name, its changes, and its cells. */
export type NamedColumn = {
  readonly kind: ColumnKind
  readonly key: string
  readonly changed: Set<number>
} & (
  | { readonly texts: TextColumn }
  | { readonly numbers: NumberColumn }
  /** Of the rows themselves: always awake, a number in each row. */
  | { readonly numberAt: (row: number) => number }
)

/** All columns of the table by the names under which they are stored. */
export function* namedColumns(columns: RunColumns): Generator<NamedColumn> {
  const { changed } = columns
  // One set says it of both: they are written together.
  yield { kind: 'number', key: '', changed, numberAt: (row) => columns.numbers[row] ?? 0 }
  yield { kind: 'lifecycle', key: '', changed, numberAt: (row) => columns.lifecycles[row] ?? 0 }
  for (const key of TEXT_ATTRIBUTES) yield textsOf('text', key, columns.texts[key])
  for (const key of NUMBER_ATTRIBUTES) yield numbersOf('time', key, columns.numeric[key])
  yield textsOf('experiment', '', columns.experiments)
  for (const [key, column] of columns.params) yield textsOf('param', key, column)
  for (const [key, column] of columns.tags) yield textsOf('tag', key, column)
  for (const [key, metric] of columns.metrics)
    for (const field of METRIC_FIELDS) yield numbersOf(field, key, metric[field])
}

function textsOf(kind: ColumnKind, key: string, texts: TextColumn & ChangedCells<string>): NamedColumn {
  return { kind, key, changed: texts.changed, texts }
}

function numbersOf(kind: ColumnKind, key: string, numbers: NumberColumn & ChangedCells<number>): NamedColumn {
  return { kind, key, changed: numbers.changed, numbers }
}
