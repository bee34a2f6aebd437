import type { SeriesColumns } from '../store.ts'

/**
 * A point as 24 bytes that SQLite sorts as the store does: each double big-endian, with its bits turned so that bytes compare as
 * numbers.
 */
export function pointKey(points: SeriesColumns, i: number): Uint8Array {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  putDouble(view, 0, points.step[i] as number)
  putDouble(view, 8, points.time[i] as number)
  putDouble(view, 16, points.value[i] as number)
  return bytes
}

/** The point of a key, as columns of one. */
export function pointOfKey(key: Uint8Array): SeriesColumns {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  return {
    step: Float64Array.of(takeDouble(view, 0)),
    time: Float64Array.of(takeDouble(view, 8)),
    value: Float64Array.of(takeDouble(view, 16)),
  }
}

const SIGN = 0x80_00_00_00

/** Writes a double so that its bytes compare as numbers do. */
export function putDouble(view: DataView, at: number, value: number): void {
  view.setFloat64(at, value)
  const high = view.getUint32(at)
  if (high >= SIGN) {
    view.setUint32(at, ~high)
    view.setUint32(at + 4, ~view.getUint32(at + 4))
  } else view.setUint32(at, high | SIGN)
}

/** Reads what `putDouble` wrote. */
export function takeDouble(view: DataView, at: number): number {
  const bytes = new DataView(new ArrayBuffer(8))
  const high = view.getUint32(at)
  const low = view.getUint32(at + 4)
  bytes.setUint32(0, high >= SIGN ? high & ~SIGN : ~high)
  bytes.setUint32(4, high >= SIGN ? low : ~low)
  return bytes.getFloat64(0)
}

/** Reads what `putDouble` wrote, to place `i` of a column that is seen as bytes. */
export function moveDouble(view: DataView, at: number, column: DataView, i: number): void {
  const high = view.getUint32(at)
  const low = view.getUint32(at + 4)
  // A typed array's numbers are little-endian wherever this runs.
  column.setUint32(8 * i + 4, high >= SIGN ? high & ~SIGN : ~high, true)
  column.setUint32(8 * i, high >= SIGN ? low : ~low, true)
}
