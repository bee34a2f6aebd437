import { type Buckets, FIELDS } from './buckets.ts'
import { decodeColumn, encodeColumn } from './column-codec.ts'

/** The buckets of a chunk's level 1 as bytes: eight encoded columns, each after its length (u32, then 4 bytes of nothing). */
export function encodeLevel(buckets: Buckets): Uint8Array {
  const n = buckets.length / FIELDS
  const columns = Array.from({ length: FIELDS }, (_, field) => {
    const column = new Float64Array(n)
    for (let i = 0; i < n; i++) column[i] = buckets[i * FIELDS + field] as number
    return encodeColumn(column)
  })
  const bytes = new Uint8Array(columns.reduce((sum, column) => sum + 8 + column.length, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const column of columns) {
    view.setUint32(at, column.length, true)
    bytes.set(column, at + 8)
    at += 8 + column.length
  }
  return bytes
}

/** Reads `n` buckets. Throws RangeError for bytes that are not such a level. */
export function decodeLevel(bytes: Uint8Array, n: number): Buckets {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const buckets = new Float64Array(n * FIELDS)
  const column = new Float64Array(n)
  let at = 0
  for (let field = 0; field < FIELDS; field++) {
    if (at + 8 > bytes.length) throw new RangeError('A level that is cut short')
    const length = view.getUint32(at, true)
    decodeColumn(bytes.subarray(at + 8, at + 8 + length), n, column, 0)
    for (let i = 0; i < n; i++) buckets[i * FIELDS + field] = column[i] as number
    at += 8 + length
  }
  return buckets
}
