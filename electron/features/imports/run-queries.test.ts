import { expect, it } from 'vitest'
import { openImportBench } from './bench.fixture.ts'
import { setState, stateOf } from './run-queries.ts'

it('leaves the times of a run that stay as they were in all their digits', async () => {
  const { project, dispose } = openImportBench([])
  const insert = `INSERT INTO run (id, experiment, name, status, source, started_at, ended_at, created_at) VALUES (?, '0', 'r', 'finished', 'import', ?, ?, 1)`
  for (const [id, start, end] of [
    ['a', 2n ** 63n - 1n, 1_800_000_000_000_000_001n],
    ['b', null, 5n],
  ] as const) {
    project.db.run(insert, id, start, end)
    const state = stateOf(project.db, id)
    if (state !== undefined)
      setState(project.db, { ...state, name: 'renamed', ...(id === 'b' ? { startedAt: 7 } : {}) })
  }
  expect(
    project.db.all(
      'SELECT name, CAST(started_at AS TEXT) AS start, CAST(ended_at AS TEXT) AS "end" FROM run ORDER BY id',
    ),
  ).toEqual([
    { name: 'renamed', start: '9223372036854775807', end: '1800000000000000001' },
    { name: 'renamed', start: '7', end: '5' },
  ])
  await dispose()
})
