import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnEdges, columnWindow, dropIndex, rowWindow, scrollToShow } from './grid-window.ts'
import { gridIntent, type KeyPress } from './grid-keys.ts'
import { rowsOf } from './model.ts'
import { applySelection } from './selection.ts'
import { nextSort } from './sorting.ts'

describe('rowWindow', () => {
  it('covers the view and has one length, so that slots do not clash', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.integer({ min: 0, max: 2000 }),
        fc.constantFrom(24, 28, 32),
        fc.integer({ min: 0, max: 100_000 }),
        (scroll, height, row, count) => {
          const scrollTop = Math.min(scroll, Math.max(0, count * row - height))
          const { start, end } = rowWindow(scrollTop, height, row, count)
          const first = Math.floor(scrollTop / row)
          const last = Math.min(count, Math.ceil((scrollTop + height) / row))
          const sameLength = rowWindow(0, height, row, count)
          return start >= 0 && end <= count && start <= first && end >= last && end - start === sameLength.end
        },
      ),
    )
  })
})

describe('columnWindow', () => {
  it('draws every column that touches the view', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 400 }), { minLength: 1, maxLength: 80 }),
        fc.nat(20_000),
        fc.nat(3000),
        (widths, left, width) => {
          const edges = columnEdges(widths)
          const { start, end } = columnWindow(edges, left, width)
          return widths.every((_, at) => {
            const seen = edges[at + 1]! > left && edges[at]! < left + width
            return !seen || (at >= start && at < end)
          })
        },
      ),
    )
  })
  it('leaves out what is far away', () => {
    const edges = columnEdges(Array.from({ length: 100 }, () => 100))
    expect(columnWindow(edges, 5000, 1000)).toEqual({ start: 49, end: 61 })
    expect(columnWindow([0], 0, 100)).toEqual({ start: 0, end: 0 })
  })
})

it('scrolls no further than needed', () => {
  expect(scrollToShow(100, 200, 120, 148)).toBe(100)
  expect(scrollToShow(100, 200, 40, 68)).toBe(40)
  expect(scrollToShow(100, 200, 400, 428)).toBe(228)
  expect(scrollToShow(100, 20, 400, 428)).toBe(400)
})

it('drops before the column whose middle the pointer has not passed', () => {
  const edges = columnEdges([100, 100, 100])
  expect([10, 60, 140, 260, 999].map((x) => dropIndex(edges, x))).toEqual([0, 1, 1, 3, 3])
})

describe('gridIntent', () => {
  const shape = { lines: 11, columns: 4, page: 5 }
  const rows = { onTree: false, expanded: undefined }
  const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
    key,
    mod: false,
    alt: false,
    shift: false,
    ...held,
  })
  const to = (key: string, line: number, column: number, held: Partial<KeyPress> = {}) => {
    const intent = gridIntent(press(key, held), { line, column }, shape, rows)
    return intent?.kind === 'move' ? [intent.to.line, intent.to.column, intent.extend] : intent?.kind
  }
  it('moves as the grid pattern says, and with j and k', () => {
    expect(to('j', 1, 2)).toEqual([2, 2, false])
    expect(to('k', 1, 2)).toEqual([0, 2, false])
    expect(to('ArrowDown', 10, 2)).toEqual([10, 2, false])
    expect(to('ArrowDown', 4, 2, { shift: true })).toEqual([5, 2, true])
    expect(to('PageDown', 3, 0)).toEqual([8, 0, false])
    expect(to('PageUp', 3, 0)).toEqual([1, 0, false])
    expect(to('Home', 5, 3)).toEqual([5, 0, false])
    expect(to('End', 5, 0, { mod: true })).toEqual([10, 3, false])
  })
  it('leaves what it does not know to the page', () => {
    expect(to('j', 1, 2, { mod: true })).toBeUndefined()
    expect(to('Tab', 1, 2)).toBeUndefined()
    expect(to('ArrowDown', 1, 2, { alt: true })).toBeUndefined()
  })
  it('opens groups on the column with the twisty only', () => {
    const group = { onTree: true, expanded: false }
    expect(gridIntent(press('ArrowRight'), { line: 2, column: 1 }, shape, group)?.kind).toBe('expand')
    expect(gridIntent(press('ArrowLeft'), { line: 2, column: 1 }, shape, { ...group, expanded: true })?.kind).toBe(
      'collapse',
    )
    expect(gridIntent(press('ArrowRight'), { line: 2, column: 1 }, shape, { ...group, onTree: false })?.kind).toBe(
      'move',
    )
  })
  it('sorts, resizes and moves columns in the header', () => {
    expect(gridIntent(press('Enter', { shift: true }), { line: 0, column: 1 }, shape, rows)).toEqual({
      kind: 'sort',
      add: true,
    })
    expect(gridIntent(press('ArrowLeft', { shift: true }), { line: 0, column: 1 }, shape, rows)).toEqual({
      kind: 'resize',
      by: -8,
    })
    expect(gridIntent(press('ArrowRight', { alt: true }), { line: 0, column: 1 }, shape, rows)).toEqual({
      kind: 'reorder',
      by: 1,
    })
    expect(gridIntent(press('F10', { shift: true }), { line: 0, column: 1 }, shape, rows)).toEqual({ kind: 'menu' })
  })
})

describe('nextSort', () => {
  const loss = { id: 'loss', firstSort: 'asc' } as const
  const auc = { id: 'auc', firstSort: 'desc' } as const
  it('goes through its directions and out again', () => {
    const one = nextSort([], auc, false)
    const two = nextSort(one, auc, false)
    expect([one, two, nextSort(two, auc, false)]).toEqual([
      [{ column: 'auc', direction: 'desc' }],
      [{ column: 'auc', direction: 'asc' }],
      [],
    ])
  })
  it('adds further keys and turns them in their place', () => {
    const both = nextSort([{ column: 'auc', direction: 'desc' }], loss, true)
    expect(both.map((key) => key.column)).toEqual(['auc', 'loss'])
    expect(nextSort(both, auc, true)).toEqual([
      { column: 'auc', direction: 'asc' },
      { column: 'loss', direction: 'asc' },
    ])
    expect(nextSort(both, loss, false)).toEqual([{ column: 'loss', direction: 'desc' }])
  })
})

describe('applySelection', () => {
  const rows = rowsOf(['a', 'b', 'c', 'd'].map((id) => ({ id, data: null })))
  const ids = (selected: ReadonlySet<string>) => [...selected].toSorted().join('')
  it('toggles, extends in both directions, takes all and none', () => {
    const one = applySelection(new Set(), { kind: 'toggle', id: 'c' }, rows)
    expect(ids(one)).toBe('c')
    expect(ids(applySelection(one, { kind: 'toggle', id: 'c' }, rows))).toBe('')
    expect(ids(applySelection(one, { kind: 'range', from: 2, to: 0 }, rows))).toBe('abc')
    expect(ids(applySelection(one, { kind: 'range', from: 3, to: 99 }, rows))).toBe('cd')
    expect(ids(applySelection(one, { kind: 'all' }, rows))).toBe('abcd')
    expect(ids(applySelection(one, { kind: 'none' }, rows))).toBe('')
  })
  it('leaves out rows that are not loaded', () => {
    const gaps = { count: 4, row: (index: number) => (index === 1 ? undefined : rows.row(index)) }
    expect(ids(applySelection(new Set(), { kind: 'all' }, gaps))).toBe('acd')
  })
})
