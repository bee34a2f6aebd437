import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fitColumns } from './fit-columns.ts'
import type { GridColumn } from './model.ts'

const column = (width: number, minimum?: number): GridColumn<null> => ({
  id: `${width}`,
  title: '',
  width,
  ...(minimum === undefined ? {} : { minimum }),
  render: () => null,
})
const widths = (columns: readonly GridColumn<null>[], room: number): readonly number[] =>
  fitColumns(columns, room).map(({ width }) => width)

it('gives the last column what is left over, and takes of what can be spared where there is too little', () => {
  const three = [column(100), column(200, 100), column(100, 50)]
  expect([widths(three, 500), widths(three, 400), widths(three, 325), widths(three, 250), widths(three, 10)]).toEqual([
    [100, 200, 200],
    [100, 200, 100],
    [100, 150, 75],
    [100, 100, 50],
    [100, 100, 50],
  ])
  const sized = three.map((one, at) => (at === 0 ? one : { ...one, sized: true }))
  expect([widths(sized, 500), widths(sized, 300)]).toEqual([
    [100, 200, 100],
    [100, 200, 100],
  ])
  expect([widths(three, 0), widths([], 100)]).toEqual([[100, 200, 100], []])
})

it('fills the room to the pixel wherever the columns may be that narrow, and never goes below a minimum', () => {
  const given = fc.record({ minimum: fc.integer({ min: 20, max: 300 }), more: fc.integer({ min: 0, max: 300 }) })
  fc.assert(
    fc.property(fc.array(given, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 4_000 }), (all, room) => {
      const fitted = widths(
        all.map(({ minimum, more }) => column(minimum + more, minimum)),
        room,
      )
      const least = all.reduce((sum, { minimum }) => sum + minimum, 0)
      expect(fitted.reduce((sum, width) => sum + width, 0)).toBe(Math.max(least, room))
      expect(fitted.every((width, at) => width >= (all[at]?.minimum ?? 0))).toBe(true)
    }),
  )
})
