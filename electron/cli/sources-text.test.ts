import { expect, it } from 'vitest'
import type { ImportedSource, ImportRecord, ImportReport } from '#shared/contract/imports.ts'
import { NOTHING_CAME } from '#shared/domain/imports/nothing-came.ts'
import { historyText, sourcesText, takenBackText } from './sources-text.ts'

const NOW = Date.UTC(2026, 1, 3, 12)
const report = (given: Partial<ImportReport> = {}): ImportReport => ({
  startedAt: NOW - 1000,
  endedAt: NOW,
  outcome: 'done',
  problem: null,
  came: NOTHING_CAME,
  knownRuns: 0,
  notes: [],
  moreNotes: 0,
  ...given,
})
const source = (given: Partial<ImportedSource>): ImportedSource => ({
  source: 1,
  kind: 'mlflow-files',
  location: '/a',
  artifacts: 'copy',
  watched: false,
  addedAt: NOW,
  readAt: null,
  runs: 2,
  referenced: 0,
  missingSince: null,
  report: report(),
  imports: 1,
  retry: null,
  tokenKept: false,
  job: null,
  ...given,
})

it('says of each source how it stands', () => {
  const failed = report({ outcome: 'failed', problem: 'away' })
  const states = [
    source({}),
    source({ watched: true }),
    source({ report: null }),
    source({ report: failed }),
    source({ report: failed, watched: true, retry: { at: NOW + 40_000, failures: 3 } }),
    source({ job: 'j', watched: true }),
  ].map((one) => (sourcesText([one], NOW).split('\n')[1] ?? '').replace(/^.*copied +– +/, ''))
  expect(states).toEqual([
    'done',
    'done, followed',
    'cut short',
    'failed',
    'failed, followed, tried again in 40 s',
    'coming, followed',
  ])
})

it('tells of each import what came and why something did not', () => {
  const note = (why: string) => ({ kind: 'skipped' as const, what: 'run a', why })
  const record = (given: Partial<ImportRecord>): ImportRecord => ({
    record: 1,
    source: 1,
    kind: 'mlflow-files',
    location: '/a',
    rounds: null,
    report: report(),
    ...given,
  })
  const text = historyText(
    [
      record({
        rounds: 12,
        report: report({ came: { ...NOTHING_CAME, updatedRuns: 9, points: 3, copiedFiles: 1, copiedBytes: 2000 } }),
      }),
      record({
        report: report({ outcome: 'failed', problem: 'gone', notes: ['1', '2', '3', '4'].map(note), moreNotes: 5 }),
      }),
    ],
    true,
    NOW,
  )
  expect(text.replaceAll(/^.*  \/a/gm, '/a')).toBe(`/a (followed, 12 rounds)
  9 updates of runs, 3 points, 1 file (2 kB)
/a
  nothing new
  failed: gone
  skipped: run a: 1
  skipped: run a: 2
  skipped: run a: 3
  and 6 more notes; --json tells them
Older ones: --json tells up to two hundred.
`)
})

it('tells what was taken back, what stays, and why', () => {
  const kept = [{ kind: 'noticed' as const, what: 'churn version 2', why: 'its stage was changed here' }]
  const none = { runs: 0, registeredModels: 0, modelVersions: 0, kept: [] }
  expect(
    [none, { ...none, runs: 1 }, { runs: 2, registeredModels: 1, modelVersions: 3, kept }, { ...none, kept }].map(
      takenBackText,
    ),
  ).toEqual([
    'There is nothing that this source alone brought and that is as it came.\n',
    '1 run moved to the trash, kept 30 days.\nUndo in the app brings all of it back.\n',
    '2 runs moved to the trash, kept 30 days.\n3 model versions and 1 registered model deleted.\n  stays: churn version 2: its stage was changed here\nUndo in the app brings all of it back.\n',
    'There is nothing that this source alone brought and that is as it came.\n  stays: churn version 2: its stage was changed here\n',
  ])
})
