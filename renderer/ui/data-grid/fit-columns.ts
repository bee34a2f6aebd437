import type { GridColumn } from './model.ts'

/**
 * Columns in the room there is, px: where they would need more, each gives of what it has beyond its `minimum`, all in the same proportion; what is left over
 * is the last one's. A column without a `minimum`, or that a person gave its width, keeps it. Nothing is made narrower than that: then the table scrolls to the side.
 */
export function fitColumns<Data>(columns: readonly GridColumn<Data>[], room: number): readonly GridColumn<Data>[] {
  if (room <= 0) return columns
  const over = columns.reduce((sum, { width }) => sum + width, 0) - room
  const spare = columns.reduce((sum, column) => sum + spareOf(column), 0)
  const share = over <= 0 || spare === 0 ? 0 : Math.min(1, over / spare)
  const fitted = columns.map((column) => ({ ...column, width: Math.floor(column.width - spareOf(column) * share) }))
  const last = fitted.at(-1)
  const left = room - fitted.reduce((sum, { width }) => sum + width, 0)
  if (last === undefined || last.sized === true || left <= 0) return fitted
  return fitted.with(-1, { ...last, width: last.width + left })
}

function spareOf<Data>({ width, minimum = width, sized }: GridColumn<Data>): number {
  return sized === true ? 0 : Math.max(0, width - minimum)
}
