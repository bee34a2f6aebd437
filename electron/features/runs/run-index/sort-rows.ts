import type { Sort } from '#shared/contract/runs.ts'
import type { ValueColumn } from './filter-columns.ts'
import { type IndexState, valueColumn } from './index-state.ts'
import { denseNumbers } from './number-column.ts'
import { numberKeys, orderByKeys, rankKeys, type SortKey } from './radix-order.ts'
import { rankTexts } from './ranking.ts'
import { ABSENT, denseCodes, textCells } from './text-column.ts'

/** Rows in the order of the given columns; rows that are equal in all of them keep their order. */
export function sortRows(state: IndexState, rows: Uint32Array, sort: readonly Sort[]): Uint32Array {
  const keys = sort.flatMap(({ column, direction }) => {
    const found = valueColumn(state, column)
    return found === undefined ? [] : [keysOf(found, rows, direction === 'desc')]
  })
  if (keys.length === 0) return rows
  const order = orderByKeys(rows.length, keys)
  for (let index = 0; index < order.length; index++) order[index] = rows[order[index] ?? 0] ?? 0
  return order
}

function keysOf(found: ValueColumn, rows: Uint32Array, descending: boolean): SortKey {
  const { length } = rows
  const present = new Uint8Array(length)
  if (found.kind !== 'text') {
    const { values: all, present: has } = denseNumbers(found.column)
    const values = new Float64Array(length)
    for (let index = 0; index < length; index++) {
      const row = rows[index] ?? 0
      values[index] = all[row] ?? Number.NaN
      present[index] = has[row] ?? 0
    }
    return numberKeys(values, present, descending)
  }
  const { column } = found
  const ranking = rankTexts(textCells(column))
  const codes = denseCodes(column)
  const ranks = new Uint32Array(length)
  for (let index = 0; index < length; index++) {
    const code = codes[rows[index] ?? 0] ?? ABSENT
    if (code === ABSENT) continue
    ranks[index] = ranking.ranks[code] ?? 0
    present[index] = 1
  }
  return rankKeys(ranks, present, ranking.odd, descending)
}
