import type { PointBatch, SeriesColumns } from '../store.ts'
import { moveDouble, putDouble, takeDouble } from './point-key.ts'
import { newPoints } from './points.ts'

/**
 * A point with a step or time beyond 2^53 as 28 bytes: the key of its nearest point, and what its step and its time are more. SQLite sorts them as the
 * nearest points come, those of the same nearest doubles together.
 */
const NEAR = 24
const SIZE = 28
/** A rest, which may be negative, as an unsigned number that sorts as it does. */
const ZERO = 0x80_00
/** How infinity begins in a key. */
const INFINITY = 0xff_f0

/** The key of point `i`. */
export function wideKey({ step, time, value, rest }: PointBatch, i: number): Uint8Array {
  const bytes = new Uint8Array(SIZE)
  const view = new DataView(bytes.buffer)
  const one = value[i] as number
  putDouble(view, 0, (step[i] as number) + 0)
  putDouble(view, 8, (time[i] as number) + 0)
  // One NaN for all, as one sorts after all numbers and another before.
  putDouble(view, 16, one === one ? one : Number.NaN)
  view.setUint16(NEAR, ZERO + (rest?.step[i] ?? 0))
  view.setUint16(NEAR + 2, ZERO + (rest?.time[i] ?? 0))
  return bytes
}

/** Compares two keys by their nearest doubles alone. */
export function compareNear(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left.subarray(0, NEAR), right.subarray(0, NEAR))
}

/** What all keys of the same nearest doubles lie between. */
export function twinBounds(key: Uint8Array): readonly [low: Uint8Array, high: Uint8Array] {
  const high = new Uint8Array(SIZE + 1).fill(0xff)
  high.set(key.subarray(0, NEAR))
  return [key.slice(0, NEAR), high]
}

/** What all keys of points with a step in [from, to] lie between. */
export function stepBounds(from: number, to: number): readonly [low: Uint8Array, high: Uint8Array] {
  const low = new Uint8Array(8)
  putDouble(new DataView(low.buffer), 0, from)
  const high = new Uint8Array(SIZE + 1).fill(0xff)
  putDouble(new DataView(high.buffer), 0, to)
  return [low, high]
}

/** The points of keys, in their order. */
export function pointsOfKeys(keys: readonly Uint8Array[]): Required<SeriesColumns> {
  const { length } = keys
  const points = newPoints(length)
  const rest = { step: new Int16Array(length), time: new Int16Array(length) }
  const [step, time, value] = [viewOf(points.step), viewOf(points.time), viewOf(points.value)]
  for (let i = 0; i < length; i++) {
    const key = keys[i] as Uint8Array
    const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
    moveDouble(view, 0, step, i)
    moveDouble(view, 8, time, i)
    moveDouble(view, 16, value, i)
    rest.step[i] = view.getUint16(NEAR) - ZERO
    rest.time[i] = view.getUint16(NEAR + 2) - ZERO
  }
  return { ...points, rest }
}

function viewOf(column: Float64Array): DataView {
  return new DataView(column.buffer)
}

/** One point with a step or time beyond 2^53. */
export type WidePoint = {
  readonly step: number
  readonly time: number
  readonly value: number
  readonly rest: { readonly step: number; readonly time: number }
}

/**
 * A point as 29 bytes that sort as MLflow looks for the latest: by step, then time, both exact, then value with NaN as 0; of NaN and 0 the number is the
 * later.
 */
export function latestKey(key: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(29)
  bytes.set(key.subarray(0, 8))
  bytes.set(key.subarray(NEAR, NEAR + 2), 8)
  bytes.set(key.subarray(8, 16), 10)
  bytes.set(key.subarray(NEAR + 2, SIZE), 18)
  // NaN is the only value that comes after infinity.
  const isNumber = ((key[16] as number) << 8) + (key[17] as number) <= INFINITY
  if (isNumber) bytes.set(key.subarray(16, NEAR), 20)
  else putDouble(new DataView(bytes.buffer), 20, 0)
  bytes[28] = isNumber ? 1 : 0
  return bytes
}

/** The point of a `latestKey`. */
export function pointOfLatest(bytes: Uint8Array): WidePoint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    step: takeDouble(view, 0),
    time: takeDouble(view, 10),
    value: bytes[28] === 0 ? Number.NaN : takeDouble(view, 20),
    rest: { step: view.getUint16(8) - ZERO, time: view.getUint16(18) - ZERO },
  }
}
