import fc from 'fast-check'
import { expect, it } from 'vitest'
import { numberColumn, textColumn } from './columns.ts'
import { type Order, sorted } from './order.ts'

const ROWS = 12
const number = fc.constantFrom(undefined, Number.NaN, -Infinity, -1.5, -0, 0, 2, Infinity)
const text = fc.constantFrom(undefined, '', 'B', 'a', 'ä', 'b')
const lists = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 })
const order: fc.Arbitrary<Order> = fc.record({
  ascending: fc.boolean(),
  column: fc.oneof(
    fc.array(number, { minLength: ROWS, maxLength: ROWS }).map(numberColumn),
    fc.array(text, { minLength: ROWS, maxLength: ROWS }).map(textColumn),
    fc.array(lists, { minLength: ROWS, maxLength: ROWS }).map((values) => ({ kind: 'texts' as const, values })),
  ),
})

/** What a row is sorted by in one order. */
function keyOf({ column }: Order, row: number): number | string | undefined {
  return column.kind === 'texts' ? column.values[row]?.[0] : column.values[row]
}

it('sorts by the first order that tells two rows apart: NaN after numbers, what is missing last, whichever the direction', () => {
  fc.assert(
    fc.property(fc.array(order, { minLength: 1, maxLength: 3 }), fc.uniqueArray(fc.nat(ROWS - 1)), (orders, rows) => {
      const found = sorted(rows, orders)
      expect(found.toSorted((a, b) => a - b)).toEqual(rows.toSorted((a, b) => a - b))
      for (let index = 1; index < found.length; index++) {
        const [before, after] = [found[index - 1] as number, found[index] as number]
        const telling = orders.find((one) => {
          const [a, b] = [keyOf(one, before), keyOf(one, after)]
          return !(a === b || (Number.isNaN(a) && Number.isNaN(b)))
        })
        if (telling === undefined) {
          expect(before).toBeLessThan(after)
          continue
        }
        const [a, b] = [keyOf(telling, before), keyOf(telling, after)]
        expect(a).toBeDefined()
        if (b === undefined || Number.isNaN(b)) continue
        expect(a).not.toBeNaN()
        const rises = (a as number | string) < b
        expect(rises).toBe(telling.ascending)
      }
    }),
  )
})
