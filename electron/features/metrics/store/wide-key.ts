import type { SeriesColumns } from '../store.ts'
import { pointKey, putDouble, takeDouble } from './point-key.ts'
import { newPoints } from './points.ts'

/**
 * A point with a step or time beyond 2^53 as 28 bytes: the key of its nearest point, and what its step and its time are more. SQLite sorts them as the
 * nearest points come, those of the same nearest doubles together.
 */
const NEAR = 24
const SIZE = 28
/** A rest, which may be negative, as an unsigned number that sorts as it does. */
const ZERO = 0x80_00

/** The key of point `i`. */
export function wideKey(points: SeriesColumns, i: number): Uint8Array {
  const bytes = new Uint8Array(SIZE)
  // One NaN for all, as one sorts after all numbers and another before.
  const value = points.value[i] as number
  const one = {
    step: Float64Array.of((points.step[i] as number) + 0),
    time: Float64Array.of((points.time[i] as number) + 0),
    value: Float64Array.of(value === value ? value : Number.NaN),
  }
  bytes.set(pointKey(one, 0))
  const view = new DataView(bytes.buffer)
  view.setUint16(NEAR, ZERO + (points.rest?.step[i] ?? 0))
  view.setUint16(NEAR + 2, ZERO + (points.rest?.time[i] ?? 0))
  return bytes
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
  keys.forEach((key, i) => {
    const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
    points.step[i] = takeDouble(view, 0)
    points.time[i] = takeDouble(view, 8)
    points.value[i] = takeDouble(view, 16)
    rest.step[i] = view.getUint16(NEAR) - ZERO
    rest.time[i] = view.getUint16(NEAR + 2) - ZERO
  })
  return { ...points, rest }
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
  const [point] = [pointsOfKeys([key])]
  const value = point.value[0] as number
  const bytes = new Uint8Array(29)
  const view = new DataView(bytes.buffer)
  bytes.set(key.subarray(0, 8))
  bytes.set(key.subarray(NEAR, NEAR + 2), 8)
  bytes.set(key.subarray(8, 16), 10)
  bytes.set(key.subarray(NEAR + 2, SIZE), 18)
  putDouble(view, 20, Number.isNaN(value) ? 0 : value)
  bytes[28] = Number.isNaN(value) ? 0 : 1
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
