import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clippedExtent, xExtent, yDomain, yExtent } from './extent.ts'
import { spreadLabels } from './labels.ts'
import { lowerBound, nearestIndex, readAt, snap, stepFrom } from './lookup.ts'
import { columnsOfPoints, type LineSeries } from './model.ts'
import { linearScale, logScale } from './scale.ts'
import { smooth, smoothAll } from './smooth.ts'
import { durationTicks, linearTicks, logTicks, niceStep } from './ticks.ts'
import { clampDomain, dragDomain, panBy, zoomAround } from './zoom.ts'

const series = (x: readonly number[], y: readonly number[]): LineSeries => ({
  id: 'a',
  name: 'a',
  run: 'a',
  number: 1,
  columns: columnsOfPoints(x, y),
})

describe('scales', () => {
  it('turn back what they turned', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.boolean(), (value, log) => {
        const scale = (log ? logScale : linearScale)([1e-4, 1e7], [300, 20])
        return (
          Math.abs(scale.toValue(scale.toPixel(value)) / value - 1) < 1e-6 ||
          (!log && Math.abs(scale.toValue(scale.toPixel(value)) - value) < 1e-3)
        )
      }),
    )
  })
  it('has no place for what a log axis cannot show, and room for a single value', () => {
    expect(logScale([1, 10], [0, 1]).toPixel(0)).toBeNaN()
    expect(linearScale([3, 3], [0, 10]).toPixel(3)).toBe(5)
  })
})

describe('ticks', () => {
  it('are round, and written with the digits that their step has', () => {
    const ticks = linearTicks([0.8245, 0.8515], 6)
    expect(ticks.values.map(ticks.format)).toEqual(['0.825', '0.830', '0.835', '0.840', '0.845', '0.850'])
    expect(linearTicks([0, 450], 5).values).toEqual([0, 100, 200, 300, 400])
    const small = linearTicks([0, 3e-7], 3)
    expect(small.values.map(small.format)).toEqual(['0', '1e−7', '2e−7', '3e−7'])
  })
  it('steps by 1, 2 or 5', () => {
    expect([0.11, 0.2, 0.3, 7, 34].map((raw) => niceStep(raw))).toEqual([0.1, 0.2, 0.2, 5, 50])
  })
  it('on a log axis are powers of ten, with parts where there is room', () => {
    expect(logTicks([0.32, 2.4], 4).values).toEqual([0.5, 1, 2])
    expect(logTicks([0.32, 2.4], 6).values).toEqual([0.5, 0.7, 1, 1.5, 2])
    expect(logTicks([1e-4, 1e3], 7).values).toEqual([1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000])
    expect(logTicks([1, 1.5], 5).values).toEqual([1, 1.1, 1.2, 1.3, 1.4, 1.5])
    expect(logTicks([0, 1], 5).values).toEqual([])
  })
  it('of time are round times', () => {
    const ticks = durationTicks([0, 65 * 60_000], 5)
    expect(ticks.values.map(ticks.format)).toEqual(['0', '15 min', '30 min', '45 min', '1 h'])
  })
  it('lie inside the domain, ascend, and are never many more than wanted', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (from, span, wanted) => {
          const to = from + span
          const { values } = linearTicks([from, to], wanted)
          const room = span * 1e-6 + Math.abs(from) * 1e-9
          return (
            values.length <= wanted * 1.6 + 1 &&
            values.every(
              (value, at) => value >= from - room && value <= to + room && (at === 0 || value > values[at - 1]!),
            )
          )
        },
      ),
    )
  })
})

describe('extents', () => {
  const two = [series([0, 1, 2, 3], [1, 5, Number.NaN, 2]), series([2, 9], [0, Number.POSITIVE_INFINITY])]
  it('look at finite values, and at x of odd ones', () => {
    expect(xExtent(two)).toEqual([0, 9])
    expect(yExtent(two, [0, 9], false)).toEqual([0, 5])
    expect(yExtent(two, [0, 9], true)).toEqual([1, 5])
    expect(xExtent([])).toBeUndefined()
  })
  it('say when something lies beyond a fixed edge', () => {
    expect(yDomain(two, [0, 9], { high: 3 }, undefined)).toMatchObject({ clipped: { top: true, bottom: false } })
    expect(yDomain(two, [0, 9], { low: 0, high: 5 }, undefined)).toEqual({
      domain: [0, 5],
      clipped: { top: false, bottom: false },
    })
  })
  it('makes room for the reference, and for nothing', () => {
    expect(yDomain(two, [0, 9], {}, 9).domain[1]).toBeGreaterThan(9)
    expect(yDomain([], [0, 1], {}, undefined).domain).toEqual([-0.05, 1.05])
    expect(yDomain([], [0, 1], {}, 0).domain).toEqual([-0.05, 1])
    expect(yDomain([series([1], [7])], [0, 2], {}, undefined).domain[0]).toBeLessThan(7)
    expect(yDomain([series([1], [-7])], [0, 2], { log: true }, undefined).domain[0]).toBeGreaterThan(0)
  })
  it('leaves out a few extreme values only when they hide the rest', () => {
    const x = Array.from({ length: 200 }, (_, at) => at)
    const calm = x.map((at) => Math.sin(at))
    expect(clippedExtent([series(x, calm)], [0, 200], false, [-1, 1])).toEqual([-1, 1])
    const wild = calm.map((value, at) => (at === 3 ? 1000 : value))
    expect(clippedExtent([series(x, wild)], [0, 200], false, [-1, 1000])[1]).toBeLessThan(3)
  })
})

describe('lookup', () => {
  const xs = Float64Array.from([1, 2, 4, 8])
  it('finds by halves', () => {
    expect([0, 1, 3, 8, 9].map((x) => lowerBound(xs, x))).toEqual([0, 0, 2, 3, 4])
    expect([0, 2.9, 3, 3.1, 99].map((x) => nearestIndex(xs, x))).toEqual([0, 1, 1, 2, 3])
    expect(nearestIndex(new Float64Array(), 1)).toBe(-1)
  })
  it('reads the nearest point and makes up none', () => {
    const one = columnsOfPoints([0, 1, 2, 10], [5, 6, Number.NaN, 7])
    expect(readAt(one, 1.2)).toEqual({ at: 1, x: 1, value: 6, low: 6, high: 6 })
    expect(readAt(one, 2)).toBeUndefined()
    expect(readAt(one, 30)).toBeUndefined()
    expect(readAt(one, 7, 2)).toBeUndefined()
    expect(readAt(columnsOfPoints([], []), 1)).toBeUndefined()
  })
  it('snaps and steps over all series', () => {
    const both = [series([0, 10, 20], [1, 1, 1]), series([3, 13], [1, 1])]
    expect(snap(both, 12)).toBe(13)
    expect(stepFrom(both, 10, 1)).toBe(13)
    expect(stepFrom(both, 10, -1)).toBe(3)
    expect(stepFrom(both, 20, 1)).toBeUndefined()
    expect(stepFrom(both, 0, 10)).toBe(13)
  })
})

describe('smooth', () => {
  it('keeps a constant as it is, from its first point on', () => {
    expect([...smooth(Float64Array.from([3, 3, 3]), 0.9)].map((value) => value.toFixed(9))).toEqual([
      '3.000000000',
      '3.000000000',
      '3.000000000',
    ])
  })
  it('is the formula, worked by hand', () => {
    // w = 0.5 over 1, 3: s = 0.5, then 0.25 + 1.5 = 1.75 with mass 0.75.
    expect([...smooth(Float64Array.from([1, 3]), 0.5)]).toEqual([1, 1.75 / 0.75])
  })
  it('stays within the bounds of its values and passes gaps on', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (values, weight) => {
          const out = smooth(Float64Array.from(values), weight)
          const room = 1e-6 * Math.max(1, ...values.map(Math.abs))
          return out.every((value) => value >= Math.min(...values) - room && value <= Math.max(...values) + room)
        },
      ),
    )
    expect(smooth(Float64Array.from([1, Number.NaN, 1]), 0.6)[1]).toBeNaN()
  })
})

it('smooths sparse and dense lines over the same length of x', () => {
  const dense = {
    ...series(
      Array.from({ length: 101 }, (_, at) => at / 10),
      Array.from({ length: 101 }, (_, at) => at % 2),
    ),
    id: 'dense',
  }
  const sparse = { ...series([0, 2, 4], [0, 1, 1]), id: 'sparse' }
  const smoothed = smoothAll({ series: [dense, sparse, { ...sparse, id: 'base', baseline: true }], smoothing: 0.9 })
  expect([...smoothed.keys()]).toEqual(['dense', 'sparse'])
  expect(smoothed.get('dense')).toEqual(smooth(dense.columns.last, 0.9))
  expect(smoothed.get('sparse')).toEqual(smooth(sparse.columns.last, 0.9 ** 20))
  expect(smoothAll({ series: [series([3], [5])], smoothing: 0.9 }).get('a')).toEqual(Float64Array.of(5))
  expect(smoothAll({ series: [dense], smoothing: 0 }).size).toBe(0)
})

describe('spreadLabels', () => {
  it('moves two that meet by the same way, and leaves others', () => {
    expect(spreadLabels([50, 50, 200], 13, 0, 300)).toEqual([43.5, 56.5, 200])
    expect(spreadLabels([2, 3], 13, 10, 300)).toEqual([10, 23])
    expect(spreadLabels([299, 300], 13, 0, 300)).toEqual([287, 300])
  })
  it('keeps the order and the distance, and stays inside while there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 20 }), (wanted) => {
        const placed = spreadLabels(wanted, 13, 0, 300)
        const order = wanted.map((_, at) => at).toSorted((a, b) => wanted[a]! - wanted[b]!)
        const sorted = order.map((at) => placed[at]!)
        return sorted.every(
          (value, at) => value >= -1e-9 && value <= 300 + 1e-9 && (at === 0 || value - sorted[at - 1]! >= 13 - 1e-9),
        )
      }),
    )
  })
})

describe('zoom', () => {
  it('keeps what is under the pointer, and the whole is no zoom', () => {
    expect(zoomAround([0, 100], [0, 100], 25, 2)).toEqual([12.5, 62.5])
    expect(zoomAround([12.5, 62.5], [0, 100], 25, 0.5)).toBeNull()
    expect(panBy([10, 20], [0, 100], -5)).toEqual([0, 10])
    expect(dragDomain(60, 20, [0, 100], 50)).toEqual([20, 60])
    expect(dragDomain(60, 20, [0, 100], 3)).toBeNull()
  })
  it('never leaves the whole', () => {
    const number = fc.double({ min: -1e4, max: 1e4, noNaN: true })
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [from, to] = clampDomain([Math.min(a, b), Math.max(a, b)], [0, 100])
        return from >= -1e-9 && to <= 100 + 1e-9 && to > from
      }),
    )
  })
})
