import type { Asleep } from './stored-cells.ts'
import { noteCell } from './changed-cells.ts'

/**
 * Numbers by row. Presence is apart, so that a NaN that was logged is not taken for a gap. A project may have thousands of metrics that
 * few runs have: a column takes room for all rows only once a good part of them has a value. One that was stored sleeps until it is read.
 */
export type NumberColumn = {
  /** Undefined while the column sleeps: ask numberCells. */
  cells: NumberCells | undefined
  asleep: Asleep<number, StoredNumbers> | undefined
  capacity: number
  /** Grows with each change of a cell. */
  version: number
  readonly changed: Set<number>
  before: Map<number, number | null> | null
}

export type NumberCells = {
  /** Row to value while few rows have one; null once the column is dense. */
  sparse: Map<number, number> | null
  values: Float64Array
  /** 1 where the row has a value. */
  present: Uint8Array
  /** The sparse column written out, for as long as it is of this version. */
  view: (DenseNumbers & { readonly version: number }) | undefined
}

export type DenseNumbers = { readonly values: Float64Array; readonly present: Uint8Array }

/** The cells as they are stored. Both throw `corrupt` for what cannot be read. */
export type StoredNumbers = {
  readonly read: (capacity: number) => NumberCells
  /** The cell of one row, null where there is none; undefined when so many are asked for that the column should be read. */
  readonly peek: (row: number) => number | null | undefined
}

/** A column is dense beyond this many values, and beyond this share of its rows. */
const FEW = 32
const SHARE = 1 / 16

/** An empty column for `capacity` rows. */
export function createNumberColumn(capacity: number): NumberColumn {
  return columnOf(capacity, sparseCells(new Map()))
}

/** A column of arrays that are made already. */
export function denseColumn(values: Float64Array, present: Uint8Array): NumberColumn {
  return columnOf(values.length, { sparse: null, values, present, view: undefined })
}

/** A column whose cells are read when they are first asked for. */
export function sleepingNumbers(capacity: number, stored: StoredNumbers): NumberColumn {
  return { ...columnOf(capacity, undefined), asleep: { stored, pending: new Map() } }
}

function columnOf(capacity: number, cells: NumberCells | undefined): NumberColumn {
  return { cells, asleep: undefined, capacity, version: 0, changed: new Set(), before: null }
}

export function sparseCells(sparse: Map<number, number>): NumberCells {
  return { sparse, values: new Float64Array(0), present: new Uint8Array(0), view: undefined }
}

/** True when `count` cells of `capacity` are worth room for all of them. */
export function isWorthDense(count: number, capacity: number): boolean {
  return count > FEW && count > capacity * SHARE
}

/** The cells; wakes a column that sleeps. */
export function numberCells(column: NumberColumn): NumberCells {
  if (column.cells !== undefined) return column.cells
  const { asleep } = column
  const cells = asleep?.stored.read(column.capacity) ?? sparseCells(new Map())
  for (const [row, value] of asleep?.pending ?? []) put(cells, column.capacity, row, value)
  column.asleep = undefined
  column.cells = cells
  return cells
}

/** Sets a cell; null takes the value away. */
export function setNumber(column: NumberColumn, row: number, value: number | null): void {
  if (column.asleep !== undefined) {
    column.asleep.pending.set(row, value)
    noteCell(column, row, null)
    column.before = null
    return
  }
  const cells = numberCells(column)
  const before = valueAt(cells, row)
  if (Object.is(before, value)) return
  noteCell(column, row, before)
  cells.view = undefined
  put(cells, column.capacity, row, value)
}

function put(cells: NumberCells, capacity: number, row: number, value: number | null): void {
  if (cells.sparse === null) {
    cells.values[row] = value ?? Number.NaN
    cells.present[row] = value === null ? 0 : 1
    return
  }
  if (value === null) cells.sparse.delete(row)
  else cells.sparse.set(row, value)
  if (!isWorthDense(cells.sparse.size, capacity)) return
  Object.assign(cells, writtenOut(cells.sparse, capacity))
  cells.sparse = null
}

/** The cell's value; null where there is none. A column that sleeps stays asleep for the cells of a few places. */
export function numberAt(column: NumberColumn, row: number): number | null {
  const { asleep } = column
  const known = asleep === undefined ? undefined : (asleep.pending.get(row) ?? peeked(asleep, row))
  return known === undefined ? valueAt(numberCells(column), row) : known
}

function peeked({ stored, pending }: Asleep<number, StoredNumbers>, row: number): number | null | undefined {
  return pending.has(row) ? null : stored.peek(row)
}

function valueAt({ sparse, values, present }: NumberCells, row: number): number | null {
  if (sparse !== null) return sparse.get(row) ?? null
  return present[row] === 1 ? (values[row] ?? null) : null
}

/** The column as arrays, for work on many rows. Not to be changed. */
export function denseNumbers(column: NumberColumn): DenseNumbers {
  const cells = numberCells(column)
  if (cells.sparse === null) return cells
  if (cells.view?.version !== column.version) {
    cells.view = { ...writtenOut(cells.sparse, column.capacity), version: column.version }
  }
  return cells.view
}

export function growNumbers(column: NumberColumn, capacity: number): void {
  column.capacity = capacity
  const { cells } = column
  if (cells === undefined) return
  cells.view = undefined
  if (cells.sparse !== null) return
  const values = new Float64Array(capacity).fill(Number.NaN)
  values.set(cells.values)
  const present = new Uint8Array(capacity)
  present.set(cells.present)
  cells.values = values
  cells.present = present
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
