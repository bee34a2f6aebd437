import { parseNumber } from '#shared/domain/filter/parse-value.ts'
import { isWorthDense } from './number-column.ts'
import type { Ranking } from './ranking.ts'

/** Texts by row, each distinct one kept once. As a column of numbers, it takes room for all rows only once many have a text. */
export type TextColumn = {
  /** Row to code while few rows have one; null once the column is dense. */
  sparse: Map<number, number> | null
  /** Index into the dictionary; -1 where the row has no value. */
  codes: Int32Array
  capacity: number
  /** The sparse column written out, for as long as it is of this version. */
  view: { readonly version: number; readonly codes: Int32Array } | undefined
  readonly dictionary: string[]
  readonly lookup: Map<string, number>
  /** For each entry the number that it reads as; NaN for a text. */
  readonly numbers: number[]
  /** For each entry: 1 when it reads as a number (`nan` does). */
  readonly numeric: number[]
  /** For each entry, the rows that have it. */
  readonly uses: number[]
  /** The order of the entries, made when first sorted by. */
  ranking: Ranking | undefined
  version: number
}

export const ABSENT = -1

/** An empty column for `capacity` rows. */
export function createTextColumn(capacity: number): TextColumn {
  return {
    sparse: new Map(),
    codes: new Int32Array(0),
    capacity,
    view: undefined,
    dictionary: [],
    lookup: new Map(),
    numbers: [],
    numeric: [],
    uses: [],
    ranking: undefined,
    version: 0,
  }
}

/** The entry's code; a new text becomes an entry. */
export function codeOf(column: TextColumn, text: string): number {
  const known = column.lookup.get(text)
  if (known !== undefined) return known
  const code = column.dictionary.length
  const number = numberOf(text)
  column.dictionary.push(text)
  column.lookup.set(text, code)
  column.numbers.push(number ?? Number.NaN)
  column.numeric.push(number === undefined ? 0 : 1)
  column.uses.push(0)
  return code
}

/** Sets a cell; null takes the value away. */
export function setText(column: TextColumn, row: number, text: string | null): void {
  const before = codeAt(column, row)
  const code = text === null ? ABSENT : codeOf(column, text)
  if (before === code) return
  if (before !== ABSENT) column.uses[before] = (column.uses[before] ?? 1) - 1
  if (code !== ABSENT) column.uses[code] = (column.uses[code] ?? 0) + 1
  column.version++
  column.view = undefined
  if (column.sparse === null) {
    column.codes[row] = code
    return
  }
  if (code === ABSENT) column.sparse.delete(row)
  else column.sparse.set(row, code)
  if (!isWorthDense(column.sparse.size, column.capacity)) return
  column.codes = writtenOut(column.sparse, column.capacity)
  column.sparse = null
}

/** The cell's index into the dictionary; ABSENT where there is none. */
export function codeAt(column: TextColumn, row: number): number {
  return (column.sparse === null ? column.codes[row] : column.sparse.get(row)) ?? ABSENT
}

/** The column's codes as an array, for work on many rows. Not to be changed. */
export function denseCodes(column: TextColumn): Int32Array {
  if (column.sparse === null) return column.codes
  if (column.view?.version !== column.version) {
    column.view = { version: column.version, codes: writtenOut(column.sparse, column.capacity) }
  }
  return column.view.codes
}

function writtenOut(sparse: ReadonlyMap<number, number>, capacity: number): Int32Array {
  const codes = new Int32Array(capacity).fill(ABSENT)
  for (const [row, code] of sparse) codes[row] = code
  return codes
}

export function textAt(column: TextColumn, row: number): string | null {
  return column.dictionary[codeAt(column, row)] ?? null
}

export function growTexts(column: TextColumn, capacity: number): void {
  column.capacity = capacity
  column.view = undefined
  if (column.sparse !== null) return
  const codes = new Int32Array(capacity).fill(ABSENT)
  codes.set(column.codes)
  column.codes = codes
}

/** True when every text that a row has reads as a number: then the column sorts, draws and shows as numbers. */
export function isNumeric(column: TextColumn): boolean {
  let some = false
  for (let code = 0; code < column.uses.length; code++) {
    if ((column.uses[code] ?? 0) === 0) continue
    if (column.numeric[code] !== 1) return false
    some = true
  }
  return some
}

/** The number that a parameter's text means; undefined for a text, and for digits that a double would change (a hash, a 64-bit seed). */
export function numberOf(text: string): number | undefined {
  if (text.length > 40) return undefined
  const number = parseNumber(text.trim())
  if (number === undefined || !Number.isInteger(number) || Number.isSafeInteger(number)) return number
  return /^[+-]?\d+$/.test(text.trim()) ? undefined : number
}
