import { expect, it } from 'vitest'
import { columnsOfPoints } from '#renderer/charts/model.ts'
import { partedModel } from './use-apart.ts'

it('a line ends with its range, and goes on between the points of one', () => {
  const columns = columnsOfPoints([1, 2, 900, 1e18, 1e18 + 1e15], [1, 2, 3, 4, 5])
  const series = [{ id: 'a', name: 'a', run: 'a', number: 1, columns }]
  const ranges = [
    { from: 1, to: 900, unreadable: true },
    { from: 1e18, to: 1e18 + 1e15, unreadable: true },
  ]
  const parted = partedModel({ series, x: { kind: 'number' }, y: {}, smoothing: 0 }, ranges)
  const gap = parted.series[0]?.gapAfter ?? Number.NaN
  expect([gap > 1e15, gap < 1e18 - 900]).toEqual([true, true])
  expect(parted.x.apart).toBe(ranges)
})
