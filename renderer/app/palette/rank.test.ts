import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fit, pieces, rank } from './rank.ts'

const labels = (query: string, items: readonly { label: string; note?: string; words?: string }[]) =>
  rank(query, items).map(({ item }) => item.label)

describe('rank', () => {
  it('puts starts before middles, and pieces before letters', () => {
    const items = ['Reimport runs', 'Delete import', 'Import MLflow runs…', 'In my portfolio'].map((label) => ({
      label,
    }))
    expect(labels('import', items)).toEqual([
      'Import MLflow runs…',
      'Delete import',
      'Reimport runs',
      'In my portfolio',
    ])
  })
  it('finds words in any order, initials, and words of the note', () => {
    const items = [
      { label: 'Run again with changes…' },
      { label: 'Watch a folder', note: 'keeps importing as it grows' },
      { label: 'Go to runs' },
    ]
    expect(labels('changes run', items)).toEqual(['Run again with changes…'])
    expect(labels('gtr', items)).toEqual(['Go to runs'])
    expect(labels('importing', items)).toEqual(['Watch a folder'])
  })
  it('finds further words, below the others', () => {
    expect(
      labels('theme', [{ label: 'Use dark colours', words: 'theme night' }, { label: 'Theme of the system' }]),
    ).toEqual(['Theme of the system', 'Use dark colours'])
  })
  it('keeps all, as they are, for no query', () => {
    expect(labels('  ', [{ label: 'b' }, { label: 'a' }])).toEqual(['b', 'a'])
  })
})

describe('fit', () => {
  it('names the letters that fit', () => {
    expect(fit('num_l', 'num_leaves')?.at).toEqual([0, 1, 2, 3, 4])
    expect(fit('gr', 'Go to runs')?.at).toEqual([0, 6])
    expect(fit('x', 'Go to runs')).toBeUndefined()
  })
  it('names only letters of the query, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (query, text) => {
        const found = fit(query, text)
        const wanted = query.toLowerCase()
        return found === undefined || found.at.every((at) => wanted.includes(text.toLowerCase()[at]!))
      }),
    )
  })
})

it('parts a text without losing a letter', () => {
  expect(pieces('Import runs', [0, 1, 7])).toEqual([
    { text: 'Im', fits: true },
    { text: 'port ', fits: false },
    { text: 'r', fits: true },
    { text: 'uns', fits: false },
  ])
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.nat(40)),
      (text, at) =>
        pieces(text, at)
          .map((piece) => piece.text)
          .join('') === text,
    ),
  )
})
