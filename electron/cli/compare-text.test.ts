import { expect, it } from 'vitest'
import type { CodeDifference, RunFacts } from '#shared/contract/runs.ts'
import { compareText } from './compare-text.ts'

function run(number: number, change: Partial<RunFacts>): RunFacts {
  return {
    id: `id${number}`,
    number,
    name: `run ${number}`,
    status: 'finished',
    startedAt: 0,
    endedAt: 1,
    params: { lr: '0.1', same: 'x' },
    metrics: [],
    tags: {},
    packages: { numpy: '2.1', torch: '2.2' },
    environment: {},
    facts: { commit: 'abc' },
    seedSpread: {},
    ...change,
  }
}

const accuracy = (max: number): RunFacts['metrics'][number] => ({
  key: 'val_acc',
  origin: 'logged',
  count: 1,
  last: max,
  lastStep: 1,
  lastTime: 0,
  min: 0,
  minStep: 0,
  max,
  maxStep: 1,
})

const two: readonly RunFacts[] = [
  run(1, { metrics: [accuracy(0.8)], seedSpread: { val_acc: 0.01 } }),
  run(2, {
    metrics: [accuracy(0.85)],
    params: { lr: '1e-1', same: 'x', wd: '0' },
    packages: { numpy: '2.2', torch: '2.2' },
  }),
]
const diff = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\u001b[2J\n'
const code: readonly CodeDifference[] = [{ diff, added: 1, removed: 1, files: 1, why: null }]
const plain = { all: false, diff: false }

it('shows what differs, the gap in standard deviations, and the size of the code difference', () => {
  expect(compareText({ facts: two, code, ...plain }, 'table')).toBe(
    [
      '                        run 1 #1  run 2 #2',
      'Metrics (1 differs)',
      '  val_acc max           0.8000    0.8500* +0.0500 (5.0 sd)',
      'Parameters (1 differs)',
      '  wd                    not set   0',
      'Code (1 differs)',
      '  lines                           +1 −1 in 1 file',
      'Packages (1 differs)',
      '  numpy                 2.1       2.2',
      '',
    ].join('\n'),
  )
})

it('counts no lines as different of which nothing is recorded, and says why', () => {
  const runs = [run(1, { facts: { command: 'a' } }), run(2, { facts: { command: 'b' } })]
  const unknown: CodeDifference = { diff: null, added: 0, removed: 0, files: 0, why: 'Nothing is recorded.' }
  const lines = compareText({ facts: runs, code: [unknown], ...plain }, 'table').split('\n')
  expect(lines.map((line) => line.trimEnd())).toContain('Code (1 differs of 2)')
  expect(lines.at(-2)).toMatch(/lines +Nothing is recorded\./)
})

it('shows the rest when asked for all, and the lines when asked for the diff', () => {
  const text = compareText({ facts: two, code, all: true, diff: true }, 'table')
  expect(text).toContain('Parameters (1 differs of 3)')
  expect(text).toMatch(/^ {2}same +x +same$/m)
  expect(text).toContain('\nrun 1 #1 → run 2 #2\ndiff --git a/x b/x\n')
  expect(text.endsWith('-a\n+b�[2J\n')).toBe(true)
})

it('says once that nothing is recorded of a run', () => {
  const facts = [two[0]!, run(2, { packages: {} })]
  const text = compareText({ facts, code: [], ...plain }, 'table')
  expect(text).toMatch(/^Packages +2 +not recorded$/m)
  expect(text).not.toContain('numpy')
})

it('says that code cannot be compared, and that nothing differs', () => {
  const unknown = [{ diff: null, added: 0, removed: 0, files: 0, why: 'Nothing is recorded of the code of run 2.' }]
  expect(compareText({ facts: two, code: unknown, ...plain }, 'table')).toContain(
    'Nothing is recorded of the code of run 2.',
  )
  const same = [{ diff: '', added: 0, removed: 0, files: 0, why: null }]
  expect(compareText({ facts: [run(1, {}), run(2, {})], code: same, ...plain }, 'table')).toBe(
    'Nothing that was recorded differs.\n',
  )
})

it('gives programs a row for each difference', () => {
  expect(JSON.parse(compareText({ facts: two, code, ...plain }, 'json'))).toEqual([
    { section: 'metrics', key: 'val_acc', 'run 1 #1': 0.8, 'run 2 #2': 0.85 },
    { section: 'params', key: 'wd', 'run 1 #1': null, 'run 2 #2': '0' },
    { section: 'code', key: 'lines', 'run 1 #1': null, 'run 2 #2': '+1 −1 in 1 file' },
    { section: 'packages', key: 'numpy', 'run 1 #1': '2.1', 'run 2 #2': '2.2' },
  ])
})
