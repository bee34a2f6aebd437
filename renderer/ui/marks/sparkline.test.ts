import { describe, expect, it } from 'vitest'
import { finiteExtent, sparkPath } from './sparkline.tsx'

const size = { width: 66, height: 18 }

describe('sparkPath', () => {
  it('spans the box and ends in the last point', () => {
    expect(sparkPath([0, 1], size, { low: 0, high: 1 })).toEqual({ line: 'M1.5 15.5L62.5 2.5', end: [62.5, 2.5] })
  })
  it('lifts the pen at NaN and holds what is beyond the scale', () => {
    expect(sparkPath([0, Number.NaN, 9], size, { low: 0, high: 1 }).line).toBe('M1.5 15.5M62.5 2.5')
  })
  it('draws nothing of nothing', () => {
    expect(sparkPath([], size, { low: 0, high: 1 })).toEqual({ line: '', end: undefined })
    expect(sparkPath([Number.NaN], size, { low: 0, high: 1 }).end).toBeUndefined()
  })
})

it('takes the extent of finite values only', () => {
  expect(finiteExtent([3, Number.POSITIVE_INFINITY, -2, Number.NaN])).toEqual({ low: -2, high: 3 })
  expect(finiteExtent([Number.NaN])).toEqual({ low: 0, high: 1 })
})
