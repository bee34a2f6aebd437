import { canonicalWhole, wholeOf } from '#shared/lib/whole-number.ts'
import type { Cell } from '#electron/db/foreign/connection.ts'

/** Text as it stands; numbers and bytes in its place are read as text. Null for nothing. */
export function textOf(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null
  return typeof cell === 'object' ? cell.toString('utf8') : String(cell)
}

/** Text, null also for an empty one. */
export function wordOf(cell: Cell | undefined): string | null {
  return textOf(cell) || null
}

/** A finite number, or null. */
export function numberOf(cell: Cell | undefined): number | null {
  if (cell === null || cell === undefined) return null
  const text = typeof cell === 'object' ? cell.toString('utf8').trim() : cell
  const number = text === '' ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : null
}

/** A whole number of at most 64 bits, a bigint where a double would round it; null for what is none. */
export function exactOf(cell: Cell | undefined): number | bigint | null {
  const exact = typeof cell === 'string' ? wholeOf(cell) : undefined
  const number = numberOf(cell)
  return exact ?? (number === null ? null : (canonicalWhole(Math.trunc(number)) ?? null))
}

/** The most milliseconds from 1970 that a date can hold, either way. */
const MOST_TIME = 8.64e15

/** Milliseconds since 1970; null for what is none. */
export function timeOf(cell: Cell | undefined): number | null {
  const number = numberOf(cell)
  return number === null || Math.abs(number) > MOST_TIME ? null : Math.trunc(number)
}

/** A metric's value: numbers, also those that are not finite; undefined for what is no number. SQLite keeps NaN as nothing. */
export function valueOf(cell: Cell | undefined): number | undefined {
  if (typeof cell === 'number') return cell
  if (cell === null || cell === undefined) return Number.NaN
  const text = (typeof cell === 'object' ? cell.toString('utf8') : cell).trim().toLowerCase()
  const named = /^([+-]?)(inf|infinity|nan)$/.exec(text)
  if (named !== null) return named[2] === 'nan' ? Number.NaN : named[1] === '-' ? -Infinity : Infinity
  const number = text === '' ? Number.NaN : Number(text)
  return Number.isNaN(number) ? undefined : number
}
