import { expect, it } from 'vitest'
import type { ChartColours } from './palette.ts'
import { leftOut, scatterOption, scatterPoints, scatterSeries, type ScatterModel } from './scatter-model.ts'

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
  numbers: Float64Array.of(1, 12, 3, 4),
  x: Float64Array.of(0.1, 1, Number.NaN, 0),
  y: Float64Array.of(0.5, Number.POSITIVE_INFINITY, 1, 2),
  xName: 'lr',
  yName: 'val_acc',
}

it('draws runs that have both values, in their colours', () => {
  expect(scatterPoints(model, colours).map((point) => [point.run, point.itemStyle.color])).toEqual([
    [1, 'run1'],
    [4, 'run4'],
  ])
})

it('draws only positive values on a logarithmic axis, and says what is left out', () => {
  const points = scatterPoints({ ...model, xLog: true }, colours)
  expect(points.map((point) => point.run)).toEqual([1])
  expect(leftOut(model, points.length)).toBe('3 of 4 runs have no point here')
  expect(leftOut(model, 4)).toBeUndefined()
})

it('fades no run below what can be seen, and enlarges the emphasised one', () => {
  expect(scatterOption(model, colours, 1).series[0]?.data).toMatchObject([
    { run: 1, symbolSize: 12.8, itemStyle: { opacity: 1 } },
    { run: 4, symbolSize: 8, itemStyle: { opacity: 0.35 } },
  ])
})

it('draws a cloud of any size as bare numbers, one series for each colour, and knows whose point each is', () => {
  const many = Array.from({ length: 200_000 }, (_, at) => at + 1)
  const cloud: ScatterModel = {
    ...model,
    numbers: Float64Array.from(many),
    x: Float64Array.from(many, (at) => (at === 2 ? Number.NaN : at)),
    y: Float64Array.from(many),
  }
  const parts = scatterSeries(scatterPoints(cloud, colours))
  const { series, xAxis } = scatterOption(cloud, colours, 1)
  expect(series.map(({ itemStyle }) => itemStyle)).toEqual(
    [1, 3, 4, 5, 6, 7, 8, 9, 10, 2].map((hue) => ({ opacity: 0.35, color: `run${hue}` })),
  )
  expect(series[1]?.data.slice(0, 2)).toEqual([
    [3, 3],
    [13, 13],
  ])
  expect(series.map(({ data }) => data)).toEqual(parts.map((part) => part.map(({ value }) => value)))
  expect(parts[9]?.[0]?.run).toBe(12)
  expect(xAxis.min).toBeLessThanOrEqual(1)
  expect(xAxis.max).toBeGreaterThanOrEqual(200_000)
})
