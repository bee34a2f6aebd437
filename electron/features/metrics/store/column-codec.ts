/**
 * One column of a chunk as bytes, lossless to the bit but for the payload of NaNs. Four forms, the smallest that fits:
 *
 * - stride: first + i × stride (steps; a constant);
 * - delta: whole numbers whose differences lie in a window of 0, 1, 2 or 4 bytes, with a few exceptions (times with pauses,
 *   counters, steps with gaps);
 * - float32: doubles that were floats once, as `tensor.item()` gives them;
 * - raw: doubles.
 *
 * Layout, little-endian: form u8, width u8, exceptions u16, n u32, then 8-byte aligned numbers. Sizes are multiples of 8.
 */
const COLUMN_LIMIT = 65_535

const STRIDE = 1
const DELTA = 2
const FLOAT32 = 3
const RAW = 4
const HEADER = 8

/** Encodes 1 to 65,535 numbers. */
export function encodeColumn(column: Float64Array): Uint8Array {
  const n = column.length
  if (n === 0 || n > COLUMN_LIMIT) throw new RangeError(`A column of ${n} numbers`)
  const stride = strideOf(column)
  if (stride !== undefined) return encodeStride(column, stride)
  const plan = planDeltas(column)
  const narrow = isFloat32(column)
  if (plan !== undefined && (!narrow || plan.bytes <= 4 * n)) return encodeDeltas(column, plan)
  const bytes = allocate(HEADER + (narrow ? 4 : 8) * n)
  writeHeader(bytes, narrow ? FLOAT32 : RAW, 0, 0, n)
  if (narrow) new Float32Array(bytes.buffer, HEADER, n).set(column)
  else new Float64Array(bytes.buffer, HEADER, n).set(column)
  return bytes
}

/** Decodes a column of `n` numbers to `target` from position `at` on. Throws RangeError for bytes that are not such a column. */
export function decodeColumn(given: Uint8Array, n: number, target: Float64Array, at: number): void {
  // Blobs come with memory of their own; a view with odd bounds is copied to be aligned.
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice()
  if (bytes.length < HEADER) throw new RangeError('A column that is cut short')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(4, true) !== n) throw new RangeError('A column of another length')
  const form = bytes[0]
  const width = bytes[1] as number
  const exceptions = view.getUint16(2, true)
  const start = bytes.byteOffset + HEADER
  if (form === STRIDE) {
    need(bytes, HEADER + 16)
    decodeStride(view.getFloat64(8, true), view.getFloat64(16, true), n, target, at)
  } else if (form === FLOAT32) {
    need(bytes, HEADER + 4 * n)
    target.set(new Float32Array(bytes.buffer, start, n), at)
  } else if (form === RAW) {
    need(bytes, HEADER + 8 * n)
    target.set(new Float64Array(bytes.buffer, start, n), at)
  } else if (form === DELTA && (width === 0 || width === 1 || width === 2 || width === 4)) {
    need(bytes, deltaSize(n, width, exceptions))
    decodeDeltas(bytes, n, width, exceptions, target, at)
  } else throw new RangeError(`A column of unknown form ${form}`)
}

function strideOf(column: Float64Array): number | undefined {
  const n = column.length
  const first = column[0] as number
  const second = n === 1 ? first : (column[1] as number)
  const stride = Object.is(first, second) ? 0 : second - first
  if (!Number.isFinite(stride)) return undefined
  for (let i = 1; i < n; i++) {
    const expected = stride === 0 ? first : first + i * stride
    if (!Object.is(expected, column[i])) return undefined
  }
  return stride
}

function encodeStride(column: Float64Array, stride: number): Uint8Array {
  const bytes = allocate(HEADER + 16)
  writeHeader(bytes, STRIDE, 0, 0, column.length)
  new Float64Array(bytes.buffer, HEADER, 2).set([column[0] as number, stride])
  return bytes
}

function decodeStride(first: number, stride: number, n: number, target: Float64Array, at: number): void {
  // The first is set as it is: -0 + 0 would be 0.
  target.fill(first, at, stride === 0 ? at + n : at + 1)
  if (stride !== 0) for (let i = 1; i < n; i++) target[at + i] = first + i * stride
}

function isFloat32(column: Float64Array): boolean {
  for (let i = 0; i < column.length; i++) {
    const value = column[i] as number
    if (Math.fround(value) !== value && value === value) return false
  }
  return true
}

type DeltaPlan = { readonly width: number; readonly base: number; readonly exceptions: number; readonly bytes: number }

/** Beyond this a difference of two numbers might not be exact. */
const WHOLE_LIMIT = 2 ** 50
const SAMPLE = 64

function planDeltas(column: Float64Array): DeltaPlan | undefined {
  const n = column.length
  for (let i = 0; i < n; i++) {
    const value = column[i] as number
    if (Math.floor(value) !== value || value > WHOLE_LIMIT || value < -WHOLE_LIMIT || Object.is(value, -0))
      return undefined
  }
  const sample = sampleDeltas(column)
  // A few pauses must not widen the window for all: they become exceptions.
  const cut = sample.length >> 4
  const low = sample[cut] as number
  const high = sample[sample.length - 1 - cut] as number
  const median = sample[sample.length >> 1] as number
  let best: DeltaPlan | undefined
  for (const width of [0, 1, 2, 4]) {
    const room = 256 ** width - 1
    const spare = room - (high - low)
    const base = spare >= 0 ? low - Math.floor(spare / 2) : median - Math.floor(room / 2)
    if (width === 0 && spare < 0) continue
    let exceptions = 0
    for (let i = 1; i < n; i++) {
      const delta = (column[i] as number) - (column[i - 1] as number) - base
      if (delta < 0 || delta > room) exceptions++
    }
    const bytes = deltaSize(n, width, exceptions)
    if (best === undefined || bytes < best.bytes) best = { width, base, exceptions, bytes }
    if (exceptions * 32 < n) break
  }
  return best !== undefined && best.bytes < HEADER + 8 * n ? best : undefined
}

/** Up to 64 differences, spread over the column, sorted. */
function sampleDeltas(column: Float64Array): Float64Array {
  const count = Math.min(SAMPLE, column.length - 1)
  const sample = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    const i = 1 + Math.floor((k * (column.length - 1)) / count)
    sample[k] = (column[i] as number) - (column[i - 1] as number)
  }
  return sample.sort()
}

/** Header, first, base, deltas, padding, exceptions' values, exceptions' positions. */
function deltaSize(n: number, width: number, exceptions: number): number {
  return pad(HEADER + 16 + pad((n - 1) * width) + 8 * exceptions + 2 * exceptions)
}

function encodeDeltas(column: Float64Array, plan: DeltaPlan): Uint8Array {
  const { width, base, exceptions } = plan
  const n = column.length
  const room = 256 ** width - 1
  const bytes = allocate(plan.bytes)
  writeHeader(bytes, DELTA, width, exceptions, n)
  new Float64Array(bytes.buffer, HEADER, 2).set([column[0] as number, base])
  const deltas = deltaView(bytes, width, n - 1)
  const valuesAt = HEADER + 16 + pad((n - 1) * width)
  const values = new Float64Array(bytes.buffer, valuesAt, exceptions)
  const positions = new Uint16Array(bytes.buffer, valuesAt + 8 * exceptions, exceptions)
  let found = 0
  for (let i = 1; i < n; i++) {
    const delta = (column[i] as number) - (column[i - 1] as number) - base
    if (delta >= 0 && delta <= room) {
      if (width > 0) deltas[i - 1] = delta
    } else {
      values[found] = delta
      positions[found] = i - 1
      found++
    }
  }
  return bytes
}

function decodeDeltas(
  bytes: Uint8Array,
  n: number,
  width: number,
  exceptions: number,
  target: Float64Array,
  at: number,
): void {
  const [first, base] = new Float64Array(bytes.buffer, bytes.byteOffset + HEADER, 2) as unknown as [number, number]
  const deltas = deltaView(bytes, width, n - 1)
  const valuesAt = bytes.byteOffset + HEADER + 16 + pad((n - 1) * width)
  const values = new Float64Array(bytes.buffer, valuesAt, exceptions)
  const positions = new Uint16Array(bytes.buffer, valuesAt + 8 * exceptions, exceptions)
  let sum = first
  let i = 0
  target[at] = sum
  for (let k = 0; k <= exceptions; k++) {
    const next = k === exceptions ? n - 1 : (positions[k] as number)
    if (next > n - 1 || next < i) throw new RangeError('A column with a misplaced exception')
    if (width === 0) for (; i < next; i++) target[at + i + 1] = sum += base
    else for (; i < next; i++) target[at + i + 1] = sum += base + (deltas[i] as number)
    if (k < exceptions) {
      target[at + i + 1] = sum += base + (values[k] as number)
      i++
    }
  }
}

function deltaView(bytes: Uint8Array, width: number, length: number): Uint8Array | Uint16Array | Uint32Array {
  const start = bytes.byteOffset + HEADER + 16
  if (width === 4) return new Uint32Array(bytes.buffer, start, length)
  if (width === 2) return new Uint16Array(bytes.buffer, start, length)
  return new Uint8Array(bytes.buffer, start, width === 0 ? 0 : length)
}

function writeHeader(bytes: Uint8Array, form: number, width: number, exceptions: number, n: number): void {
  const view = new DataView(bytes.buffer)
  view.setUint8(0, form)
  view.setUint8(1, width)
  view.setUint16(2, exceptions, true)
  view.setUint32(4, n, true)
}

function need(bytes: Uint8Array, size: number): void {
  if (bytes.length !== pad(size)) throw new RangeError('A column that is cut short')
}

function pad(size: number): number {
  return (size + 7) & ~7
}

function allocate(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(pad(size))
}
