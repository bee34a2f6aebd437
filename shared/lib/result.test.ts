import { expect, test } from 'vitest'
import { err, mapResult, ok, valueOr } from './result.ts'

test('maps successes, passes failures on and falls back', () => {
  expect(mapResult(ok(2), (value) => value * 3)).toEqual({ ok: true, value: 6 })
  expect(mapResult(err('no'), (value: number) => value * 3)).toEqual({ ok: false, error: 'no' })
  expect(valueOr(ok(2), 7)).toBe(2)
  expect(valueOr(err('no'), 7)).toBe(7)
})
