import { expect, it } from 'vitest'
import { wholeJson } from './whole-json.ts'

it('keeps whole numbers in all their digits, and reads all else as JSON.parse', () => {
  const text =
    '{"a":9007199254740991,"b":9007199254740993,"c":[-1800000000000000001,1.8e18,0.1,"9007199254740993",null],"__proto__":1}'
  expect(wholeJson(text)).toEqual({
    ...(JSON.parse(text) as object),
    b: 9007199254740993n,
    c: [-1800000000000000001n, 1.8e18, 0.1, '9007199254740993', null],
  })
  expect(wholeJson('9'.repeat(100_000))).toBe(Infinity)
})

it('refuses what is no JSON, and what is nested without end', () => {
  expect(() => wholeJson('{')).toThrow(SyntaxError)
  expect(() => wholeJson('['.repeat(1e6) + ']'.repeat(1e6))).toThrow(RangeError)
})
