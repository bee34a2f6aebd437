import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type History, inTimeOrder, telling } from './history.ts'

type Point = { readonly step: number; readonly time: number; readonly value: number }

const value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(Number.NaN, Infinity, -Infinity, 0.5))
const point = fc.record({ step: fc.integer({ min: 0, max: 40 }), time: fc.integer({ min: 0, max: 20 }), value })
/** As the store gives them: by step, time and value. */
const history = fc
  .array(point, { maxLength: 120 })
  .map((points) => points.toSorted((a, b) => a.step - b.step || a.time - b.time || order(a.value) - order(b.value)))

function order(number: number): number {
  return Number.isNaN(number) ? Number.MAX_VALUE : number
}

function columns(points: readonly Point[]): History {
  return {
    step: Float64Array.from(points, ({ step }) => step),
    time: Float64Array.from(points, ({ time }) => time),
    value: Float64Array.from(points, ({ value: number }) => number),
  }
}

it('orders points by time, step and value, NaN as 0, and loses none', () => {
  fc.assert(
    fc.property(history, (points) => {
      const { step, time, value: values } = inTimeOrder(columns(points))
      const ordered = Array.from(step, (at, index) => ({ step: at, time: time[index] ?? 0, value: values[index] ?? 0 }))
      const zero = (number: number): number => (Number.isNaN(number) ? 0 : number)
      const isBefore = (a: Point, b: Point): boolean =>
        a.time !== b.time ? a.time < b.time : a.step !== b.step ? a.step < b.step : zero(a.value) <= zero(b.value)
      for (let index = 1; index < ordered.length; index++)
        expect(isBefore(ordered[index - 1] as Point, ordered[index] as Point)).toBe(true)
      const sorted = (list: readonly Point[]): readonly string[] =>
        list.map((one) => String(Object.values(one))).toSorted()
      expect(sorted(ordered)).toEqual(sorted(points))
    }),
  )
})

it('samples at most as many points as asked for, with both ends, and the extremes whatever the size', () => {
  fc.assert(
    fc.property(
      history,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ max: 20 }),
      fc.integer({ min: 20 }),
      (points, size, from, to) => {
        const given = columns(points)
        const chosen = telling(given, { near: from, rest: 0 }, { near: to, rest: 0 }, size)
        const inside = points.flatMap(({ step }, index) => (step >= from && step <= to ? [index] : []))
        expect(chosen.length).toBeLessThanOrEqual(size)
        expect(chosen).toEqual([...new Set(chosen)].toSorted((a, b) => a - b))
        expect(chosen.filter((index) => !inside.includes(index))).toEqual([])
        if (inside.length <= size) {
          expect(chosen).toEqual(inside)
          return
        }
        expect(chosen.at(-1)).toBe(inside.at(-1))
        if (size === 1) return
        expect(chosen[0]).toBe(inside[0])
        if (size < 4) return
        const valuesOf = (indexes: readonly number[]): readonly number[] =>
          indexes.map((index) => points[index]?.value ?? Number.NaN).filter((number) => !Number.isNaN(number))
        expect(Math.max(...valuesOf(chosen))).toBe(Math.max(...valuesOf(inside)))
        expect(Math.min(...valuesOf(chosen))).toBe(Math.min(...valuesOf(inside)))
      },
    ),
    { numRuns: 500 },
  )
})
