import { type Buckets, FIELDS, FINITE, FIRST, LAST, MAX, MIN, ODD, STEP, TIME } from './buckets.ts'
import { decodeColumn, encodeColumn } from './column-codec.ts'

/**
 * A level as bytes: a head of 16 bytes (narrow u32, counted u32, length of the step column u32, of the time column u32), the
 * steps and times as columns, then first, min, max and last of each bucket in turn, as floats where that loses nothing (narrow), and
 * the finite count and odd kinds (u16 each) where not every bucket is full of finite values (counted). Made to be read fast: a chart may need a
 * hundred of them.
 */
const HEAD = 16
const VALUES = 4

/** Encodes buckets of `size` points each. */
export function encodeLevel(buckets: Buckets, size: number): Uint8Array {
  const n = buckets.length / FIELDS
  const step = encodeColumn(fieldOf(buckets, STEP))
  const time = encodeColumn(fieldOf(buckets, TIME))
  const values = new Float64Array(n * VALUES)
  for (let i = 0; i < n; i++) values.set(buckets.subarray(i * FIELDS + FIRST, i * FIELDS + LAST + 1), i * VALUES)
  const narrow = values.every((value) => Math.fround(value) === value || value !== value)
  const counted = buckets.some((value, at) =>
    at % FIELDS === FINITE ? value !== size : at % FIELDS === ODD && value !== 0,
  )
  const valuesAt = HEAD + step.length + time.length
  const countsAt = valuesAt + n * VALUES * (narrow ? 4 : 8)
  const bytes = new Uint8Array(countsAt + (counted ? 4 * n : 0))
  new Uint32Array(bytes.buffer, 0, 4).set([narrow ? 1 : 0, counted ? 1 : 0, step.length, time.length])
  bytes.set(step, HEAD)
  bytes.set(time, HEAD + step.length)
  if (narrow) new Float32Array(bytes.buffer, valuesAt, values.length).set(values)
  else new Float64Array(bytes.buffer, valuesAt, values.length).set(values)
  const counts = new Uint16Array(bytes.buffer, countsAt, counted ? 2 * n : 0)
  for (let i = 0; counted && i < n; i++) {
    counts[2 * i] = buckets[i * FIELDS + FINITE] as number
    counts[2 * i + 1] = buckets[i * FIELDS + ODD] as number
  }
  return bytes
}

function fieldOf(buckets: Buckets, field: number): Float64Array {
  return Float64Array.from({ length: buckets.length / FIELDS }, (_, i) => buckets[i * FIELDS + field] as number)
}

/** Memory for decoding one level after another. */
export type LevelScratch = { readonly buckets: Buckets; readonly column: Float64Array }

/** Room for `n` buckets. */
export function levelScratch(n: number): LevelScratch {
  return { buckets: new Float64Array(n * FIELDS), column: new Float64Array(n) }
}

/** Reads `n` buckets of `size` points to the beginning of `scratch.buckets`. Throws RangeError for bytes that are not such a level. */
export function decodeLevel(given: Uint8Array, n: number, size: number, scratch: LevelScratch): void {
  if (given.length < HEAD) throw new RangeError('A level that is cut short')
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice()
  const start = bytes.byteOffset
  const [narrow, counted, steps = 0, times = 0] = new Uint32Array(bytes.buffer, start, 4)
  const valuesAt = HEAD + steps + times
  const countsAt = valuesAt + n * VALUES * (narrow === 1 ? 4 : 8)
  if (bytes.length !== countsAt + (counted === 1 ? 4 * n : 0) || steps % 8 !== 0 || times % 8 !== 0)
    throw new RangeError('A level of another length')
  const { buckets, column } = scratch
  decodeColumn(bytes.subarray(HEAD, HEAD + steps), n, column, 0)
  for (let i = 0; i < n; i++) buckets[i * FIELDS + STEP] = column[i] as number
  decodeColumn(bytes.subarray(HEAD + steps, valuesAt), n, column, 0)
  for (let i = 0; i < n; i++) buckets[i * FIELDS + TIME] = column[i] as number
  if (narrow === 1) placeValues(new Float32Array(bytes.buffer, start + valuesAt, n * VALUES), n, buckets)
  else placeValues(new Float64Array(bytes.buffer, start + valuesAt, n * VALUES), n, buckets)
  const counts = new Uint16Array(bytes.buffer, start + countsAt, counted === 1 ? 2 * n : 0)
  for (let i = 0; i < n; i++) {
    buckets[i * FIELDS + FINITE] = counted === 1 ? (counts[2 * i] as number) : size
    buckets[i * FIELDS + ODD] = counted === 1 ? (counts[2 * i + 1] as number) : 0
  }
}

function placeValues(values: Float32Array | Float64Array, n: number, buckets: Buckets): void {
  for (let i = 0, from = 0, at = 0; i < n; i++, from += VALUES, at += FIELDS) {
    buckets[at + FIRST] = values[from] as number
    buckets[at + MIN] = values[from + 1] as number
    buckets[at + MAX] = values[from + 2] as number
    buckets[at + LAST] = values[from + 3] as number
  }
}
