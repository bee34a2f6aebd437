import { expect, it } from 'vitest'
import type { RunFacts } from '#shared/contract/runs.ts'
import { comparisonMarkdown, comparisonOf } from './comparison.ts'

const facts = (name: string, lr: string, values: Readonly<Record<string, number>>): RunFacts => ({
  id: name,
  number: 1,
  name,
  status: 'finished',
  startedAt: 0,
  endedAt: 1,
  params: { lr, note: 'a | b' },
  metrics: Object.entries(values).map(([key, value]) => ({
    key,
    origin: 'logged',
    count: 1,
    last: value,
    lastStep: 1,
    lastTime: 0,
    min: value,
    minStep: 1,
    max: value,
    maxStep: 1,
  })),
  tags: {},
  packages: {},
  environment: {},
  facts: {},
  seedSpread: {},
})
const runs = [
  facts('a', '0.1', { train_loss: 0.5, val_acc: 0.8 }),
  facts('b', '0.3', { train_loss: 0.4, val_acc: 0.75 }),
]

it('what is validated stands before what is trained', () => {
  expect(comparisonOf(runs)[0]?.rows.map(({ key }) => key)).toEqual(['val_acc', 'train_loss'])
})

it('Markdown holds what differs, a table a section', () => {
  expect(comparisonMarkdown(runs)).toBe(`| Metrics | a (base) | b |
| --- | --- | --- |
| val_acc | 0.8000 | 0.7500 (−0.0500) |
| train_loss | 0.5000 | 0.4000 (−0.1000) |

| Parameters | a (base) | b |
| --- | --- | --- |
| lr | 0.1 | 0.3 |`)
})

it('what would break a table does not', () => {
  const odd = [facts('x', 'a|b\nc', {}), facts('y', '2', {})]
  expect(comparisonMarkdown(odd).split('\n').at(-1)).toBe('| lr | a\\|b c | 2 |')
})
