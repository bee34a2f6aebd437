import { ACTIVE, idAt } from './run-columns.ts'
import type { IndexState } from './index-state.ts'
import { valueColumn } from './index-state.ts'
import { numberAt } from './number-column.ts'
import { selectRows } from './select-rows.ts'
import { textAt, textNumberAt } from './text-column.ts'

export type Scatter = {
  readonly runs: readonly string[]
  readonly names: readonly string[]
  readonly numbers: readonly number[]
  readonly x: Float64Array<ArrayBuffer>
  readonly y: Float64Array<ArrayBuffer>
}

/** Two columns' numbers for every active run that the filter lets through, oldest first; NaN where a run has none or a text. */
export function scatterOf(state: IndexState, filter: string, x: string, y: string): Scatter {
  const { columns } = state
  const rows = selectRows(state, { filter, lifecycles: [ACTIVE] }).toReversed()
  return {
    runs: [...rows].map((row) => idAt(columns, row)),
    names: [...rows].map((row) => textAt(columns.texts.name, row) ?? ''),
    numbers: [...rows].map((row) => columns.numbers[row] ?? 0),
    x: numbersOf(state, rows, x),
    y: numbersOf(state, rows, y),
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
