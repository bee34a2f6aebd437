import fc from 'fast-check'
import { expect, it } from 'vitest'
import { colourCode } from './colour-code.ts'

it('colours a snippet of Python', () => {
  const coloured = colourCode('# once\nimport os\nos.environ["A"] = 3e-4', 'python')
  expect(coloured.filter((token) => token.kind !== 'plain')).toEqual([
    { kind: 'comment', text: '# once' },
    { kind: 'key', text: 'import' },
    { kind: 'string', text: '"A"' },
    { kind: 'number', text: '3e-4' },
  ])
})

it('takes no hash inside a word for a comment in a shell', () => {
  expect(colourCode('run a#b # now', 'shell').filter((token) => token.kind === 'comment')).toEqual([
    { kind: 'comment', text: '# now' },
  ])
})

it('loses no character of any text in any language', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('"', "'", '#', '\\', '\n', ' ', 'a', '1', '.', 'import', '{', ':') }),
      fc.constantFrom('text' as const, 'python' as const, 'shell' as const, 'json' as const),
      (code, language) =>
        colourCode(code, language)
          .map((token) => token.text)
          .join('') === code,
    ),
  )
})
