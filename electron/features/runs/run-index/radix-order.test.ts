import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberKeys, orderByKeys, rankKeys } from './radix-order.ts'
import { naturalKey, rankTexts } from './ranking.ts'
import { createTextColumn, setText, textCells } from './text-column.ts'

type Cell = number | null

const cells = fc.array(
  fc.option(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(-0, 0, Number.NaN))),
  {
    maxLength: 60,
    size: 'max',
  },
)

function keysOf(values: readonly Cell[], descending: boolean) {
  return numberKeys(
    Float64Array.from(values, (value) => value ?? 0),
    Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
    descending,
  )
}

/** Numbers, then NaN, then gaps, whatever the direction. */
function compare(left: Cell, right: Cell, descending: boolean): number {
  const rank = (value: Cell): number => (value === null ? 2 : Number.isNaN(value) ? 1 : 0)
  if (rank(left) !== rank(right)) return rank(left) - rank(right)
  if (rank(left) > 0 || left === null || right === null) return 0
  const order = left < right ? -1 : left > right ? 1 : 0
  return descending ? -order : order
}

describe('numbers', () => {
  test('are ordered as a stable sort with a comparator orders them', () => {
    fc.assert(
      fc.property(cells, fc.boolean(), (values, descending) => {
        const expected = [...values.keys()].toSorted((a, b) =>
          compare(values[a] ?? null, values[b] ?? null, descending),
        )
        expect([...orderByKeys(values.length, [keysOf(values, descending)])]).toEqual(expected)
      }),
    )
  })

  test('of several columns: the first weighs most', () => {
    fc.assert(
      fc.property(cells, fc.boolean(), fc.boolean(), (values, one, other) => {
        // The second column is the first one reversed and rounded, so that ties of either kind are frequent.
        const second = values.toReversed().map((value) => (value === null ? null : Math.sign(value)))
        const first = values.map((value) => (value === null ? null : Math.sign(value)))
        const expected = [...values.keys()].toSorted(
          (a, b) =>
            compare(first[a] ?? null, first[b] ?? null, one) || compare(second[a] ?? null, second[b] ?? null, other),
        )
        expect([...orderByKeys(values.length, [keysOf(first, one), keysOf(second, other)])]).toEqual(expected)
      }),
    )
  })

  test('of a large column, where every digit of the radix sort has work', () => {
    const values = Float64Array.from({ length: 50_000 }, (_, index) => Math.sin(index) * 10 ** ((index % 600) - 300))
    const present = new Uint8Array(values.length).fill(1)
    const order = orderByKeys(values.length, [numberKeys(values, present, false)])
    expect(Float64Array.from(order, (position) => values[position] ?? 0)).toEqual(values.toSorted())
  })
})

describe('texts', () => {
  test('numbers in them count by value, letters without case', () => {
    const names = ['run-10', 'Run-9', 'run-9b', 'run-010', 'run', 'run-', '10', 'a1b2', 'a1b10', 'é', 'z', '']
    expect(
      names.toSorted((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : naturalKey(a) > naturalKey(b) ? 1 : 0)),
    ).toEqual(['', '10', 'a1b2', 'a1b10', 'run', 'run-', 'Run-9', 'run-9b', 'run-10', 'run-010', 'z', 'é'])
    expect(naturalKey(`x${'9'.repeat(200)}`) > naturalKey(`x${'9'.repeat(199)}`)).toBe(true)
  })

  test('a ranking that grew by a few is the ranking made anew', () => {
    const texts = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('nan', 'NaN', '1', '01', '1.0', '2', 'inf', 'B', 'b', 'a')),
      {
        maxLength: 40,
        size: 'max',
      },
    )
    fc.assert(
      fc.property(texts, texts, (some, more) => {
        const grown = createTextColumn(8)
        for (const text of some) setText(grown, 0, text)
        rankTexts(textCells(grown))
        for (const text of more) setText(grown, 0, text)
        const after = rankTexts(textCells(grown))
        const fresh = rankTexts({ ...textCells(grown), ranking: undefined })
        expect([after.ranks, after.odd]).toEqual([fresh.ranks, fresh.odd])
      }),
    )
  })

  test('ranks sort with gaps last and nan before them, both ways', () => {
    const ranks = Uint32Array.of(3, 0, 1, 2, 0)
    const present = Uint8Array.of(1, 1, 1, 1, 0)
    expect([...orderByKeys(5, [rankKeys(ranks, present, 3, false)])]).toEqual([1, 2, 3, 0, 4])
    expect([...orderByKeys(5, [rankKeys(ranks, present, 3, true)])]).toEqual([3, 2, 1, 0, 4])
  })
})
