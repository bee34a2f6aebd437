import type { ReadDb } from '#electron/db/connection.ts'
import { isWorthDense, type NumberCells, sparseCells, type StoredNumbers } from '../number-column.ts'
import { SEGMENT } from '../stored-cells.ts'
import type { StoredTexts } from '../text-column.ts'
import { type NumberCell, unpackNumbers } from './number-segment.ts'
import { damaged, type Segment, segmentOf, segmentsOf } from './queries.ts'
import { isNumericSegment, openTexts, type TextSegment } from './text-segment.ts'

/** What of the stored cells counts. */
export type Valid = {
  /** Rows from this one on were never stored as a whole. */
  readonly length: number
  /** Rows whose stored cells are behind. */
  readonly stale: ReadonlySet<number>
}

/** Place to unpack into, passed from one column to the next for as long as none keeps it. */
export type Scratch = { place: NumberCell | undefined }

/** Of so many segments cells are read one by one; whoever asks for more reads the column. */
const PEEKED = 2

/** A stored column of numbers. Both functions throw `corrupt`. */
export function storedNumbers(db: ReadDb, column: number, { length, stale }: Valid, scratch: Scratch): StoredNumbers {
  const opened = new Map<number, NumberCell | null>()
  return {
    peek(row) {
      if (row >= length || stale.has(row)) return null
      const segment = Math.floor(row / SEGMENT)
      let cells = opened.get(segment)
      if (cells === undefined) {
        if (opened.size === PEEKED) return undefined
        cells = openNumbers(db, column, segment)
        opened.set(segment, cells)
      }
      const at = row - segment * SEGMENT
      return cells?.present[at] === 1 ? (cells.values[at] ?? null) : null
    },
    read(capacity): NumberCells {
      const place = scratch.place?.values.length === capacity ? scratch.place : emptyPlace(capacity)
      scratch.place = undefined
      const read: number[] = []
      let count = 0
      for (const { segment, body } of segmentsOf(db, column)) {
        const from = segment * SEGMENT
        if (from >= length) continue
        const found = unpackNumbers(body, place, from, Math.min(length, from + SEGMENT))
        if (found === undefined) throw damaged(column, segment)
        read.push(segment)
        count += found
      }
      for (const row of stale) {
        if (place.present[row] !== 1) continue
        place.present[row] = 0
        count--
      }
      if (isWorthDense(count, capacity)) {
        // Filling all of a new array first would cost as much as reading it.
        place.values.fill(Number.NaN, length)
        if (count < length)
          for (let row = 0; row < length; row++) if (place.present[row] === 0) place.values[row] = Number.NaN
        return { sparse: null, ...place, view: undefined }
      }
      const sparse = new Map<number, number>()
      for (const segment of read) {
        const [from, to] = [segment * SEGMENT, Math.min(length, (segment + 1) * SEGMENT)]
        for (let row = from; row < to; row++)
          if (place.present[row] === 1) sparse.set(row, place.values[row] ?? Number.NaN)
        place.present.fill(0, from, to)
      }
      scratch.place = place
      return sparseCells(sparse)
    },
  }
}

function openNumbers(db: ReadDb, column: number, segment: number): NumberCell | null {
  const found = segmentOf(db, column, segment)
  if (found === undefined) return null
  const cells = emptyPlace(SEGMENT)
  if (unpackNumbers(found.body, cells, 0, SEGMENT) === undefined) throw damaged(column, segment)
  return cells
}

function emptyPlace(capacity: number): NumberCell {
  return { values: new Float64Array(capacity), present: new Uint8Array(capacity) }
}

/** The text of one row as its own table says. */
export type RowText = (row: number) => string | null

/** So many rows are asked for one by one before a column is read: a page of scattered rows lies in all of its segments. */
const ONE_BY_ONE = 256

/** A stored column of texts, of which only the segments are read that are asked for. Its functions throw `corrupt`. */
export function storedTexts(
  db: ReadDb,
  column: number,
  { length, stale }: Valid,
  rowText: RowText | undefined,
): StoredTexts {
  let asked = 0
  let all: readonly Segment[] | undefined
  const opened = new Map<number, TextSegment | null>()
  const bodies = (): readonly Segment[] => (all ??= segmentsOf(db, column))
  const open = ({ segment, body }: Segment): TextSegment => {
    const known = opened.get(segment)
    if (known !== undefined && known !== null) return known
    const texts = openTexts(body)
    if (texts === undefined) throw damaged(column, segment)
    opened.set(segment, texts)
    return texts
  }
  const segmentAt = (segment: number): TextSegment | null => {
    const known = opened.get(segment)
    if (known !== undefined) return known
    const found = all === undefined ? segmentOf(db, column, segment) : all.find((other) => other.segment === segment)
    if (found !== undefined) return open(found)
    opened.set(segment, null)
    return null
  }
  return {
    stale,
    textAt(row) {
      if (row >= length || stale.has(row)) return null
      const segment = Math.floor(row / SEGMENT)
      if (rowText !== undefined && !opened.has(segment) && asked++ < ONE_BY_ONE) return rowText(row)
      const texts = segmentAt(segment)
      const code = texts?.codes[row - segment * SEGMENT] ?? 0
      return code === 0 ? null : (texts?.entry(code) ?? null)
    },
    isNumeric: () => bodies().every(({ body }) => isNumericSegment(body)),
    segments: () =>
      bodies().flatMap((body) => {
        const { codes, entries, entry } = open(body)
        const from = body.segment * SEGMENT
        return from >= length ? [] : [{ from, codes: codes.subarray(0, length - from), entries, entry }]
      }),
  }
}
