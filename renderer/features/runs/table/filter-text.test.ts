import fc from 'fast-check'
import { expect, it } from 'vitest'
import { filterPieces } from './filter-text.tsx'

it('colours words of the grammar, strings and numbers', () => {
  const pieces = filterPieces(`val_acc > 0.8 and not name like 'lgbm%'`, undefined)
  expect(pieces.filter(({ kind }) => kind !== 'plain').map(({ text, kind }) => `${kind} ${text}`)).toEqual([
    'number 0.8',
    'word and',
    'word not',
    'word like',
    `string 'lgbm%'`,
  ])
})

it('marks what is wrong, at least one character', () => {
  expect(filterPieces('lr = = 1', { from: 5, to: 5 }).map(({ text, kind }) => [text, kind])).toContainEqual([
    '=',
    'wrong',
  ])
})

it('joined, the pieces are the text', () => {
  const span = fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
  fc.assert(
    fc.property(fc.string(), fc.option(span, { nil: undefined }), (text, wrong) => {
      expect(
        filterPieces(text, wrong)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
    }),
  )
})
