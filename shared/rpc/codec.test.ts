import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeFrame, decodeText, encodeFrame, encodeText } from './codec.ts'

const number = fc.double({ noDefaultInfinity: false })
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    number,
    fc.string({ unit: 'binary' }),
    fc.bigInt(),
    fc.float64Array(),
    fc.uint8Array(),
    fc.int32Array(),
    fc.uint32Array(),
    fc.array(tie('any'), { maxLength: 6 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$n', '$a', '$o', '__proto__')), tie('any'), { maxKeys: 6 }),
  ),
})).any

// A dictionary of fast-check may lack a prototype, and JSON knows only well-formed text.
const plain = (input: unknown): unknown => decodeText(encodeText(input))

it('values survive both forms, wherever the frame lies in its buffer', () => {
  fc.assert(
    fc.property(value, (input) => {
      expect(decodeFrame(encodeFrame(input))).toEqual(plain(input))
      const frame = encodeFrame({ input, column: new Float64Array([1.5, NaN]) })
      const pool = Buffer.alloc(frame.length + 13)
      pool.set(frame, 5)
      expect(decodeFrame(pool.subarray(5, 5 + frame.length))).toEqual({
        input: plain(input),
        column: new Float64Array([1.5, NaN]),
      })
    }),
  )
})

it('numbers that JSON lacks survive', () => {
  expect(decodeText(encodeText([NaN, Infinity, -Infinity, -0, 0.1]))).toEqual([NaN, Infinity, -Infinity, -0, 0.1])
})

it('damaged frames throw and never hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeFrame(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
    }),
  )
})

/** A frame with just this JSON and these bytes behind it. */
function frameOf(json: unknown, segment = new Uint8Array()): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(json))
  const base = (4 + head.length + 7) & ~7
  const frame = new Uint8Array(base + segment.length)
  new DataView(frame.buffer).setUint32(0, head.length, true)
  frame.set(head, 4)
  frame.set(segment, base)
  return frame
}

it('a field of the name `__proto__` is a field, however it was written', () => {
  for (const text of ['{"__proto__":{"admin":true}}', '{"$o":[["__proto__",{"admin":true}]]}']) {
    const value = decodeText(text) as Readonly<Record<string, unknown>>
    expect([Object.keys(value), Object.getPrototypeOf(value), value['admin']]).toEqual([
      ['__proto__'],
      Object.prototype,
      undefined,
    ])
  }
  expect(({} as { readonly admin?: boolean }).admin).toBeUndefined()
})

it.each([
  { $o: 3 },
  { $o: [3] },
  { $o: [['a']] },
  { $o: [[1, 2]] },
  { $i: '12.5' },
  { $i: '1'.repeat(500) },
  { $i: 12 },
  { $a: 'f64' },
  { $a: ['f65', 0, 0] },
  { $a: ['f64', -8, 1] },
  { $a: ['f64', 0, 1.5] },
  { $a: ['f64', 0, 3] },
])('refuses %j', (json) => {
  expect(() => decodeFrame(frameOf(json, new Uint8Array(16)))).toThrow(RangeError)
})

it('many columns over the same bytes are refused: a small frame must not fill the memory', () => {
  const column = { $a: ['u8', 0, 4_096] }
  expect(decodeFrame(frameOf([column], new Uint8Array(4_096)))).toEqual([new Uint8Array(4_096)])
  expect(() => decodeFrame(frameOf(Array(1_000).fill(column), new Uint8Array(4_096)))).toThrow('overlap')
})
