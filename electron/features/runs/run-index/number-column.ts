/** Numbers by row. Presence is apart, so that a NaN that was logged is not taken for a gap. */
export type NumberColumn = {
  values: Float64Array
  /** 1 where the row has a value. */
  present: Uint8Array
  /** Grows with each change of a cell. */
  version: number
}

/** An empty column for `capacity` rows. */
export function createNumberColumn(capacity: number): NumberColumn {
  return { values: new Float64Array(capacity).fill(Number.NaN), present: new Uint8Array(capacity), version: 0 }
}

/** Sets a cell; null takes the value away. */
export function setNumber(column: NumberColumn, row: number, value: number | null): void {
  column.values[row] = value ?? Number.NaN
  column.present[row] = value === null ? 0 : 1
  column.version++
}

export function growNumbers(column: NumberColumn, capacity: number): void {
  const values = new Float64Array(capacity).fill(Number.NaN)
  values.set(column.values)
  const present = new Uint8Array(capacity)
  present.set(column.present)
  column.values = values
  column.present = present
}
