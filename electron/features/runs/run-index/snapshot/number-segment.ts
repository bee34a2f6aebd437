/**
 * A segment of a column of numbers in bytes: 8 bytes of head (kind, presence, 0, 0, rows), then a bit a row where not all have a value, then the values of
 * those that do, as one value, as floats where nothing is lost, or as doubles.
 */
const ONE = 1
const FLOATS = 2
const DOUBLES = 3
const ALL = 1
const SOME = 2
const HEAD = 8

export type NumberCell = { readonly values: Float64Array; readonly present: Uint8Array }

/** Packs `rows` cells; undefined when none has a value. NaN and −0 come back as they are. */
export function packNumbers(cellAt: (index: number) => number | null, rows: number): Uint8Array | undefined {
  const values = new Float64Array(rows)
  const bits = new Uint8Array(padded(Math.ceil(rows / 8)))
  let count = 0
  for (let index = 0; index < rows; index++) {
    const value = cellAt(index)
    if (value === null) continue
    values[count++] = value
    bits[index >>> 3] = (bits[index >>> 3] ?? 0) | (1 << (index & 7))
  }
  if (count === 0) return undefined
  const some = count < rows
  const taken = values.subarray(0, count)
  const packed = packValues(taken)
  const bytes = new Uint8Array(HEAD + (some ? bits.length : 0) + packed.bytes.length)
  bytes[0] = packed.kind
  bytes[1] = some ? SOME : ALL
  new DataView(bytes.buffer).setUint32(4, rows, true)
  if (some) bytes.set(bits, HEAD)
  bytes.set(packed.bytes, bytes.length - packed.bytes.length)
  return bytes
}

function packValues(values: Float64Array): { readonly kind: number; readonly bytes: Uint8Array } {
  if (values.every((value) => Object.is(value, values[0]))) return { kind: ONE, bytes: bytesOf(values.slice(0, 1)) }
  const floats = Float32Array.from(values)
  return values.every((value, index) => Object.is(value, floats[index]))
    ? { kind: FLOATS, bytes: bytesOf(floats) }
    : { kind: DOUBLES, bytes: bytesOf(values.slice()) }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/**
 * Unpacks a segment into a column's arrays from row `from` on, up to row `end`. Returns how many values there were; undefined for bytes that are no
 * segment.
 */
export function unpackNumbers(bytes: Uint8Array, into: NumberCell, from: number, end: number): number | undefined {
  if (bytes.length < HEAD) return undefined
  const head = new DataView(bytes.buffer, bytes.byteOffset, HEAD)
  const [kind, presence, rows] = [head.getUint8(0), head.getUint8(1), head.getUint32(4, true)]
  const bitBytes = presence === SOME ? padded(Math.ceil(rows / 8)) : 0
  const values = valuesOf(kind, bytes.subarray(Math.min(bytes.length, HEAD + bitBytes)))
  if (values === undefined || (presence !== ALL && presence !== SOME)) return undefined
  const taken = Math.min(rows, end - from)
  if (presence === ALL) {
    if (kind !== ONE && values.length !== rows) return undefined
    if (kind === ONE) into.values.fill(values[0] ?? Number.NaN, from, from + taken)
    else into.values.set(taken === rows ? values : values.subarray(0, taken), from)
    into.present.fill(1, from, from + taken)
    return taken
  }
  let next = 0
  let count = 0
  for (let index = 0; index < rows; index++) {
    if ((((bytes[HEAD + (index >>> 3)] ?? 0) >>> (index & 7)) & 1) === 0) continue
    const value = values[kind === ONE ? 0 : next++]
    if (value === undefined) return undefined
    if (index >= taken) continue
    into.values[from + index] = value
    into.present[from + index] = 1
    count++
  }
  return count
}

function valuesOf(kind: number, bytes: Uint8Array): Float32Array | Float64Array | undefined {
  const size = kind === FLOATS ? 4 : 8
  if ((kind !== ONE && kind !== FLOATS && kind !== DOUBLES) || bytes.length % size !== 0 || bytes.length === 0) return
  // An array of doubles begins at a multiple of 8; a piece of a larger buffer may not.
  const { buffer, byteOffset } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  return kind === FLOATS
    ? new Float32Array(buffer, byteOffset, bytes.length / size)
    : new Float64Array(buffer, byteOffset, bytes.length / size)
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}
