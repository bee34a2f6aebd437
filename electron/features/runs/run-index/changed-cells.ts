import { SEGMENT } from './stored-cells.ts'

/** What a column knows of its changes, for those who keep something that follows from it. */
export type ChangedCells<Value> = {
  /** Grows with each change of a cell. */
  version: number
  /** Segments with cells that were set since they were last stored. */
  readonly changed: Set<number>
  /** Cells as they were when the column was last described; null when that is not known. */
  before: Map<number, Value | null> | null
}

/** Beyond this many changed cells a column is described anew. */
const FEW = 512

/** Notes that a cell is about to change. */
export function noteCell<Value>(column: ChangedCells<Value>, row: number, before: Value | null): void {
  column.version++
  column.changed.add(Math.floor(row / SEGMENT))
  if (column.before === null || column.before.has(row)) return
  if (column.before.size >= FEW) column.before = null
  else column.before.set(row, before)
}
