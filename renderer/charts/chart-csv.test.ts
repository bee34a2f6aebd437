import { describe, expect, it } from 'vitest'
import { chartCsv, csvField, unionOfX, valueAt } from './chart-csv.ts'
import { columnsOfPoints, type LineSeries } from './model.ts'

const series = (name: string, x: readonly number[], y: readonly number[]): LineSeries => ({
  id: name,
  name,
  run: name,
  number: 1,
  columns: columnsOfPoints(x, y),
})
const one = series('a', [0, 1, 2], [0.5, Number.NaN, Number.NEGATIVE_INFINITY])
const two = series('=b,"', [1, 3], [1e-7, 2])

describe('chartCsv', () => {
  it('has a row for each x, exact values, odd ones by name, and holes', () => {
    expect(chartCsv('step', [one, two])).toBe(
      ['step,a,"\'=b,"""', '0,0.5,', '1,NaN,1e-7', '2,-Infinity,', '3,,2', ''].join('\r\n'),
    )
  })
  it('adds the bounds of buckets', () => {
    const columns = {
      ...columnsOfPoints([0, 5], [1, 2]),
      min: Float64Array.of(0, 1),
      max: Float64Array.of(4, 5),
      exact: false,
    }
    expect(chartCsv('x', [{ ...one, columns }])).toBe('x,a,a min,a max\r\n0,1,0,4\r\n5,2,1,5\r\n')
  })
})

it('keeps numbers numbers, and makes no formula of a text', () => {
  expect([csvField(-3), csvField('-3'), csvField('a\nb'), csvField(undefined)]).toEqual(['-3', "'-3", '"a\nb"', ''])
})

it('joins x of all series once', () => {
  expect([...unionOfX([one, two])]).toEqual([0, 1, 2, 3])
  expect(valueAt(one.columns, 9)).toBeUndefined()
  expect(valueAt(series('c', [0], [Number.POSITIVE_INFINITY]).columns, 0)).toBe(Number.POSITIVE_INFINITY)
})
