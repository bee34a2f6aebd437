import { expect, it } from 'vitest'
import type { SeriesSummary } from '#shared/contract/runs.ts'
import { headlines } from './headline.ts'

const series = (
  key: string,
  last: number,
  min: number,
  max: number,
  origin: SeriesSummary['origin'] = 'logged',
): SeriesSummary => ({
  key,
  origin,
  count: 5,
  last,
  lastStep: 5,
  lastTime: 0,
  min,
  minStep: 2,
  max,
  maxStep: 3,
})
const detail = {
  metrics: [
    series('lr', 0.1, 0.1, 0.2),
    series('train_loss', 0.5, 0.4, 1),
    series('val_acc', 0.8, 0.7, 0.9),
    series('system/cpu_percent', 50, 1, 99, 'system'),
  ],
}

it('of a first run, the best of each metric by its goal, what is validated first', () => {
  expect(headlines(detail, undefined)).toEqual([
    { key: 'val_acc', kind: 'best', value: 0.9, step: 3, delta: null, goal: 'up' },
    { key: 'train_loss', kind: 'best', value: 0.4, step: 2, delta: null, goal: 'down' },
    { key: 'lr', kind: 'last', value: 0.1, step: 5, delta: null, goal: 'neutral' },
  ])
})

it('after a run before, a difference belongs to the value that it was taken of', () => {
  const changed = { metrics: [{ key: 'val_acc', step: 4, before: 0.75, now: 0.8, goal: 'up' as const }] }
  expect(
    headlines(detail, changed).map(({ key, kind, value, delta }) => [key, kind, value, delta?.toFixed(2)]),
  ).toEqual([
    ['val_acc', 'best', 0.9, undefined],
    ['val_acc', 'against', 0.8, '0.05'],
    ['train_loss', 'best', 0.4, undefined],
    ['lr', 'last', 0.1, undefined],
  ])
})
