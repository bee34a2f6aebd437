import type { GridRows, SelectionChange } from './model.ts'

/**
 * The selection after a change. Rows that are not loaded have no id yet and stay out of ranges and "all": a screen
 * with pages asks its source for those ids.
 */
export const applySelection = (
  selected: ReadonlySet<string>,
  change: SelectionChange,
  rows: Pick<GridRows<unknown>, 'count' | 'row'>,
): ReadonlySet<string> => {
  const idsOf = (from: number, to: number): readonly string[] => {
    const ids: string[] = []
    for (let index = Math.max(0, from); index <= Math.min(to, rows.count - 1); index++) {
      const row = rows.row(index)
      if (row !== undefined) ids.push(row.id)
    }
    return ids
  }
  switch (change.kind) {
    case 'toggle': {
      const next = new Set(selected)
      if (!next.delete(change.id)) next.add(change.id)
      return next
    }
    case 'range':
      return new Set([...selected, ...idsOf(Math.min(change.from, change.to), Math.max(change.from, change.to))])
    case 'all':
      return new Set(idsOf(0, rows.count - 1))
    case 'none':
      return new Set()
  }
}
