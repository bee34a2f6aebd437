import { crc32 } from 'node:zlib'
import type { PointBatch } from '../store.ts'

/**
 * One commit's points as a log row: 16 bytes of head (mark, n, checksum of the rest, 0), then the columns step, time, value
 * (float64) and series (uint32). 28 bytes a point; they live until the next compaction.
 */
const MARK = 0x31_4c_54_42 // "BTL1"
const HEAD = 16
const BYTES_A_POINT = 28

/** Packs points [from, to) of a batch. */
export function packLogRow(points: PointBatch, from: number, to: number): Uint8Array {
  const n = to - from
  const bytes = new Uint8Array(HEAD + BYTES_A_POINT * n)
  new Float64Array(bytes.buffer, HEAD, n).set(points.step.subarray(from, to))
  new Float64Array(bytes.buffer, HEAD + 8 * n, n).set(points.time.subarray(from, to))
  new Float64Array(bytes.buffer, HEAD + 16 * n, n).set(points.value.subarray(from, to))
  new Uint32Array(bytes.buffer, HEAD + 24 * n, n).set(points.series.subarray(from, to))
  new Uint32Array(bytes.buffer, 0, 3).set([MARK, n, crc32(bytes.subarray(HEAD))])
  return bytes
}

export type UnpackedRow =
  | { readonly ok: true; readonly points: PointBatch }
  | { readonly ok: false; readonly reason: string }

/** Reads a log row; says why when it is none. An empty row is whole and holds nothing. */
export function unpackLogRow(given: Uint8Array): UnpackedRow {
  if (given.length === 0) return { ok: true, points: views(new Uint8Array(HEAD), 0) }
  if (given.length < HEAD) return { ok: false, reason: 'cut short' }
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice()
  const [mark, n = 0, sum] = new Uint32Array(bytes.buffer, bytes.byteOffset, 3)
  if (mark !== MARK) return { ok: false, reason: 'not written by this program' }
  if (bytes.length !== HEAD + BYTES_A_POINT * n) return { ok: false, reason: 'cut short' }
  if (crc32(bytes.subarray(HEAD)) !== sum) return { ok: false, reason: 'the checksum differs' }
  return { ok: true, points: views(bytes, n) }
}

function views(bytes: Uint8Array, n: number): PointBatch {
  const start = bytes.byteOffset + HEAD
  return {
    step: new Float64Array(bytes.buffer, start, n),
    time: new Float64Array(bytes.buffer, start + 8 * n, n),
    value: new Float64Array(bytes.buffer, start + 16 * n, n),
    series: new Uint32Array(bytes.buffer, start + 24 * n, n),
  }
}
