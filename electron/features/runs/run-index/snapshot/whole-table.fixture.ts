import { GONE, type RunColumns } from '../run-columns.ts'
import { numberAt } from '../number-column.ts'
import { textAt } from '../text-column.ts'
import { namedColumns } from './columns-by-name.ts'

/** Every cell of a table by run and column, however it is kept: two tables that say the same are deep-equal. */
export function wholeTable(columns: RunColumns): ReadonlyMap<number, Readonly<Record<string, string | number>>> {
  const found = new Map<number, Record<string, string | number>>()
  for (let row = 0; row < columns.length; row++) {
    if (columns.lifecycles[row] === GONE) continue
    const cells: Record<string, string | number> = {}
    for (const column of namedColumns(columns)) {
      const value =
        'texts' in column
          ? textAt(column.texts, row)
          : 'numbers' in column
            ? numberAt(column.numbers, row)
            : column.numberAt(row)
      if (value !== null) cells[`${column.kind} ${column.key}`] = value
    }
    found.set(columns.numbers[row] ?? 0, cells)
  }
  return found
}
