import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chooseNumberFormat,
  chooseWrittenFormat,
  exactNumber,
  formatBytes,
  formatBytesPerSecond,
  formatDelta,
  formatMeanSd,
  formatNumber,
  formatPercent,
  formatQuantity,
  isNegligible,
} from './format.ts'

const column = (values: readonly number[]) => {
  const format = chooseNumberFormat(values)
  return values.map((value) => formatNumber(value, format))
}

describe('a column', () => {
  test('has one count of decimals, from its largest value', () => {
    expect(column([0.8497, 0.84, 0.8])).toEqual(['0.8497', '0.8400', '0.8000'])
    expect(column([12.345, 1.5, -0.25])).toEqual(['12.35', '1.50', '−0.25'])
    expect(column([2384.2, 5.1])).toEqual(['2,384', '5'])
  })

  test('of integers stays integer, with commas', () => {
    expect(column([5634, 10_000, 12, 1_234_567])).toEqual(['5,634', '10,000', '12', '1,234,567'])
  })

  test('shows NaN and infinities without letting them choose the format', () => {
    expect(column([0.5, Number.NaN, Infinity, -Infinity])).toEqual(['0.5000', 'NaN', '∞', '−∞'])
    expect(column([Number.NaN])).toEqual(['NaN'])
    expect(chooseNumberFormat([])).toEqual({ kind: 'integer' })
  })

  test('never claims a zero that is none', () => {
    expect(column([0.9, 0.000001, 0])).toEqual(['0.9000', '1.0e−6', '0.0000'])
  })

  test('out of reach of plain digits has exponents', () => {
    expect(column([1.5e-9, 2e-10])).toEqual(['1.500e−9', '2.000e−10'])
    expect(column([2e18, 1])).toEqual(['2.000e18', '1.000e0'])
  })
})

test('a number that stands alone has at most four significant digits', () => {
  const shown = [0.8827, 0.1, 0.039216, 1e-5, 2384.3, 1e21, -0, -3.10001, 0.000123456].map((value) =>
    formatNumber(value),
  )
  expect(shown).toEqual(['0.8827', '0.1', '0.03922', '0.00001', '2,384', '1e21', '0', '−3.1', '0.0001235'])
})

test('the exact value reads back as the same number', () => {
  fc.assert(fc.property(fc.double(), (value) => Object.is(Number(exactNumber(value)), value)))
})

test('a formatted number reads back within half a unit of its last digit', () => {
  const range = { noNaN: true, min: -1e12, max: 1e12 }
  fc.assert(
    fc.property(fc.array(fc.double(range), { minLength: 1 }), (values) => {
      const format = chooseNumberFormat(values)
      for (const value of values) {
        const back = Number(formatNumber(value, format).replaceAll(',', '').replaceAll('−', '-'))
        const half =
          format.kind === 'fixed'
            ? 0.5 * 10 ** -format.decimals
            : format.kind === 'integer'
              ? 0
              : Math.abs(value) * 0.06
        expect(Math.abs(back - value)).toBeLessThanOrEqual(half * (1 + 1e-6) + Math.abs(value) * 1e-12)
      }
    }),
  )
})

test('differences carry their sign, and ± when under half a unit', () => {
  const four = { kind: 'fixed', decimals: 4 } as const
  const two = { kind: 'fixed', decimals: 2 } as const
  expect(formatDelta(0.0121, four)).toBe('+0.0121')
  expect(formatDelta(-0.0018, four)).toBe('−0.0018')
  expect(formatDelta(0.00004, four)).toBe('±0.0000')
  expect(formatDelta(-0, two)).toBe('±0.00')
  expect(formatDelta(0.774, two, '%')).toBe('+0.77 %')
  expect(formatDelta(-118)).toBe('−118')
  expect(formatDelta(Infinity, two)).toBe('+∞')
  expect(formatDelta(Number.NaN, two)).toBe('NaN')
  expect([isNegligible(0.00004, four), isNegligible(0.00006, four), isNegligible(Infinity, four)]).toEqual([
    true,
    false,
    false,
  ])
})

test('mean and spread share their decimals, and the spread has no leading zero', () => {
  expect(formatMeanSd(0.8497, 0.0007)).toEqual({ mean: '0.8497', sd: '± .0007' })
  expect(formatMeanSd(0.8497, 0.000003)).toEqual({ mean: '0.8497', sd: '± .000003' })
  expect(formatMeanSd(12.3, 1.5)).toEqual({ mean: '12.30', sd: '± 1.50' })
  expect(formatMeanSd(3, 0.5)).toEqual({ mean: '3.0', sd: '± .5' })
  expect(formatMeanSd(0.5, null)).toEqual({ mean: '0.5000', sd: null })
  expect(formatMeanSd(0.5, 0)).toEqual({ mean: '0.5000', sd: '± .0000' })
})

test('units stand behind one space', () => {
  expect(formatQuantity(2384, 'images/s')).toBe('2,384 images/s')
  expect(formatPercent(0.57)).toBe('57 %')
  expect(formatPercent(0.00774, 2)).toBe('0.77 %')
})

test('bytes have at most three digits and never read 1,000 of a unit', () => {
  const sizes = [0, 812, 999, 1000, 1234, 12_400, 412e6, 999_600, 4.2e9, 3.5e15, 9e20, -2048].map(formatBytes)
  expect(sizes).toEqual([
    '0 B',
    '812 B',
    '999 B',
    '1 kB',
    '1.2 kB',
    '12.4 kB',
    '412 MB',
    '1 MB',
    '4.2 GB',
    '3.5 PB',
    '900,000 PB',
    '−2 kB',
  ])
  expect(formatBytesPerSecond(412e6)).toBe('412 MB/s')
  expect(formatBytes(Number.NaN)).toBe('NaN B')
})

test('values that a person wrote have the decimals that they need', () => {
  const shown = (values: readonly number[]): readonly string[] =>
    values.map((value) => formatNumber(value, chooseWrittenFormat(values)))
  expect(shown([0.001, 0.01, 0.003])).toEqual(['0.001', '0.010', '0.003'])
  expect(shown([0.5, 0.25, Number.NaN])).toEqual(['0.50', '0.25', 'NaN'])
  expect(shown([32, 8])).toEqual(['32', '8'])
  expect(shown([0.123456789, 0.1])).toEqual(['0.1235', '0.1000'])
})
