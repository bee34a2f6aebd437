import fc from 'fast-check'
import { expect, it } from 'vitest'
import { displayWidth, printTable, type Table } from './print-table.ts'

const table: Table = {
  columns: [
    { title: 'run', align: 'right' },
    { title: 'name', align: 'left' },
    { title: 'acc', align: 'right' },
  ],
  rows: [
    [1, 'plain', 0.5],
    [12, '漢字', Number.NaN],
    [3, null, -Infinity],
    [4, 'bell \u0007 and \u001b[31mred\u001b[0m\nnext line', null],
    [5, 'e\u0301tude 🎲', 1e-9],
  ],
}

it('aligns what eyes read, whatever the width of a character, and lets no text steer the terminal', () => {
  expect(printTable(table, 'table')).toBe(
    [
      'run  name                                     acc',
      '  1  plain                                    0.5',
      ' 12  漢字                                     NaN',
      '  3  –                                  -Infinity',
      '  4  bell � and �[31mred�[0m next line          –',
      '  5  e\u0301tude 🎲                                1e-9',
      '',
    ].join('\n'),
  )
})

it('cuts long texts in their middle', () => {
  const long: Table = { columns: [{ title: 'x', align: 'left' }], rows: [[`start${'-'.repeat(1_000_000)}end`]] }
  const [, line = ''] = printTable(long, 'table').split('\n')
  expect([line.length, line.startsWith('start-'), line.endsWith('-end')]).toEqual([60, true, true])
  expect(printTable(long, 'table', { longest: 20, headless: true }).length).toBe(21)
})

it('keeps exact numbers for programs, and writes those that JSON lacks as texts', () => {
  expect(JSON.parse(printTable(table, 'json'))).toEqual([
    { run: 1, name: 'plain', acc: 0.5 },
    { run: 12, name: '漢字', acc: 'NaN' },
    { run: 3, name: null, acc: '-Infinity' },
    { run: 4, name: table.rows[3]?.[1], acc: null },
    { run: 5, name: table.rows[4]?.[1], acc: 1e-9 },
  ])
})

it('writes CSV that reads back as it was', () => {
  const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a,b', '"', 'a\r\nb', ' lead', '=1+1'))
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      const columns = ['a', 'b'].map((title) => ({ title, align: 'left' as const }))
      const text = printTable({ columns, rows }, 'csv')
      expect(text.endsWith('\r\n')).toBe(true)
      expect(parseCsv(text)).toEqual([['a', 'b'], ...rows])
    }),
  )
})

it.each([
  ['abc', 3],
  ['漢字', 4],
  ['e\u0301', 1],
  ['🎲', 2],
  ['', 0],
])('%s takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width)
})

/** RFC 4180, read by a reader of its own. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

it('writes whole numbers of 64 bits in all their digits', () => {
  const wide = { columns: [{ title: 'step', align: 'right' as const }], rows: [[1_800_000_000_000_000_007n]] }
  expect((['table', 'csv', 'json'] as const).map((style) => printTable(wide, style).replaceAll(/\s+/g, ' '))).toEqual([
    ' step 1800000000000000007 ',
    'step 1800000000000000007 ',
    '[ { "step": 1800000000000000007 } ] ',
  ])
})
