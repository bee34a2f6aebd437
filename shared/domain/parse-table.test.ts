import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fileKindOf } from './file-kind.ts'
import { parseTable } from './parse-table.ts'

const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`

it('whatever is written by RFC 4180 is read', () => {
  const cell = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), (rows) => {
      const text = rows.map((row) => row.map(quote).join(',')).join('\r\n')
      // The first line decides on the separator; keep it plain.
      const table = parseTable(`a,b\r\n${text}`, 100)
      expect(table.rows).toEqual(rows)
    }),
  )
})

it('tabs, semicolons, a byte order mark, a cut file', () => {
  expect(parseTable('\uFEFFx\ty\n1\t2\n', 10)).toEqual({ header: ['x', 'y'], rows: [['1', '2']], truncated: false })
  expect(parseTable('x;y\n1,5;2', 10).rows).toEqual([['1,5', '2']])
  expect(parseTable('x,y\n1,2\n3,4\n5,6\n', 2)).toEqual({
    header: ['x', 'y'],
    rows: [
      ['1', '2'],
      ['3', '4'],
    ],
    truncated: true,
  })
  expect(parseTable('x,y\n1,"2', 10).rows).toEqual([['1', '2']])
})

it('kinds by name', () => {
  expect(
    ['a/b.PNG', 'model.pkl', 'MLmodel', 'requirements.txt', 'x.csv', 'README', 'Dockerfile', 'm.svg'].map(fileKindOf),
  ).toEqual(['image', 'other', 'text', 'text', 'table', 'text', 'text', 'image'])
})
