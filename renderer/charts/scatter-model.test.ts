import { expect, it } from 'vitest'
import type { ChartColours } from './palette.ts'
import { leftOut, scatterOption, scatterPoints, type ScatterModel } from './scatter-model.ts'

const colours: ChartColours = {
  text1: 't1',
  text2: 't2',
  text3: 't3',
  line1: 'l1',
  line2: 'l2',
  line3: 'l3',
  canvas: 'c',
  sunken: 's',
  focus: 'f',
  runs: Array.from({ length: 10 }, (_, at) => `run${at + 1}`),
}
const model: ScatterModel = {
  runs: ['a', 'b', 'c', 'd'],
  names: ['A', 'B', 'C', 'D'],
  numbers: [1, 12, 3, 4],
  x: Float64Array.of(0.1, 1, Number.NaN, 0),
  y: Float64Array.of(0.5, Number.POSITIVE_INFINITY, 1, 2),
  xName: 'lr',
  yName: 'val_acc',
}

it('draws runs that have both values, in their colours', () => {
  expect(scatterPoints(model, colours).map((point) => [point.run, point.itemStyle.color])).toEqual([
    ['a', 'run1'],
    ['d', 'run4'],
  ])
})

it('draws only positive values on a logarithmic axis, and says what is left out', () => {
  const points = scatterPoints({ ...model, xLog: true }, colours)
  expect(points.map((point) => point.run)).toEqual(['a'])
  expect(leftOut(model, points.length)).toBe('3 of 4 runs have no point here')
  expect(leftOut(model, 4)).toBeUndefined()
})

it('fades no run below what can be seen, and enlarges the emphasised one', () => {
  const data = scatterOption(model, colours, 'a').series[0]?.data
  expect(data?.map((point) => [point.run, point.symbolSize, point.itemStyle.opacity])).toEqual([
    ['a', 12.8, 1],
    ['d', 8, 0.35],
  ])
})
