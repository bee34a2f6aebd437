import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ImportReport } from '#shared/contract/imports.ts'
import { openTestProject, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { listRecords, putRecord } from './history.ts'
import { putSource } from './queries.ts'
import { createTally } from './tally.ts'

let project: TestProject
beforeEach(() => {
  project = openTestProject()
})
afterEach(() => project.dispose())

const HOUR = 3_600_000
const source = (location: string): number =>
  putSource(project.db, { kind: 'mlflow-files', location, artifacts: 'copy', watched: true, addedAt: 1 })

type Given = Partial<Pick<ImportReport, 'outcome' | 'problem' | 'moreNotes'>>
/** An import that brought so many points, with a note for each word. */
function report(at: number, points: number, words: readonly string[] = [], given: Given = {}): ImportReport {
  const tally = createTally()
  tally.add('points', points)
  for (const why of words) tally.note({ kind: 'noticed', what: 'run a', why })
  return { ...tally.report('done', at, at + 1, null), ...given }
}
const told = (asked: Partial<Parameters<typeof listRecords>[1]> = {}) =>
  listRecords(project.db, { limit: 100, ...asked }).records.map(
    ({ location, rounds, report: { came, notes, outcome } }) => [
      location,
      rounds,
      outcome,
      came.points,
      notes.map(({ why }) => why).join(' '),
    ],
  )

it('keeps what each import brought, of all sources, newest first', () => {
  const [a, b] = [source('/a'), source('/b')]
  putRecord(project.db, a, report(10, 1, ['first']), false)
  putRecord(project.db, b, report(20, 2), false)
  putRecord(project.db, a, report(30, 0, ['second']), false)
  expect(told()).toEqual([
    ['/a', null, 'done', 0, 'second'],
    ['/b', null, 'done', 2, ''],
    ['/a', null, 'done', 1, 'first'],
  ])
  expect(told({ source: b })).toEqual([['/b', null, 'done', 2, '']])
  const first = listRecords(project.db, { limit: 2 })
  expect(first).toMatchObject({ more: true, records: [{ record: 3 }, { record: 2 }] })
  expect(listRecords(project.db, { limit: 2, before: 2 })).toMatchObject({ more: false, records: [{ record: 1 }] })
})

it('adds up the rounds over a followed source while they end alike, for a day', () => {
  const a = source('/a')
  putRecord(project.db, a, report(0, 5, ['asked for']), false)
  putRecord(project.db, a, report(HOUR, 1, ['x']), true)
  putRecord(project.db, a, report(2 * HOUR, 2, ['x', 'y']), true)
  putRecord(project.db, a, report(3 * HOUR, 0, [], { outcome: 'failed', problem: 'away' }), true)
  putRecord(project.db, a, report(4 * HOUR, 0, [], { outcome: 'failed', problem: 'away' }), true)
  putRecord(project.db, a, report(5 * HOUR, 0, [], { outcome: 'failed', problem: 'refused' }), true)
  putRecord(project.db, a, report(6 * HOUR, 7), true)
  putRecord(project.db, a, report(31 * HOUR, 8), true)
  expect(told()).toEqual([
    ['/a', 1, 'done', 8, ''],
    ['/a', 1, 'done', 7, ''],
    ['/a', 1, 'failed', 0, ''],
    ['/a', 2, 'failed', 0, ''],
    ['/a', 2, 'done', 3, 'x y'],
    ['/a', null, 'done', 5, 'asked for'],
  ])
  expect(listRecords(project.db, { limit: 10 }).records[4]?.report).toMatchObject({
    startedAt: HOUR,
    endedAt: 2 * HOUR + 1,
  })
})

it('stays small: forty records a source, two hundred notes each, the rest by number', () => {
  const [a, b] = [source('/a'), source('/b')]
  putRecord(project.db, b, report(0, 1), false)
  for (let at = 0; at < 50; at++) putRecord(project.db, a, report(at, at), false)
  expect(told({ source: a }).map((row) => row[3])).toEqual(Array.from({ length: 40 }, (_, index) => 49 - index))
  expect(told({ source: b })).toHaveLength(1)
  const words = Array.from({ length: 300 }, (_, index) => `w${index}`)
  for (let round = 0; round < 3; round++) putRecord(project.db, b, report(round, 0, words), true)
  const [newest] = listRecords(project.db, { limit: 1 }).records
  // The same three hundred each time are three hundred.
  expect([newest?.rounds, newest?.report.notes.length, newest?.report.moreNotes]).toEqual([3, 200, 100])
})

it('leaves out what can’t be read, and goes with its source', () => {
  const a = source('/a')
  putRecord(project.db, a, report(0, 1), true)
  project.db.run(`UPDATE import_record SET report = '{"half'`)
  expect(told()).toEqual([])
  putRecord(project.db, a, report(1, 2), true)
  expect(told()).toEqual([['/a', 1, 'done', 2, '']])
  project.db.run('DELETE FROM import_source')
  expect(project.db.value('SELECT count(*) FROM import_record')).toBe(0)
})
