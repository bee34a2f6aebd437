import { describe, expect, it } from 'vitest'
import type { FoundSource, ImportReport } from '#shared/contract/imports.ts'
import { NOTHING_CAME } from '#shared/domain/imports/nothing-came.ts'
import { planText, progressText, reportText } from './import-text.ts'

const source: FoundSource = {
  kind: 'mlflow-files',
  location: '/data/mlruns',
  era: 'file store',
  experiments: [
    { id: '0', name: 'Default', deleted: false, runs: 3 },
    { id: '1', name: 'old', deleted: true, runs: 1 },
  ],
  runs: { new: 2, changed: 1, known: 1, elsewhere: 0, inTrash: 0, erased: 0, moved: [] },
  loggedModels: 0,
  registeredModels: 1,
  modelVersions: 2,
  modelsHere: { logged: 0, registered: 0, versions: 0, deleted: 0 },
  artifacts: { files: 12, bytes: 3_400_000, missing: 1, remote: 0, counted: true },
  source: null,
  notes: [{ kind: 'skipped', what: 'run 3f', why: 'its meta.yaml is cut off' }],
}
const report: ImportReport = {
  startedAt: 0,
  endedAt: 1,
  outcome: 'done',
  problem: null,
  came: NOTHING_CAME,
  knownRuns: 0,
  notes: [],
  moreNotes: 0,
}

describe('the plan', () => {
  const place = { id: 'churn-1', name: 'churn', folder: '/home/ada/churn' }
  const plan = { location: '/data', sources: [source], problem: null, freeBytes: 5e9 }

  it('says what comes, what is copied, and what room there is', () => {
    expect(planText(plan, 'copy', place)).toBe(
      `/data/mlruns (file store)
  2 experiments, 4 runs: 2 new, 1 changed, 1 here already
  1 registered model, 2 versions
  12 files to copy, 3.4 MB
  1 run or model whose files were not found
  run 3f: its meta.yaml is cut off
3.4 MB to copy; 5 GB free on the project's disk.
Project: churn (/home/ada/churn)
`,
    )
  })

  it('needs no room where files stay', () => {
    expect(planText(plan, 'reference', place)).toContain('12 files stay there, 3.4 MB')
    expect(planText(plan, 'reference', place)).not.toContain('free')
    const one = { ...source, artifacts: { ...source.artifacts, files: 1, bytes: 2 } }
    expect(planText({ ...plan, sources: [one] }, 'reference', place)).toContain('1 file stays there, 2 B')
  })

  it('says that a folder becomes a project', () => {
    expect(planText(plan, 'copy', { ...place, id: null })).toContain('\nProject: churn (/home/ada/churn), a new one\n')
  })

  it('says why runs that were here stay out', () => {
    const runs = { ...source.runs, inTrash: 1, erased: 1, moved: [{ project: 'thesis', runs: 2 }] }
    expect(planText({ ...plan, sources: [{ ...source, runs }] }, 'copy', place)).toContain(
      '1 here already, 1 deleted here, left out until restored from the trash, 1 deleted here for good, left out until the sources it came from are forgotten, 2 moved to project thesis, left out here\n',
    )
  })

  it('says which models are here', () => {
    const second = { ...source, modelsHere: { logged: 0, registered: 1, versions: 1, deleted: 1 } }
    expect(planText({ ...plan, sources: [second] }, 'copy', place)).toContain(
      '  1 registered model (here already), 2 versions (1 here already), 1 deleted here, left out\n',
    )
  })

  it('names what stays behind', () => {
    expect(planText({ ...plan, problem: '/data/old.db is damaged.' }, 'copy', place)).toMatch(
      /\nLeft out: \/data\/old\.db is damaged\.\n$/,
    )
  })
})

it('tells progress on one line', () => {
  const progress = { phase: 'runs', current: 'calm-otter', done: 1200, total: 10_000, points: 5, bytes: 0 } as const
  expect(progressText(progress)).toBe('runs 1,200 of 10,000 · 5 points · calm-otter')
})

describe('the report', () => {
  it('says what came', () => {
    const came = { ...NOTHING_CAME, runs: 1, points: 2000, copiedFiles: 2, copiedBytes: 1000 }
    expect(reportText('/a', { ...report, came, knownRuns: 3 })).toBe(
      '/a\n  1 run, 2,000 points, 2 files (1 kB)\n  3 runs here already, as there\n',
    )
  })

  it('says why it ended early, and of many notes only the first', () => {
    const notes = Array.from({ length: 25 }, (_, index) => ({
      kind: 'skipped' as const,
      what: `run ${index}`,
      why: 'x',
    }))
    const text = reportText('/a', { ...report, outcome: 'failed', problem: 'The disk is full.', notes, moreNotes: 7 })
    expect(text.split('\n').slice(0, 5)).toEqual([
      '/a',
      '  nothing new',
      '  failed: The disk is full.',
      '  what has come stays, and importing again goes on from there',
      '  skipped: run 0: x',
    ])
    expect(text).toMatch(/run 19: x\n {2}and 12 more notes; --json tells them\n$/)
  })
})
