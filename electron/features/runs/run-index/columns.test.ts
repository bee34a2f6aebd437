import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNumberColumn, denseNumbers, growNumbers, numberAt, setNumber } from './number-column.ts'
import { codeAt, createTextColumn, denseCodes, growTexts, setText, textAt, textCells } from './text-column.ts'

const ROWS = 200
const writes = <Value>(value: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(fc.nat(ROWS - 1), fc.option(value)), { maxLength: 300, size: 'max' })

test('a column of numbers holds what was set, sparse or dense, before and after it grows', () => {
  let dense = 0
  fc.assert(
    fc.property(writes(fc.constantFrom(0, -1, 0.5, Number.NaN, Infinity)), fc.nat(300), (sets, growAt) => {
      const column = createNumberColumn(ROWS)
      const model = new Map<number, number>()
      sets.forEach(([row, value], index) => {
        if (index === growAt) growNumbers(column, ROWS * 4)
        setNumber(column, row, value)
        if (value === null) model.delete(row)
        else model.set(row, value)
      })
      const rows = Array.from({ length: ROWS }, (_, row) => row)
      expect(rows.map((row) => numberAt(column, row))).toEqual(rows.map((row) => model.get(row) ?? null))
      const { values, present } = denseNumbers(column)
      expect(rows.map((row) => (present[row] === 1 ? values[row] : null))).toEqual(
        rows.map((row) => model.get(row) ?? null),
      )
      if (column.cells?.sparse === null) dense++
    }),
  )
  expect(dense).toBeGreaterThan(10)
})

test('a column of texts does so too, and counts how often each is used', () => {
  let dense = 0
  fc.assert(
    fc.property(writes(fc.constantFrom('a', 'b', '', '1', 'constructor')), fc.nat(300), (sets, growAt) => {
      const column = createTextColumn(ROWS)
      const model = new Map<number, string>()
      sets.forEach(([row, value], index) => {
        if (index === growAt) growTexts(column, ROWS * 4)
        setText(column, row, value)
        if (value === null) model.delete(row)
        else model.set(row, value)
      })
      const rows = Array.from({ length: ROWS }, (_, row) => row)
      const codes = denseCodes(column)
      expect(rows.map((row) => textAt(column, row))).toEqual(rows.map((row) => model.get(row) ?? null))
      expect(rows.map((row) => codes[row])).toEqual(rows.map((row) => codeAt(column, row)))
      const { dictionary, uses } = textCells(column)
      for (const [code, text] of dictionary.entries()) {
        expect(uses[code]).toBe([...model.values()].filter((value) => value === text).length)
      }
      if (column.cells?.sparse === null) dense++
    }),
  )
  expect(dense).toBeGreaterThan(10)
})

test('a view of a sparse column is of its latest state', () => {
  const column = createNumberColumn(ROWS)
  setNumber(column, 3, 1)
  expect(denseNumbers(column).values[3]).toBe(1)
  setNumber(column, 3, 2)
  setNumber(column, 4, 5)
  const { values, present } = denseNumbers(column)
  expect([values[3], values[4], present[5]]).toEqual([2, 5, 0])
  growNumbers(column, ROWS * 2)
  expect(denseNumbers(column).values).toHaveLength(ROWS * 2)
})
