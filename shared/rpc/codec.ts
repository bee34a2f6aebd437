/**
 * Values as bytes: JSON for the shape, raw segments for typed arrays (25 times cheaper than rows of objects).
 *
 * Frame: u32 LE length of the JSON, the JSON, then each segment at the next multiple of 8. In the JSON a typed array is
 * `{"$a":[kind, offset, length]}`, a number that JSON lacks `{"$n":"NaN"}`, a bigint `{"$i":"12"}`; an object that has a key starting
 * with `$` is `{"$o":[[key, value], ...]}`. `undefined` fields are left out.
 */

const KINDS = {
  f64: Float64Array,
  f32: Float32Array,
  u32: Uint32Array,
  i32: Int32Array,
  u16: Uint16Array,
  u8: Uint8Array,
} as const
type Kind = keyof typeof KINDS
type Segment = InstanceType<(typeof KINDS)[Kind]>

function kindOf(value: object): Kind | undefined {
  if (value instanceof Float64Array) return 'f64'
  if (value instanceof Float32Array) return 'f32'
  if (value instanceof Uint32Array) return 'u32'
  if (value instanceof Int32Array) return 'i32'
  if (value instanceof Uint16Array) return 'u16'
  if (value instanceof Uint8Array) return 'u8'
  return undefined
}

type Sink = (kind: Kind, segment: Segment) => unknown

function shape(value: unknown, sink: Sink): unknown {
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { $n: Object.is(value, -0) ? '-0' : String(value) }
  if (typeof value === 'bigint') return { $i: value.toString() }
  if (typeof value !== 'object' || value === null) return value
  const kind = kindOf(value)
  if (kind !== undefined) return sink(kind, value as Segment)
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : shape(item, sink)))
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.some(([key]) => key.startsWith('$') || key === '__proto__')) {
    return { $o: entries.map(([key, item]) => [key, shape(item, sink)]) }
  }
  const copy: Record<string, unknown> = {}
  for (const [key, item] of entries) copy[key] = shape(item, sink)
  return copy
}

type Source = (spec: unknown) => unknown

const WHOLE = /^-?\d{1,400}$/

function restore(value: unknown, source: Source): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => restore(item, source))
  const object = value as Readonly<Record<string, unknown>>
  if (Object.hasOwn(object, '$n')) return Number(object['$n'])
  if (Object.hasOwn(object, '$i')) return bigintOf(object['$i'])
  if (Object.hasOwn(object, '$a')) return source(object['$a'])
  if (Object.hasOwn(object, '$o')) return fromEntries(object['$o'], source)
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(object)) {
    const restored = restore(object[key], source)
    // Assigned, this one name would be the copy's prototype and no field.
    if (key === '__proto__') Object.defineProperty(copy, key, { ...OWN, value: restored })
    else copy[key] = restored
  }
  return copy
}

const OWN = { enumerable: true, configurable: true, writable: true } as const

/** Bounded, because the time to read a number's digits grows with their square. */
function bigintOf(digits: unknown): bigint {
  if (typeof digits !== 'string' || !WHOLE.test(digits)) throw new RangeError('A whole number is damaged.')
  return BigInt(digits)
}

function fromEntries(spec: unknown, source: Source): unknown {
  const isEntry = (entry: unknown): entry is readonly [string, unknown] =>
    Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string'
  if (!Array.isArray(spec) || !spec.every(isEntry)) throw new RangeError('An object is damaged.')
  return Object.fromEntries(spec.map(([key, item]) => [key, restore(item, source)]))
}

const align = (offset: number): number => (offset + 7) & ~7

/** A value as one frame. */
export function encodeFrame(value: unknown): Uint8Array<ArrayBuffer> {
  const segments: { readonly offset: number; readonly bytes: Uint8Array }[] = []
  let end = 0
  const json = JSON.stringify(
    shape(value, (kind, segment) => {
      const offset = align(end)
      const bytes = new Uint8Array(segment.buffer, segment.byteOffset, segment.byteLength)
      segments.push({ offset, bytes })
      end = offset + bytes.byteLength
      return { $a: [kind, offset, segment.length] }
    }),
  )
  const head = new TextEncoder().encode(json)
  const base = align(4 + head.byteLength)
  const frame = new Uint8Array(segments.length === 0 ? 4 + head.byteLength : base + end)
  new DataView(frame.buffer).setUint32(0, head.byteLength, true)
  frame.set(head, 4)
  for (const { offset, bytes } of segments) frame.set(bytes, base + offset)
  return frame
}

/** The value of a frame; typed arrays are copies. Throws a RangeError or SyntaxError on a damaged frame. */
export function decodeFrame(frame: Uint8Array): unknown {
  if (frame.byteLength < 4) throw new RangeError('The frame is shorter than its header.')
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const length = view.getUint32(0, true)
  if (4 + length > frame.byteLength) throw new RangeError('The frame ends inside its header.')
  const json: unknown = JSON.parse(new TextDecoder().decode(frame.subarray(4, 4 + length)))
  const base = align(4 + length)
  let copied = 0
  return restore(json, (spec) => {
    const [kind, offset, count] = arraySpec(spec)
    const type = KINDS[kind]
    const start = base + offset
    const stop = start + count * type.BYTES_PER_ELEMENT
    if (stop > frame.byteLength) throw new RangeError('The frame ends inside a column.')
    // Each column has a segment of its own: many that name the same one would make much memory of a small frame.
    copied += stop - start
    if (copied > frame.byteLength) throw new RangeError('The columns of the frame overlap.')
    // Not frame.slice(): a Node Buffer's shares its pool instead of copying.
    return new type(Uint8Array.prototype.slice.call(frame, start, stop).buffer)
  })
}

/** A value as plain JSON text, typed arrays in base64: for `POST /rpc` and NDJSON. */
export function encodeText(value: unknown): string {
  return (
    JSON.stringify(
      shape(value, (kind, segment) => {
        const bytes = new Uint8Array(segment.buffer, segment.byteOffset, segment.byteLength)
        return { $a: [kind, toBase64(bytes)] }
      }),
    ) ?? 'null'
  )
}

/** The value of such a text. */
export function decodeText(text: string): unknown {
  return restore(JSON.parse(text), (spec) => {
    if (!Array.isArray(spec) || !isKind(spec[0]) || typeof spec[1] !== 'string')
      throw new RangeError('A column is damaged.')
    const bytes = fromBase64(spec[1])
    return new KINDS[spec[0]](bytes.buffer as ArrayBuffer)
  })
}

function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(KINDS, value)
}

function arraySpec(spec: unknown): readonly [Kind, number, number] {
  if (!Array.isArray(spec)) throw new RangeError('A column is damaged.')
  const [kind, offset, count] = spec as readonly unknown[]
  const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
  if (!isKind(kind) || !whole(offset) || !whole(count)) throw new RangeError('A column is damaged.')
  return [kind, offset, count]
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  }
  return btoa(binary)
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
