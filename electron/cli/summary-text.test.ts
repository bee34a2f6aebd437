import { expect, it } from 'vitest'
import type { Changed, RunDetail } from '#shared/contract/runs.ts'
import { stripEscapes } from '#shared/domain/control-characters.ts'
import { summaryText } from './summary-text.ts'

const ADDRESS = 'http://127.0.0.1:5080/#/p/churn/runs/a'

function metric(key: string, last: number, lastStep: number, origin: 'logged' | 'system' = 'logged') {
  const none = { lastTime: null, min: last, minStep: null, max: last, maxStep: null }
  return { key, origin, count: 3, last, lastStep, ...none }
}

function run(change: Partial<RunDetail> = {}): RunDetail {
  return {
    ...({} as RunDetail),
    name: 'warm-fox',
    number: 2,
    status: 'finished',
    ending: 'Finished.',
    startedAt: 1_000,
    endedAt: 16_000,
    metrics: [metric('loss', 0.25, 4), metric('system/cpu', 90, 4, 'system'), metric('val_acc', 0.9, 5)],
    ...change,
  }
}

const NOTHING: Changed = {
  previous: { id: 'p', name: 'cold-elk', number: 1, startedAt: 0, status: 'finished' },
  params: [],
  sameParams: 3,
  code: null,
  packages: [],
  samePackages: 9,
  dataFiles: [],
  sameDataFiles: 0,
  metrics: [],
}

it('tells the metrics against the previous run, what changed and the address', () => {
  const changed: Changed = {
    ...NOTHING,
    params: [
      { key: 'lr', before: '0.1', now: '0.5' },
      { key: 'text', before: null, now: 'a very long value that would fill the whole line by itself' },
    ],
    code: { added: 18, removed: 3, files: 2, why: null },
    packages: [{ name: 'torch', before: '2.1', now: '2.2' }],
    dataFiles: [{ path: 'a.csv', what: 'changed' }],
    metrics: [
      { key: 'loss', step: 4, before: 0.5, now: 0.25, goal: 'down' },
      { key: 'val_acc', step: 4, before: 0.87, now: 0.882, goal: 'up' },
    ],
  }
  expect(summaryText(run(), changed, ADDRESS, false)).toBe(
    `
warm-fox #2 finished in 15 s, against cold-elk #1
  loss     0.2500 at 4  −0.2500
  val_acc  0.9000 at 5  +0.0120 at 4
  changed  lr 0.1 → 0.5; text not set → a very long…ne by itself; +18 −3 lines in 2 files; 1 package; 1 data file
  ${ADDRESS}
`,
  )
  const coloured = summaryText(run(), changed, ADDRESS, true)
  // A loss that fell and an accuracy that rose are both better.
  expect(coloured).toContain('\u001b[32m−0.2500\u001b[39m')
  expect(coloured).toContain('\u001b[32m+0.0120 at 4\u001b[39m')
})

it('says that nothing changed, why a run failed, and does without what is not known', () => {
  expect(summaryText(run(), NOTHING, ADDRESS, false)).toContain('\n  changed  nothing that is recorded\n')
  const failed = run({ status: 'failed', ending: 'Ended by its own error,\u001b[31m with exit code 1.', metrics: [] })
  expect(summaryText(failed, null, ADDRESS, false)).toBe(
    `\nwarm-fox #2 failed in 15 s: Ended by its own error,�[31m with exit code 1.\n  ${ADDRESS}\n`,
  )
  expect(summaryText(run({ startedAt: null, metrics: [] }), { ...NOTHING, previous: null }, ADDRESS, false)).toBe(
    `\nwarm-fox #2 finished\n  ${ADDRESS}\n`,
  )
})

it('counts what it does not show', () => {
  const metrics = Array.from({ length: 9 }, (_, index) => metric(`m${index}`, index, 1))
  const params = Array.from({ length: 7 }, (_, index) => ({ key: `p${index}`, before: '1', now: '2' }))
  const text = summaryText(run({ metrics }), { ...NOTHING, params }, ADDRESS, false)
  expect(text).toContain('and 3 more metrics')
  expect(text).toContain('p3 1 → 2; 3 more parameters\n')
})

it('shows NaN and infinities as they are', () => {
  const metrics = [metric('a', Number.NaN, 1), metric('b', Infinity, 2)]
  const changed = { ...NOTHING, metrics: [{ key: 'a', step: 1, before: 1, now: Number.NaN, goal: 'up' as const }] }
  const text = stripEscapes(summaryText(run({ metrics }), changed, ADDRESS, true))
  expect(text).toContain('  a        NaN at 1  NaN\n')
  expect(text).toContain('  b        ∞ at 2\n')
})
