import type { ColumnSort, GridColumn } from './model.ts'

/**
 * The sort after a header was chosen: first direction, the other one, none. With `add` (Shift) the column becomes a
 * further key or turns in its place; without, it is the only one.
 */
export const nextSort = (
  sort: readonly ColumnSort[],
  column: Pick<GridColumn<never>, 'id' | 'firstSort'>,
  add: boolean,
): readonly ColumnSort[] => {
  const first = column.firstSort ?? 'asc'
  const now = sort.find((key) => key.column === column.id)
  const next: ColumnSort | undefined =
    now === undefined
      ? { column: column.id, direction: first }
      : now.direction === first
        ? { column: column.id, direction: first === 'asc' ? 'desc' : 'asc' }
        : undefined
  if (!add) return next === undefined ? [] : [next]
  if (now === undefined) return next === undefined ? sort : [...sort, next]
  return sort.flatMap((key) => (key.column === column.id ? (next === undefined ? [] : [next]) : [key]))
}
