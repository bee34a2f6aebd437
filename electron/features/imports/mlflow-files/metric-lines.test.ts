import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinWhole } from '#shared/lib/whole-number.ts'
import { lineParser, pythonNumber } from './metric-lines.ts'

function parse(text: string | Buffer, startedAt: number | null = 1_700_000_000_000) {
  const bytes = Buffer.from(text as string)
  const parser = lineParser(startedAt, 1)
  parser.take(bytes, 0, bytes.length)
  const { points, ...rest } = parser.parsed()
  return { ...rest, points: [...points.step].map((step, at) => [step, points.time[at], points.value[at]]) }
}
const none = { bad: 0, firstBad: null, stepless: 0, inSeconds: 0, onDataset: 0 }

describe('lineParser', () => {
  it('reads lines of every age', () => {
    expect(
      parse(
        '1700000000001 0.5 3\n1700000000002 -1e-05 -4\r\n1700000000003 1 5 my data 3fa\n1700000000004 7 6 x\n1700000000005 8\n',
      ),
    ).toEqual({
      ...none,
      stepless: 1,
      onDataset: 2,
      points: [
        [3, 1700000000001, 0.5],
        [-4, 1700000000002, -1e-5],
        [5, 1700000000003, 1],
        [6, 1700000000004, 7],
        [0, 1700000000005, 8],
      ],
    })
  })

  it('gives lines without a step their order, and seconds as milliseconds', () => {
    expect(parse('1699999999 3\n1700000000 2\n1700000000123 1\n')).toEqual({
      ...none,
      stepless: 3,
      inSeconds: 2,
      points: [
        [0, 1699999999000, 3],
        [1, 1700000000000, 2],
        [2, 1700000000123, 1],
      ],
    })
  })

  it('leaves times alone that have a step beside them, and those of a run that began in 1970', () => {
    expect(parse('1700000000 1 0\n').points).toEqual([[0, 1700000000, 1]])
    expect(parse('5 1\n', 7).points).toEqual([[0, 5, 1]])
    expect(parse('1700000000 1\n', null).points).toEqual([[0, 1700000000000, 1]])
  })

  it('counts what is no point', () => {
    expect(parse('\n1700000000001\n1700000000001 x 1\n1 0x10 1\n1 1 1\nNaN 1 1\n1 1 inf\n')).toEqual({
      ...none,
      bad: 6,
      firstBad: '',
      points: [[1, 1, 1]],
    })
    expect(parse(Buffer.from([0, 0, 7, 0x41])).firstBad).toBe('���A')
  })

  it('reads steps and times of 64 bits in all their digits', () => {
    const whole = (least: bigint) =>
      fc.oneof(
        fc.bigInt(least, 2n ** 63n - 1n),
        fc.bigInt(-3n, 3n).map((by) => 1_800_000_000_000_000_000n + by),
        fc.bigInt(-3n, 3n).map((by) => 2n ** 53n + by),
      )
    fc.assert(
      fc.property(fc.array(fc.tuple(whole(0n), whole(-(2n ** 63n))), { maxLength: 20 }), (lines) => {
        const bytes = Buffer.from(lines.map(([time, step]) => `${time} 0.5 ${step}\n`).join(''))
        const parser = lineParser(1_700_000_000_000, 1)
        parser.take(bytes, 0, bytes.length)
        const { step, time, rest } = parser.parsed().points
        const read = Array.from(step, (near, at) => [
          joinWhole(time[at] ?? 0, rest?.time[at] ?? 0),
          joinWhole(near, rest?.step[at] ?? 0),
        ])
        expect(read).toEqual(lines)
      }),
    )
    // No int64, and so no point of MLflow's: as near as a double is.
    expect(parse('1700000000001 0.5 99999999999999999999999\n').points).toEqual([[1e23, 1700000000001, 0.5]])
  })

  it('reads each number to its last bit, however it is written', () => {
    const number = fc.oneof(
      fc.double(),
      fc.double({ min: -10, max: 10 }),
      fc.integer(),
      fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(Number),
    )
    const written = number.map((value) =>
      Number.isNaN(value)
        ? 'nan'
        : Number.isFinite(value)
          ? String(value).replace('e+', 'e')
          : value > 0
            ? 'inf'
            : '-Infinity',
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(written, fc.integer()), { minLength: 1, maxLength: 20 }), (lines) => {
        const text = lines.map(([value, step], at) => `${1700000000000 + at} ${value} ${step}\n`).join('')
        const values = lines.map(([value, step], at) => [
          step,
          1700000000000 + at,
          value === 'nan' ? NaN : value === 'inf' ? Infinity : value === '-Infinity' ? -Infinity : Number(value),
        ])
        expect(parse(text)).toEqual({ ...none, points: values })
      }),
      { numRuns: 1000 },
    )
  })

  it('reads decimals of any length as JavaScript does', () => {
    const digits = fc.string({ unit: fc.integer({ min: 0, max: 9 }).map(String), maxLength: 30 })
    fc.assert(
      fc.property(fc.constantFrom('', '-', '+'), digits, digits, (sign, whole, fraction) => {
        const word = `${sign}${whole}.${fraction}`
        const expected = whole === '' && fraction === '' ? undefined : Number(word)
        expect(pythonNumber(word)).toBe(expected)
        expect(parse(`1 ${word} 2\n`).points).toEqual(expected === undefined ? [] : [[2, 1, expected]])
      }),
      { numRuns: 1000 },
    )
  })

  it('takes any bytes, a line a point or a bad one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { points, bad } = parse(Buffer.from(bytes))
        const text = Buffer.from(bytes).toString('latin1')
        const lines = text.endsWith('\n') || text === '' ? text.split('\n').length - 1 : text.split('\n').length
        expect(points.length + bad).toBe(lines)
      }),
      { numRuns: 1000 },
    )
  })
})
