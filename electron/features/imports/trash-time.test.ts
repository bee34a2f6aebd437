import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { createRuns, TRASH_FOR } from '#electron/features/runs/index.ts'
import { START } from '#electron/features/runs/test-project.fixture.ts'
import { openImportBench } from './bench.fixture.ts'
import { type MemoryRun, memoryStores } from './memory-source.fixture.ts'
import { trashTime } from './trash-time.ts'

const DAY = 24 * 3_600_000
const id = (number: number): string => number.toString(16).padStart(32, '0')

it.each([
  ['lately', START - 10 * DAY, { at: START - 10 * DAY, wasOld: false }],
  ['so long ago that a week is left', START - 23 * DAY, { at: START - 23 * DAY, wasOld: false }],
  ['longer ago', START - 23 * DAY - 1, { at: START, wasOld: true }],
  ['long ago', 1_000, { at: START, wasOld: true }],
  ['nobody knows when', null, { at: START, wasOld: false }],
  ['by a clock that is ahead', START + DAY, { at: START, wasOld: false }],
])('what was deleted %s', (_, deletedAt, expected) => expect(trashTime(deletedAt, START)).toEqual(expected))

it('leaves everything at least a week, and nothing longer than the trash keeps what is deleted now', () => {
  fc.assert(
    fc.property(fc.option(fc.integer({ min: -(2 ** 50), max: 2 ** 50 })), fc.nat(2 ** 42), (deletedAt, now) => {
      const { at } = trashTime(deletedAt, now)
      const left = at + TRASH_FOR - now
      return left >= 7 * DAY && left <= TRASH_FOR
    }),
  )
})

it('begins the trash’s time of a run where its source did, says where it can’t, and keeps both times for an export', async () => {
  const runs: readonly MemoryRun[] = [
    { id: id(1), experiment: '0', deleted: true, deletedAt: START - 10 * DAY },
    { id: id(2), experiment: '0', deleted: true, deletedAt: START - 400 * DAY },
    { id: id(3), experiment: '0', deleted: true },
    { id: id(4), experiment: '0' },
    { id: id(5), experiment: '9', deleted: true, deletedAt: START - 9 * DAY },
  ]
  const experiments = [
    { id: '0', name: 'Default' },
    { id: '9', name: 'gone', deleted: true, updatedAt: START - 8 * DAY },
  ]
  const memory = memoryStores({ 'memory:a': { experiments, runs } })
  const { project, take, dispose } = openImportBench(memory.readers)
  onTestFinished(dispose)
  const [report] = await take('memory:a')
  expect(report?.notes).toMatchObject([{ kind: 'changed', what: 'runs deleted there long ago' }])
  const times = () =>
    project.db.all('SELECT id, deleted_at FROM run ORDER BY id').map((row) => Object.values(row as object))
  expect(times()).toEqual([
    [id(1), START - 10 * DAY],
    [id(2), START],
    [id(3), START],
    [id(4), null],
    // With its experiment, so that it comes back with it.
    [id(5), START - 8 * DAY],
  ])
  const came = project.db.all(
    `SELECT came ->> '$.deletedAt' AS there, came ->> '$.trashedAt' AS here FROM import_run ORDER BY run`,
  )
  expect(came.map((row) => Object.values(row as object))).toEqual([
    [START - 10 * DAY, START - 10 * DAY],
    [START - 400 * DAY, START],
    [null, START],
    [null, null],
    [START - 9 * DAY, START - 8 * DAY],
  ])
  const feature = createRuns({ projects: { require: () => project, open: () => [project], onClose: () => {} } })
  const gone: number[] = []
  for (const days of [0, 21, 23, 31]) {
    project.setTime(START + days * DAY)
    gone.push(await feature.emptyTrash())
  }
  expect(gone).toEqual([0, 1, 1, 2])
})

it('begins the time of a run that is deleted later the same way', async () => {
  const run = { id: id(1), experiment: '0' }
  const memory = memoryStores({ 'memory:a': { experiments: [{ id: '0', name: 'Default' }], runs: [run] } })
  const { project, take, dispose } = openImportBench(memory.readers)
  onTestFinished(dispose)
  await take('memory:a')
  const experiments = [{ id: '0', name: 'Default' }]
  memory.stores.set('memory:a', { experiments, runs: [{ ...run, deleted: true, deletedAt: START - 2 * DAY }] })
  await take('memory:a')
  expect(project.db.all('SELECT lifecycle, deleted_at FROM run')).toEqual([
    { lifecycle: 'deleted', deleted_at: START - 2 * DAY },
  ])
})
