import { expect, it } from 'vitest'
import type { ModelVersionRow } from '#shared/contract/models.ts'
import { comparable } from './comparable.ts'

const version = (number: number, more: Partial<ModelVersionRow> = {}): ModelVersionRow => ({
  version: number,
  stage: 'none',
  aliases: [],
  description: '',
  tags: [],
  createdAt: 0,
  updatedAt: 0,
  user: null,
  run: { id: `r${number}`, name: `run ${number}`, number, lifecycle: 'active' },
  state: 'ready',
  type: null,
  ...more,
})
const gone = { id: 'gone', name: '', number: 0, lifecycle: null }

it('offers to compare a version with the one before it and those that scripts load, where both runs are there', () => {
  const list = [
    version(6),
    version(5),
    version(4, { aliases: ['champion', 'best'] }),
    version(3, { stage: 'production' }),
    version(2, { aliases: ['old'], run: gone }),
    version(1, { run: null }),
  ]
  const offered = (at: number): readonly (readonly [string, string])[] =>
    comparable(list, list[at] ?? version(0)).map(({ words, runs }) => [words, runs.join(' ')] as const)
  expect([0, 2, 3, 4, 5].map(offered)).toEqual([
    [
      ['version 5', 'r5 r6'],
      ['version 4, @champion, @best', 'r4 r6'],
      ['version 3, production', 'r3 r6'],
    ],
    [['version 3, production', 'r3 r4']],
    [['version 4, @champion, @best', 'r4 r3']],
    [],
    [],
  ])
})

it('offers none where both came from one run', () => {
  const two = version(2)
  const one = version(1, { run: two.run, aliases: ['champion'] })
  expect(comparable([two, one], two)).toEqual([])
})
