import { parseNumber } from '#shared/domain/filter/parse-value.ts'
import type { Ranking } from './ranking.ts'

/** Texts by row, each distinct one kept once. */
export type TextColumn = {
  /** Index into the dictionary; -1 where the row has no value. */
  codes: Int32Array
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
    codes: new Int32Array(capacity).fill(ABSENT),
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
  const before = column.codes[row] ?? ABSENT
  const code = text === null ? ABSENT : codeOf(column, text)
  if (before === code) return
  if (before !== ABSENT) column.uses[before] = (column.uses[before] ?? 1) - 1
  if (code !== ABSENT) column.uses[code] = (column.uses[code] ?? 0) + 1
  column.codes[row] = code
  column.version++
}

export function textAt(column: TextColumn, row: number): string | null {
  return column.dictionary[column.codes[row] ?? ABSENT] ?? null
}

export function growTexts(column: TextColumn, capacity: number): void {
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
