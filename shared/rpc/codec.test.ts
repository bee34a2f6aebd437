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
