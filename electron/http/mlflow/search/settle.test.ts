import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseFilter } from '#shared/domain/filter/parse.ts'
import { printFilter } from '#shared/domain/filter/print.ts'
import { withoutEmptyClauses } from './settle.ts'

it('takes out ANDs that join nothing, and no other', () => {
  expect(
    [
      "AND a = '1'",
      "a = '1' and ",
      "a = '1' AND And AND b = '2'",
      ' AND\n',
      "a = ' AND '",
      "`and` = 'x' AND b = 'and and'",
      "(a = '1' AND )",
      "android = '1' AND and_b = '2'",
    ].map(withoutEmptyClauses),
  ).toEqual([
    "    a = '1'",
    "a = '1'     ",
    "a = '1' AND         b = '2'",
    '    \n',
    "a = ' AND '",
    "`and` = 'x' AND b = 'and and'",
    "(a = '1' AND )",
    "android = '1' AND and_b = '2'",
  ])
})

it('leaves what is whole as it is, and of what is joined too often the same clauses', () => {
  const clause = fc.constantFrom("a = '1'", 'b > 2', "c LIKE 'x AND y'", "NOT (d = '1' AND e = '2')", 'f IS NULL')
  const blank = fc.constantFrom('', ' ', ' AND ', ' and and ')
  fc.assert(
    fc.property(fc.array(fc.tuple(blank, clause), { minLength: 1, maxLength: 4 }), blank, (parts, end) => {
      const whole = parts.map(([, text]) => text).join(' AND ')
      expect(withoutEmptyClauses(whole)).toBe(whole)
      const loose =
        parts.map(([before, text], index) => (index === 0 ? before : ` AND ${before}`) + text).join('') + end
      const [expected, found] = [parseFilter(whole), parseFilter(withoutEmptyClauses(loose))]
      if (!expected.ok || !found.ok) throw new Error(`Not read: ${loose}`)
      expect(printFilter(found.value)).toBe(printFilter(expected.value))
      expect(withoutEmptyClauses(loose)).toHaveLength(loose.length)
    }),
  )
})

it('takes no longer than the filter is long', () => {
  expect(withoutEmptyClauses(' AND'.repeat(60_000)).trim()).toBe('')
})
