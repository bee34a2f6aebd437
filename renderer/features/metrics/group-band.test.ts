import { expect, it } from 'vitest'
import type { Level } from '#shared/contract/metrics.ts'
import { groupBand } from './group-band.ts'

const level = (x: readonly number[], y: readonly number[]): Level => {
  const values = Float64Array.from(y)
  return {
    run: 'r',
    key: 'k',
    x: Float64Array.from(x),
    first: values,
    min: values,
    max: values,
    last: values,
    oddX: new Float64Array(),
    oddKind: new Float64Array(),
    count: x.length,
    exact: true,
  }
}

it('means of what each run has at that x, between its own points on its line', () => {
  const { columns, band } = groupBand([level([0, 1, 2], [1, 3, 5]), level([0, 2], [3, 5]), level([1], [Number.NaN])])
  expect([...columns.x]).toEqual([0, 1, 2])
  expect([...columns.last]).toEqual([2, 3.5, 5])
  expect([...band.low]).toEqual([1, 3, 5])
  expect([...band.high]).toEqual([3, 4, 5])
})

it('a run that ended early no longer counts', () => {
  expect([...groupBand([level([0, 1], [1, 1]), level([0, 1, 2], [3, 3, 9])]).columns.last]).toEqual([2, 2, 9])
})

it('nothing gives nothing', () => {
  expect(groupBand([]).columns.x).toHaveLength(0)
})
