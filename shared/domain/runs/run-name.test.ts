import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRunName } from './run-name.ts'

test('a name is two words and a number of three digits, whatever the source of chance gives', () => {
  fc.assert(
    fc.property(fc.array(fc.double(), { minLength: 3, maxLength: 3 }), (numbers) => {
      let at = 0
      expect(makeRunName(() => numbers[at++] ?? 0)).toMatch(/^[a-z]+-[a-z]+-[1-9]\d\d$/)
    }),
  )
  expect(makeRunName(() => 0)).toBe('able-acorn-100')
  expect(makeRunName(() => 0.999_999)).toBe('zesty-wren-999')
})

test('names hardly ever meet', () => {
  const names = new Set(Array.from({ length: 2_000 }, () => makeRunName(Math.random)))
  // Of nearly ten million; two in 2,000 meet once in five such tests, ten never.
  expect(names.size).toBeGreaterThan(1_990)
})
