/**
 * Numbers by row. Presence is apart, so that a NaN that was logged is not taken for a gap. A project may have thousands of metrics that
 * few runs have: a column takes room for all rows only once a good part of them has a value.
 */
export type NumberColumn = {
  /** Row to value while few rows have one; null once the column is dense. */
  sparse: Map<number, number> | null
  values: Float64Array
  /** 1 where the row has a value. */
  present: Uint8Array
  capacity: number
  /** Grows with each change of a cell. */
  version: number
  /** The sparse column written out, for as long as it is of this version. */
  view: (DenseNumbers & { readonly version: number }) | undefined
}

export type DenseNumbers = { readonly values: Float64Array; readonly present: Uint8Array }

/** A column is dense beyond this many values, and beyond this share of its rows. */
const FEW = 32
const SHARE = 1 / 16

/** An empty column for `capacity` rows. */
export function createNumberColumn(capacity: number): NumberColumn {
  return {
    sparse: new Map(),
    values: new Float64Array(0),
    present: new Uint8Array(0),
    capacity,
    version: 0,
    view: undefined,
  }
}

/** A column of arrays that are made already. */
export function denseColumn(values: Float64Array, present: Uint8Array): NumberColumn {
  return { sparse: null, values, present, capacity: values.length, version: 0, view: undefined }
}

/** True when `count` cells of `capacity` are worth room for all of them. */
export function isWorthDense(count: number, capacity: number): boolean {
  return count > FEW && count > capacity * SHARE
}

/** Sets a cell; null takes the value away. */
export function setNumber(column: NumberColumn, row: number, value: number | null): void {
  column.version++
  column.view = undefined
  if (column.sparse === null) {
    column.values[row] = value ?? Number.NaN
    column.present[row] = value === null ? 0 : 1
    return
  }
  if (value === null) column.sparse.delete(row)
  else column.sparse.set(row, value)
  if (!isWorthDense(column.sparse.size, column.capacity)) return
  const { values, present } = writtenOut(column.sparse, column.capacity)
  column.values = values
  column.present = present
  column.sparse = null
}

/** The cell's value; null where there is none. */
export function numberAt(column: NumberColumn, row: number): number | null {
  if (column.sparse !== null) return column.sparse.get(row) ?? null
  return column.present[row] === 1 ? (column.values[row] ?? null) : null
}

/** The column as arrays, for work on many rows. Not to be changed. */
export function denseNumbers(column: NumberColumn): DenseNumbers {
  if (column.sparse === null) return column
  if (column.view?.version !== column.version) {
    column.view = { ...writtenOut(column.sparse, column.capacity), version: column.version }
  }
  return column.view
}

export function growNumbers(column: NumberColumn, capacity: number): void {
  column.capacity = capacity
  column.view = undefined
  if (column.sparse !== null) return
  const values = new Float64Array(capacity).fill(Number.NaN)
  values.set(column.values)
  const present = new Uint8Array(capacity)
  present.set(column.present)
  column.values = values
  column.present = present
}

function writtenOut(sparse: ReadonlyMap<number, number>, capacity: number): DenseNumbers {
  const values = new Float64Array(capacity).fill(Number.NaN)
  const present = new Uint8Array(capacity)
  for (const [row, value] of sparse) {
    values[row] = value
    present[row] = 1
  }
  return { values, present }
}
