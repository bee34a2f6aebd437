import { expect, it } from 'vitest'
import type { RunDetail } from '#shared/contract/runs.ts'
import { progressOf } from './progress.ts'

type Given = Pick<RunDetail, 'progress' | 'params' | 'metrics'>
const given = (
  params: Readonly<Record<string, string>>,
  lastStep: number | null,
  count = lastStep ?? 0,
  origin: 'log' | 'logged' | 'system' = 'log',
  key = 'loss',
): Given => ({
  progress: null,
  params: Object.entries(params).map(([key, value]) => ({ key, value, origin: 'captured', source: null })),
  metrics:
    lastStep === null
      ? []
      : [{ key, origin, count, last: 1, lastStep, lastTime: 0, min: 1, minStep: 1, max: 1, maxStep: 1 }],
})

it('says what the log says, before all else', () => {
  const progress = { done: 42, total: 200, unit: 'step' }
  expect(progressOf({ ...given({ epochs: '10' }, 3), progress })).toBe(progress)
})

it.each([
  ['epochs that begin at 1', given({ epochs: '20' }, 5), { done: 5, total: 20, unit: 'epoch' }],
  ['epochs that begin at 0', given({ 'train.num_epochs': '20' }, 5, 6), { done: 6, total: 20, unit: 'epoch' }],
  ['steps', given({ max_steps: '1000' }, 250, 25), { done: 250, total: 1000, unit: 'step' }],
  [
    'steps where the epochs are fewer',
    given({ epochs: '3', max_steps: '900' }, 250, 25),
    { done: 250, total: 900, unit: 'step' },
  ],
  ['nothing logged yet', given({ epochs: '20' }, null), null],
  ['the machine alone', given({ epochs: '20' }, 5, 5, 'system'), null],
  ['the machine alone, as a client measures it', given({ epochs: '20' }, 5, 5, 'logged', 'system/x'), null],
  ['more than the whole', given({ epochs: '3' }, 250, 25), null],
  ['a parameter that is no number', given({ epochs: 'auto' }, 5), null],
  ['no such parameter', given({ lr: '0.1' }, 5), null],
])('%s', (_words, run, expected) => {
  expect(progressOf(run)).toEqual(expected)
})
