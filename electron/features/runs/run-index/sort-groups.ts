import type { Sort } from '#shared/contract/runs.ts'
import { cellReader } from './cells.ts'
import type { ValueColumn } from './filter-columns.ts'
import { type Groups, rowsOf } from './groups.ts'
import { type IndexState, valueColumn } from './index-state.ts'
import { numberKeys, orderByKeys, rankKeys, type SortKey } from './radix-order.ts'
import { rankTexts } from './ranking.ts'
import { ABSENT, codeAt, isNumeric, textCells, type TextColumn } from './text-column.ts'

/** The order of groups by the given columns: numbers by their mean, texts by the one that comes first in that direction. */
export function sortGroups(state: IndexState, groups: Groups, sort: readonly Sort[]): Uint32Array {
  const keys = sort.flatMap(({ column, direction }) => {
    const found = valueColumn(state, column)
    return found === undefined ? [] : [keysOf(state, groups, column, found, direction === 'desc')]
  })
  return orderByKeys(groups.count, keys)
}

function keysOf(state: IndexState, groups: Groups, id: string, found: ValueColumn, descending: boolean): SortKey {
  if (found.kind === 'text' && !(id.startsWith('param:') && isNumeric(found.column))) {
    return textKeys(groups, found.column, descending)
  }
  const reader = cellReader(state.columns, id, found)
  const values = new Float64Array(groups.count)
  const present = new Uint8Array(groups.count)
  for (let group = 0; group < groups.count; group++) {
    const cell = reader.ofGroup(rowsOf(groups, group))
    if (cell === null || typeof cell === 'string') continue
    values[group] = typeof cell === 'number' ? cell : cell.mean
    present[group] = 1
  }
  return numberKeys(values, present, descending)
}

function textKeys(groups: Groups, column: TextColumn, descending: boolean): SortKey {
  const ranking = rankTexts(textCells(column))
  const ranks = new Uint32Array(groups.count)
  const present = new Uint8Array(groups.count)
  for (let group = 0; group < groups.count; group++) {
    for (const row of rowsOf(groups, group)) {
      const code = codeAt(column, row)
      if (code === ABSENT) continue
      const rank = ranking.ranks[code] ?? 0
      const before = ranks[group] ?? 0
      if (present[group] === 0 || (descending ? isAfter(rank, before, ranking.odd) : rank < before)) ranks[group] = rank
      present[group] = 1
    }
  }
  return rankKeys(ranks, present, ranking.odd, descending)
}

/** `nan` is last in both directions, so it never leads a group that has anything else. */
function isAfter(rank: number, before: number, odd: number): boolean {
  if (before >= odd) return rank < odd
  return rank < odd && rank > before
}
