import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyLayout, hideColumn, layOut, moveColumn, pinColumn, readLayout, resizeColumn } from './column-layout.ts'
import type { GridColumn } from './model.ts'

const column = (id: string): GridColumn<null> => ({ id, title: id, width: 80, render: () => null })
const columns = ['a', 'b', 'c', 'd'].map(column)
const ids = (drawn: readonly { id: string }[]) => drawn.map((one) => one.id).join('')

describe('layOut', () => {
  it('draws pinned columns first, leaves out hidden ones, and takes widths', () => {
    const layout = resizeColumn(hideColumn(pinColumn(emptyLayout, 'c', true), 'a', true), 'b', 10)
    expect(ids(layOut(columns, layout))).toBe('cbd')
    expect(layOut(columns, layout)[1]?.width).toBe(48)
  })
  it('puts new columns where they would stand by themselves', () => {
    const layout = moveColumn(emptyLayout, layOut(columns, emptyLayout), 'd', 0)
    expect(ids(layOut(columns, layout))).toBe('dabc')
    expect(ids(layOut(['a', 'x', 'b', 'c', 'd'].map(column), layout))).toBe('daxbc')
  })
})

describe('moveColumn', () => {
  it('moves before the place that was meant, in both directions', () => {
    const drawn = layOut(columns, emptyLayout)
    expect(ids(layOut(columns, moveColumn(emptyLayout, drawn, 'a', 2)))).toBe('bacd')
    expect(ids(layOut(columns, moveColumn(emptyLayout, drawn, 'a', 4)))).toBe('bcda')
    expect(ids(layOut(columns, moveColumn(emptyLayout, drawn, 'd', 1)))).toBe('adbc')
    expect(moveColumn(emptyLayout, drawn, 'unknown', 1)).toBe(emptyLayout)
  })
  it('loses no column, whatever is moved', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(4))), (moves) => {
        const layout = moves.reduce((now, [id, to]) => moveColumn(now, layOut(columns, now), id, to), emptyLayout)
        return (
          Array.from(ids(layOut(columns, layout)))
            .toSorted()
            .join('') === 'abcd'
        )
      }),
    )
  })
  it('keeps the rank of a hidden column', () => {
    const ordered = moveColumn(emptyLayout, layOut(columns, emptyLayout), 'd', 0)
    const hidden = hideColumn(ordered, 'a', true)
    const moved = moveColumn(hidden, layOut(columns, hidden), 'c', 1)
    expect(ids(layOut(columns, hideColumn(moved, 'a', false)))).toBe('dacb')
  })
})

it('reads only what it wrote', () => {
  const layout = moveColumn(pinColumn(emptyLayout, 'b', true), columns, 'a', 3)
  expect(readLayout(JSON.parse(JSON.stringify(layout)))).toEqual(layout)
  expect(readLayout('x')).toBeUndefined()
  expect(readLayout({ order: [1, 'a'], widths: { a: 'x', b: 3 }, pinned: 4 })).toEqual({
    order: ['a'],
    widths: { b: 3 },
    pinned: {},
    hidden: {},
  })
})
