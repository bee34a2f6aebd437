import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apartRanges, rangeAround, windowOf } from './apart.ts'
import { layoutChart } from './frame-layout.ts'
import { columnsOfPoints, type LineSeries } from './model.ts'
import { linearTicks } from './ticks.ts'
import { zoomAround } from './zoom.ts'

const NANOSECONDS = 1_790_000_000_000_000_000

const line = (id: string, x: readonly number[]): LineSeries => ({
  id,
  name: id,
  run: id,
  number: 1,
  columns: columnsOfPoints(
    x,
    x.map((_, at) => at),
  ),
})
const upTo = (count: number, every = 1, from = 0): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + at * every)

describe('ranges of x that lie far apart', () => {
  it('are steps of one run beside the nanoseconds of another, or of the same', () => {
    const small = { from: 1, to: 1_000, unreadable: true }
    const large = { from: NANOSECONDS, to: NANOSECONDS + 9e9, unreadable: true }
    const [first, second] = [upTo(1_000, 1, 1), upTo(10, 1e9, NANOSECONDS)]
    expect(apartRanges([line('a', first), line('b', first), line('c', second)])).toEqual([small, large])
    expect(apartRanges([line('a', [...first, ...second])])).toEqual([small, large])
  })

  it('are epochs beside a count of samples, but not one number beside a whole line', () => {
    expect(apartRanges([line('epochs', upTo(10)), line('samples', [1e6, 1.5e6])])).toMatchObject([
      { to: 9, unreadable: true },
      { from: 1e6, unreadable: false },
      { from: 1.5e6 },
    ])
    expect(apartRanges([line('start', [0]), line('steps', upTo(100, 1_000, 400_000))])).toEqual([])
  })

  it('are none where a line passes through all of x, where each x is far from the next, or where nothing is', () => {
    expect(apartRanges([line('short', upTo(10)), line('long', upTo(500, 2_000))])).toEqual([])
    expect(apartRanges([line('rare', upTo(10, 1e6)), line('short', upTo(10))])).toEqual([])
    expect(apartRanges([])).toEqual([])
    expect(apartRanges([line('one', [5])])).toEqual([])
  })

  it('are found where all small steps came as one bucket', () => {
    const one = line('a', [1, NANOSECONDS])
    const columns = { ...one.columns, min: Float64Array.from([0, 1]), max: Float64Array.from([5, 1]), exact: false }
    expect(apartRanges([{ ...one, columns }])).toMatchObject([{ unreadable: true }, { unreadable: false }])
    expect(apartRanges([one])).toEqual([])
  })

  it('are never found among steps of one kind, however many runs ended early', () => {
    const runs = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 1_000 }), (lengths, every) => {
        expect(apartRanges(lengths.map((length, at) => line(String(at), upTo(length, every))))).toEqual([])
      }),
    )
  })
})

it('a window within a range is zoomed within it', () => {
  const series = [line('a', upTo(1_000, 1, 1)), line('b', upTo(10, 1e9, NANOSECONDS))]
  const ranges = apartRanges(series)
  expect(rangeAround(ranges, [10, 20])?.from).toBe(1)
  expect(rangeAround(ranges, [10, 2_000])).toBeUndefined()
  const model = { series, x: { kind: 'number', apart: ranges }, y: {}, smoothing: 0 } as const
  const { whole, x } = layoutChart(model, { width: 400, height: 200 }, [1, 1_000], false, () => 10)
  expect(whole).toEqual([1, 1_000])
  // A millionth of all of x would be more than all small steps.
  expect(zoomAround([1, 1_000], whole, 500, 2)).toEqual([250.5, 750])
  expect(x.domain).toEqual([1, 1_000])
  expect(windowOf({ from: 3, to: 3 })).toEqual([2, 4])
})

it('ticks that would all read alike say how far they are from the first', () => {
  const { values, format } = linearTicks([NANOSECONDS, NANOSECONDS + 9e9], 4)
  expect(values.map(format)).toEqual(['1.79e18', '+2e9', '+4e9', '+6e9', '+8e9'])
  const millions = linearTicks([12_345_678, 12_345_682], 4)
  expect(millions.values.map(millions.format)).toEqual(['1.2346e7', '+1', '+2', '+3', '+4'])
})
