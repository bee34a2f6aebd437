import type { Sort } from '#shared/contract/runs.ts'
import { cellReader } from './cells.ts'
import type { ValueColumn } from './filter-columns.ts'
import type { Group } from './groups.ts'
import { type IndexState, valueColumn } from './index-state.ts'
import { numberKeys, orderByKeys, rankKeys, type SortKey } from './radix-order.ts'
import { rankEntries } from './ranking.ts'
import { ABSENT, isNumeric, type TextColumn } from './text-column.ts'

/** Groups in the order of the given columns: numbers by their mean, texts by the one that comes first in that direction. */
export function sortGroups(state: IndexState, groups: readonly Group[], sort: readonly Sort[]): readonly Group[] {
  const keys = sort.flatMap(({ column, direction }) => {
    const found = valueColumn(state, column)
    return found === undefined ? [] : [keysOf(state, groups, column, found, direction === 'desc')]
  })
  if (keys.length === 0) return groups
  return [...orderByKeys(groups.length, keys)].flatMap((index) => groups[index] ?? [])
}

function keysOf(
  state: IndexState,
  groups: readonly Group[],
  id: string,
  found: ValueColumn,
  descending: boolean,
): SortKey {
  if (found.kind === 'text' && !(id.startsWith('param:') && isNumeric(found.column))) {
    return textKeys(groups, found.column, descending)
  }
  const reader = cellReader(state.columns, id, found)
  const values = new Float64Array(groups.length)
  const present = new Uint8Array(groups.length)
  groups.forEach(({ rows }, index) => {
    const cell = reader.ofGroup(rows)
    if (cell === null || typeof cell === 'string') return
    values[index] = typeof cell === 'number' ? cell : cell.mean
    present[index] = 1
  })
  return numberKeys(values, present, descending)
}

function textKeys(groups: readonly Group[], column: TextColumn, descending: boolean): SortKey {
  const ranking = rankEntries(column, column.ranking)
  column.ranking = ranking
  const ranks = new Uint32Array(groups.length)
  const present = new Uint8Array(groups.length)
  groups.forEach(({ rows }, index) => {
    for (const row of rows) {
      const code = column.codes[row] ?? ABSENT
      if (code === ABSENT) continue
      const rank = ranking.ranks[code] ?? 0
      const before = ranks[index] ?? 0
      if (present[index] === 0 || (descending ? isAfter(rank, before, ranking.odd) : rank < before)) ranks[index] = rank
      present[index] = 1
    }
  })
  return rankKeys(ranks, present, ranking.odd, descending)
}

/** `nan` is last in both directions, so it never leads a group that has anything else. */
function isAfter(rank: number, before: number, odd: number): boolean {
  if (before >= odd) return rank < odd
  return rank < odd && rank > before
}
