import { ACTIVE, idAt, rowOf } from './run-columns.ts'
import type { IndexState } from './index-state.ts'
import { valueColumn } from './index-state.ts'
import { numberAt } from './number-column.ts'
import { selectRows } from './select-rows.ts'
import { textAt, textNumberAt } from './text-column.ts'

export type Scatter = {
  /** The runs' numbers. */
  readonly numbers: Float64Array<ArrayBuffer>
  readonly x: Float64Array<ArrayBuffer>
  readonly y: Float64Array<ArrayBuffer>
}

/** Two columns' numbers for every active run that the filter lets through, oldest first; NaN where a run has none or a text. */
export function scatterOf(state: IndexState, filter: string, x: string, y: string): Scatter {
  const { columns } = state
  const rows = selectRows(state, { filter, lifecycles: [ACTIVE] }).toReversed()
  return {
    numbers: Float64Array.from(rows, (row) => columns.numbers[row] ?? 0),
    x: numbersOf(state, rows, x),
    y: numbersOf(state, rows, y),
  }
}

export type NamedRuns = { readonly ids: readonly string[]; readonly names: readonly string[] }

/** Ids and names of runs by their numbers, in that order; both empty for a run that is gone. */
export function namedRuns({ columns }: IndexState, numbers: Float64Array): NamedRuns {
  const rows = Array.from(numbers, (number) => rowOf(columns, number))
  return {
    ids: rows.map((row) => (row === undefined ? '' : idAt(columns, row))),
    names: rows.map((row) => (row === undefined ? '' : (textAt(columns.texts.name, row) ?? ''))),
  }
}

function numbersOf(state: IndexState, rows: Uint32Array, id: string): Float64Array<ArrayBuffer> {
  const values = new Float64Array(rows.length).fill(Number.NaN)
  const found = valueColumn(state, id)
  if (found === undefined) return values
  rows.forEach((row, index) => {
    if (found.kind !== 'text') values[index] = numberAt(found.column, row) ?? Number.NaN
    else values[index] = textNumberAt(found.column, row) ?? Number.NaN
  })
  return values
}
