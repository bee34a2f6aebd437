import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRowTable, type Row } from '#test/fixtures/metrics/row-table.ts'
import type { SeriesColumns } from '../store.ts'
import { pointKey, pointOfKey } from './point-key.ts'
import { comparePoints, countBefore, mergePoints, subtractPoints } from './points.ts'
import { sortOrder, sortPoints } from './sort-points.ts'

const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
const row: fc.Arbitrary<Row> = fc.record({
  step: number.map((step) => step + 0),
  time: fc.integer({ min: 0, max: 2 }),
  value: fc.oneof(number, fc.constantFrom(Number.NaN, Infinity, -Infinity, -0)),
})
const rows = fc.array(row, { maxLength: 60 })

const columns = (list: readonly Row[]): SeriesColumns => ({
  step: Float64Array.from(list, ({ step }) => step),
  time: Float64Array.from(list, ({ time }) => time),
  value: Float64Array.from(list, ({ value }) => value),
})
/** The plain table's idea of sorted and distinct. */
function asSet(list: readonly Row[]): readonly Row[] {
  const table = createRowTable()
  for (const one of list) table.append(0, one)
  return table.rows(0)
}
const spell = ({ step, time, value }: Row): string => `${step} ${time} ${Object.is(value, -0) ? '-0' : value}`

test('sorting orders by step, time and value, and drops exact twins', () => {
  fc.assert(
    fc.property(rows, (list) => {
      expect(sortPoints(columns(list))).toEqual(columns(asSet(list)))
    }),
  )
})

test('sorting what is in order returns it as it is', () => {
  fc.assert(
    fc.property(rows, (list) => {
      const sorted = columns(asSet(list))
      expect(sortPoints(sorted)).toBe(sorted)
    }),
  )
})

test('a merge is the union of two sets, a subtraction their difference', () => {
  fc.assert(
    fc.property(rows, rows, (left, right) => {
      const [a, b] = [asSet(left), asSet(right)]
      expect(mergePoints(columns(a), columns(b))).toEqual(columns(asSet([...a, ...b])))
      const known = new Set(b.map(spell))
      expect(subtractPoints(columns(a), columns(b))).toEqual(columns(a.filter((one) => !known.has(spell(one)))))
    }),
  )
})

test('bisection counts the points before another', () => {
  fc.assert(
    fc.property(rows, row, (list, other) => {
      const sorted = columns(asSet(list))
      const count = (limit: number): number =>
        Array.from(sorted.step, (_, i) => comparePoints(sorted, i, columns([other]), 0)).filter(
          (order) => order < limit,
        ).length
      expect([countBefore(sorted, columns([other]), 0, false), countBefore(sorted, columns([other]), 0, true)]).toEqual(
        [count(0), count(1)],
      )
    }),
  )
})

test("a point's key sorts as bytes where the point sorts, and gives the point back", () => {
  fc.assert(
    fc.property(row, row, (left, right) => {
      const [a, b] = [columns([left]), columns([right])]
      expect(Math.sign(Buffer.compare(pointKey(a, 0), pointKey(b, 0)))).toBe(Math.sign(comparePoints(a, 0, b, 0)))
      expect(pointOfKey(pointKey(a, 0))).toEqual(a)
    }),
    { numRuns: 1_000 },
  )
})

test('an order of keys is ascending and keeps equal ones as they stood', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (list) => {
      const order = sortOrder(Float64Array.from(list))
      const expected = list.map((_, i) => i).toSorted((i, j) => (list[i] as number) - (list[j] as number) || i - j)
      expect(order === undefined ? list.map((_, i) => i) : [...order]).toEqual(expected)
    }),
  )
})
