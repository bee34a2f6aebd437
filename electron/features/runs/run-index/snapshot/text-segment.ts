/**
 * A segment of a column of texts in bytes: 16 bytes of head (flags, 0, 0, 0, rows, entries, bytes of text), the length of each entry in UTF-16 units
 * (4 bytes each), the code of each row (2 bytes, entry + 1, 0 for none), and the entries one after the other in UTF-8. Each segment has its own entries, so
 * that it can be read without any other.
 */
export type TextSegment = {
  readonly rows: number
  readonly entries: number
  /** The entry's number of each row, from 1 on; 0 where there is none. */
  readonly codes: Uint16Array
  readonly entry: (code: number) => string
}

const NUMERIC = 1
const HEAD = 16

/** Packs `rows` cells, at most 65,535; undefined when none has a text. */
export function packTexts(
  cellAt: (index: number) => string | null,
  rows: number,
  isNumeric: (text: string) => boolean,
): Uint8Array | undefined {
  const lookup = new Map<string, number>()
  const codes = new Uint16Array(rows)
  for (let index = 0; index < rows; index++) {
    const text = cellAt(index)
    if (text === null) continue
    let code = lookup.get(text)
    if (code === undefined) {
      code = lookup.size + 1
      lookup.set(text, code)
    }
    codes[index] = code
  }
  if (lookup.size === 0) return undefined
  const entries = [...lookup.keys()]
  const text = Buffer.from(entries.join(''))
  const lengths = Uint32Array.from(entries, (entry) => entry.length)
  const bytes = new Uint8Array(HEAD + lengths.byteLength + codes.byteLength + text.length)
  const head = new DataView(bytes.buffer)
  bytes[0] = entries.every(isNumeric) ? NUMERIC : 0
  head.setUint32(4, rows, true)
  head.setUint32(8, entries.length, true)
  head.setUint32(12, text.length, true)
  bytes.set(new Uint8Array(lengths.buffer), HEAD)
  bytes.set(new Uint8Array(codes.buffer), HEAD + lengths.byteLength)
  bytes.set(text, bytes.length - text.length)
  return bytes
}

/** True when all entries of a segment read as numbers. */
export function isNumericSegment(bytes: Uint8Array): boolean {
  return bytes[0] === NUMERIC
}

/** Opens a segment; undefined for bytes that are none. Entries become texts as they are asked for. */
export function openTexts(given: Uint8Array): TextSegment | undefined {
  if (given.length < HEAD) return undefined
  // Arrays of words begin at a multiple of 4; a piece of a larger buffer may not.
  const bytes = given.byteOffset % 4 === 0 ? given : given.slice()
  const head = new DataView(bytes.buffer, bytes.byteOffset, HEAD)
  const [rows, entries, size] = [head.getUint32(4, true), head.getUint32(8, true), head.getUint32(12, true)]
  if (bytes.length !== HEAD + entries * 4 + rows * 2 + size) return undefined
  const lengths = new Uint32Array(bytes.buffer, bytes.byteOffset + HEAD, entries)
  const codes = new Uint16Array(bytes.buffer, bytes.byteOffset + HEAD + entries * 4, rows)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + bytes.length - size, size).toString('utf8')
  const ends = new Uint32Array(entries)
  let end = 0
  for (let index = 0; index < entries; index++) {
    end += lengths[index] ?? 0
    ends[index] = end
  }
  if (end !== text.length) return undefined
  return {
    rows,
    entries,
    codes,
    entry: (code) => text.slice(code === 1 ? 0 : ends[code - 2], ends[code - 1]),
  }
}
