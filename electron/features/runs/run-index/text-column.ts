import { parseNumber } from '#shared/domain/filter/parse-value.ts'
import { noteCell } from './changed-cells.ts'
import { isWorthDense } from './number-column.ts'
import type { Ranking } from './ranking.ts'
import type { Asleep } from './stored-cells.ts'

/**
 * Texts by row, each distinct one kept once. As a column of numbers, it takes room for all rows only once many have a text, and one that was stored
 * sleeps until more is asked for than the texts of a few rows.
 */
export type TextColumn = {
  /** Undefined while the column sleeps: ask textCells. */
  cells: TextCells | undefined
  asleep: Asleep<string, StoredTexts> | undefined
  capacity: number
  version: number
  readonly changed: Set<number>
  before: Map<number, string | null> | null
}

export type TextCells = {
  /** Row to code while few rows have one; null once the column is dense. */
  sparse: Map<number, number> | null
  /** Index into the dictionary; -1 where the row has no value. */
  codes: Int32Array
  /** The sparse column written out, for as long as it is of this version. */
  view: { readonly version: number; readonly codes: Int32Array } | undefined
  readonly dictionary: string[]
  readonly lookup: Map<string, number>
  /** For each entry, the rows that have it. */
  readonly uses: number[]
  readonly numbers: EntryNumbers
  /** The order of the entries, made when first sorted by. */
  ranking: Ranking | undefined
}

/** What the entries read as, as far as that was asked for: see entryNumbers. */
export type EntryNumbers = {
  /** For each entry the number that it reads as; NaN for a text. */
  readonly numbers: number[]
  /** For each entry: 1 when it reads as a number (`nan` does). */
  readonly numeric: number[]
}

/** The cells as they are stored. All throw `corrupt` for what cannot be read. */
export type StoredTexts = {
  /** The text of one row; null where there is none. */
  readonly textAt: (row: number) => string | null
  /** True when all stored texts read as numbers. */
  readonly isNumeric: () => boolean
  readonly segments: () => readonly TextSegmentCells[]
  /** Rows whose stored cell does not count. */
  readonly stale: ReadonlySet<number>
}

/** Cells from row `from` on: 0 for none, otherwise the number of one of this segment's entries, from 1 on. */
export type TextSegmentCells = {
  readonly from: number
  readonly codes: Uint16Array
  readonly entries: number
  readonly entry: (code: number) => string
}

export const ABSENT = -1

/** An empty column for `capacity` rows. */
export function createTextColumn(capacity: number): TextColumn {
  return { cells: emptyCells(), asleep: undefined, capacity, version: 0, changed: new Set(), before: null }
}

/** A column whose cells are read when they are first asked for. */
export function sleepingTexts(capacity: number, stored: StoredTexts): TextColumn {
  return { ...createTextColumn(capacity), cells: undefined, asleep: { stored, pending: new Map() } }
}

function emptyCells(): TextCells {
  return {
    sparse: new Map(),
    codes: new Int32Array(0),
    view: undefined,
    dictionary: [],
    lookup: new Map(),
    uses: [],
    numbers: { numbers: [], numeric: [] },
    ranking: undefined,
  }
}

/** The cells; wakes a column that sleeps. */
export function textCells(column: TextColumn): TextCells {
  if (column.cells !== undefined) return column.cells
  const { asleep, capacity } = column
  const cells = asleep === undefined ? emptyCells() : readTexts(asleep, capacity)
  column.asleep = undefined
  column.cells = cells
  return cells
}

function readTexts({ stored, pending }: Asleep<string, StoredTexts>, capacity: number): TextCells {
  const cells = emptyCells()
  const segments = stored.segments()
  const most = segments.reduce((sum, { codes }) => sum + codes.length, 0)
  if (isWorthDense(most, capacity)) {
    cells.sparse = null
    cells.codes = new Int32Array(capacity).fill(ABSENT)
  }
  for (const segment of segments) readSegment(cells, segment)
  for (const row of stored.stale) put(cells, capacity, row, codeIn(cells, row), ABSENT)
  for (const [row, text] of pending)
    put(cells, capacity, row, codeIn(cells, row), text === null ? ABSENT : codeOf(cells, text))
  return cells
}

/** Looks each entry up once, so that a row costs no more than copying a number. */
function readSegment(cells: TextCells, { from, codes, entries, entry }: TextSegmentCells): void {
  const { sparse, codes: into, uses } = cells
  const here = new Int32Array(entries + 1).fill(ABSENT)
  const counts = new Int32Array(entries + 1)
  for (let code = 1; code <= entries; code++) here[code] = codeOf(cells, entry(code))
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] as number
    counts[code] = (counts[code] as number) + 1
    if (sparse === null) into[from + index] = here[code] as number
    else if (code !== 0) sparse.set(from + index, here[code] as number)
  }
  for (let code = 1; code <= entries; code++) {
    const known = here[code] as number
    uses[known] = (uses[known] ?? 0) + (counts[code] as number)
  }
}

/** The entry's code; a new text becomes an entry. */
function codeOf({ lookup, dictionary, uses }: TextCells, text: string): number {
  const known = lookup.get(text)
  if (known !== undefined) return known
  const code = dictionary.length
  dictionary.push(text)
  lookup.set(text, code)
  uses.push(0)
  return code
}

/** Sets a cell; null takes the value away. */
export function setText(column: TextColumn, row: number, text: string | null): void {
  if (column.asleep !== undefined) {
    const before = textAt(column, row)
    if (before === text) return
    noteCell(column, row, before)
    column.asleep.pending.set(row, text)
    return
  }
  const cells = textCells(column)
  const before = codeIn(cells, row)
  const code = text === null ? ABSENT : codeOf(cells, text)
  if (before === code) return
  noteCell(column, row, cells.dictionary[before] ?? null)
  cells.view = undefined
  put(cells, column.capacity, row, before, code)
}

function put(cells: TextCells, capacity: number, row: number, before: number, code: number): void {
  const { uses } = cells
  if (before !== ABSENT) uses[before] = (uses[before] ?? 1) - 1
  if (code !== ABSENT) uses[code] = (uses[code] ?? 0) + 1
  if (cells.sparse === null) {
    cells.codes[row] = code
    return
  }
  if (code === ABSENT) cells.sparse.delete(row)
  else cells.sparse.set(row, code)
  if (!isWorthDense(cells.sparse.size, capacity)) return
  cells.codes = writtenOut(cells.sparse, capacity)
  cells.sparse = null
}

/** The cell's index into the dictionary; ABSENT where there is none. */
export function codeAt(column: TextColumn, row: number): number {
  return codeIn(textCells(column), row)
}

function codeIn({ sparse, codes }: TextCells, row: number): number {
  return (sparse === null ? codes[row] : sparse.get(row)) ?? ABSENT
}

/** The column's codes as an array, for work on many rows. Not to be changed. */
export function denseCodes(column: TextColumn): Int32Array {
  const cells = textCells(column)
  if (cells.sparse === null) return cells.codes
  if (cells.view?.version !== column.version) {
    cells.view = { version: column.version, codes: writtenOut(cells.sparse, column.capacity) }
  }
  return cells.view.codes
}

function writtenOut(sparse: ReadonlyMap<number, number>, capacity: number): Int32Array {
  const codes = new Int32Array(capacity).fill(ABSENT)
  for (const [row, code] of sparse) codes[row] = code
  return codes
}

/** The cell's text; null where there is none. A column that sleeps stays asleep. */
export function textAt(column: TextColumn, row: number): string | null {
  const { asleep, cells } = column
  if (cells !== undefined) return cells.dictionary[codeIn(cells, row)] ?? null
  const pending = asleep?.pending.get(row)
  return pending === undefined ? (asleep?.stored.textAt(row) ?? null) : pending
}

export function growTexts(column: TextColumn, capacity: number): void {
  column.capacity = capacity
  const { cells } = column
  if (cells === undefined) return
  cells.view = undefined
  if (cells.sparse !== null) return
  const codes = new Int32Array(capacity).fill(ABSENT)
  codes.set(cells.codes)
  cells.codes = codes
}

/** What each entry reads as. Only as far as there are entries: a column that is never asked costs nothing. */
export function entryNumbers({ dictionary, numbers: { numbers, numeric } }: TextCells): EntryNumbers {
  for (let code = numbers.length; code < dictionary.length; code++) {
    const number = numberOf(dictionary[code] ?? '')
    numbers.push(number ?? Number.NaN)
    numeric.push(number === undefined ? 0 : 1)
  }
  return { numbers, numeric }
}

/** The number that a cell's text reads as, NaN for any other text; null where there is none. A column that sleeps stays asleep. */
export function textNumberAt(column: TextColumn, row: number): number | null {
  if (column.cells !== undefined) {
    const code = codeIn(column.cells, row)
    return code === ABSENT ? null : (entryNumbers(column.cells).numbers[code] ?? null)
  }
  const text = textAt(column, row)
  return text === null ? null : (numberOf(text) ?? Number.NaN)
}

/** True when every text that a row has reads as a number: then the column sorts, draws and shows as numbers. */
export function isNumeric(column: TextColumn): boolean {
  const { asleep } = column
  if (asleep !== undefined && asleep.stored.isNumeric()) {
    const set = [...asleep.pending.values()].filter((text) => text !== null)
    if (asleep.pending.size === 0 || set.length > 0) return set.every((text) => numberOf(text) !== undefined)
  }
  const cells = textCells(column)
  const { numeric } = entryNumbers(cells)
  let some = false
  for (let code = 0; code < cells.uses.length; code++) {
    if ((cells.uses[code] ?? 0) === 0) continue
    if (numeric[code] !== 1) return false
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
