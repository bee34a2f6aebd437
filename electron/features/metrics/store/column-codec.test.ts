import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeColumn, encodeColumn } from './column-codec.ts'

function roundTrip(column: Float64Array): Float64Array {
  const target = new Float64Array(column.length + 3).fill(77)
  decodeColumn(encodeColumn(column), column.length, target, 2)
  expect([target[0], target[1], target.at(-1)]).toEqual([77, 77, 77])
  return target.slice(2, -1)
}

const number = fc.oneof(
  fc.double(),
  fc.float(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    5e-324,
    Number.MAX_VALUE,
    2 ** 50,
    -(2 ** 50),
    2 ** 53,
    16_777_217,
  ),
)
const anyColumn = fc.array(number, { minLength: 1, maxLength: 60 })
const progression = fc
  .tuple(number, number, fc.integer({ min: 1, max: 80 }))
  .map(([first, stride, n]) => Array.from({ length: n }, (_, i) => first + i * stride))
/** Whole numbers that rise by small differences with a few jumps: times, steps with gaps, counters. */
const jumps = fc
  .tuple(
    fc.maxSafeInteger(),
    fc.array(
      fc.oneof(
        { weight: 12, arbitrary: fc.integer({ min: 0, max: 300 }) },
        { weight: 1, arbitrary: fc.maxSafeInteger() },
      ),
      { minLength: 1, maxLength: 200 },
    ),
  )
  .map(([first, differences]) => {
    let sum = first
    return [first, ...differences.map((difference) => (sum += difference))]
  })

test('a column comes back bit for bit, whatever it holds', () => {
  fc.assert(
    fc.property(fc.oneof(anyColumn, progression, jumps), (values) => {
      const column = Float64Array.from(values)
      expect(roundTrip(column)).toEqual(column)
    }),
    { numRuns: 3_000 },
  )
})

test('a progression from -0 keeps its sign', () => {
  expect(roundTrip(Float64Array.of(-0, 1))).toEqual(Float64Array.of(-0, 1))
})

const N = 4_096
const fill = (value: (i: number) => number): Float64Array => Float64Array.from({ length: N }, (_, i) => value(i))
/** A repeatable noise in [0, 1). */
const noise = (i: number): number => ((Math.imul(i + 1, 0x9e37_79b1) ^ Math.imul(i + 7, 0x85eb_ca6b)) >>> 0) / 2 ** 32

test.each([
  ['steps', 24, fill((i) => 1_000 + i)],
  ['a constant', 24, fill(() => 0.1)],
  ['constant NaN', 24, fill(() => Number.NaN)],
  ['times with 14 ms jitter', N + 64, fill((i) => 1.7e12 + i * 250 + Math.floor(noise(i) * 14))],
  [
    'times with jitter and a pause each 500 points',
    N + 200,
    fill((i) => 1.7e12 + i * 250 + Math.floor(noise(i) * 14) + Math.floor(i / 500) * 60_000),
  ],
  ['steps with gaps', 160, fill((i) => i + Math.floor(i / 400) * 10_000)],
  ['floats', 4 * N + 8, fill((i) => Math.fround(Math.exp(-i / 500) * (1 + noise(i))))],
  [
    'floats with NaN and infinities',
    4 * N + 8,
    fill((i) => (i % 100 === 0 ? Number.NaN : i % 333 === 0 ? -Infinity : Math.fround(noise(i)))),
  ],
  ['doubles', 8 * N + 8, fill((i) => Math.exp(-i / 500) * (1 + noise(i)))],
])('%s take at most %i bytes for 4,096', (_, limit, column) => {
  expect(encodeColumn(column).length).toBeLessThanOrEqual(limit)
  expect(roundTrip(column)).toEqual(column)
})

test('bytes that are no such column are refused, never read beyond their end', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyColumn, progression, jumps),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      (values, where, byte) => {
        const bytes = encodeColumn(Float64Array.from(values))
        const cut = bytes.slice(0, where % bytes.length)
        expect(() => decodeColumn(cut, values.length, new Float64Array(values.length), 0)).toThrow(RangeError)
        const changed = bytes.slice()
        changed[where % 8] = byte
        const target = new Float64Array(values.length)
        try {
          decodeColumn(changed, values.length, target, 0)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      },
    ),
    { numRuns: 1_000 },
  )
})
