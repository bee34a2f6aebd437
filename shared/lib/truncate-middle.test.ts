import fc from 'fast-check'
import { expect, test } from 'vitest'
import { truncateMiddle } from './truncate-middle.ts'

test('keeps the start and the tail, where names differ', () => {
  expect(truncateMiddle('lgbm-l15-te-smote-seed42', 12)).toBe('lgbm-…seed42')
  expect(truncateMiddle('short', 12)).toBe('short')
  expect([0, 1, 2, 3].map((maximum) => truncateMiddle('abcdef', maximum))).toEqual(['', '…', '…f', 'a…f'])
})

test('never exceeds the maximum, never splits a code point, and only cuts what is too long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, maximum) => {
      const cut = truncateMiddle(text, maximum)
      const points = Array.from(text)
      expect(Array.from(cut).length).toBeLessThanOrEqual(Math.max(maximum, 0))
      if (points.length <= maximum) expect(cut).toBe(text)
      else if (maximum > 1) {
        const [head = '', tail = ''] = splitOnce(cut, Math.floor((maximum - 1) / 2))
        expect(text.startsWith(head) && text.endsWith(tail)).toBe(true)
      }
    }),
  )
})

function splitOnce(cut: string, headLength: number): readonly string[] {
  const points = Array.from(cut)
  return [points.slice(0, headLength).join(''), points.slice(headLength + 1).join('')]
}
