import { afterEach, beforeEach, expect, test } from 'vitest'
import { TableRequest } from '#shared/contract/runs.ts'
import { createRunsService } from '../service.ts'
import { openTestProject, type TestProject } from '../test-project.fixture.ts'
import { createLastQuestion } from './last-question.ts'
import { openRunIndex, type RunIndex } from './run-index.ts'

const runs = createRunsService(() => 'unnamed')
const shown = TableRequest.parse({
  project: 'test',
  filter: 'loss < 3',
  sort: [{ column: 'metric:loss:last', direction: 'desc' }],
  columns: ['attribute:status', 'param:lr', 'metric:loss:last'],
  offset: 0,
  limit: 200,
})

let project: TestProject
beforeEach(async () => {
  project = openTestProject()
  for (let run = 0; run < 8; run++) {
    const { id } = await runs.createRun(project, { source: 'client', name: `run ${run}` })
    await runs.logParams(project, id, [{ key: 'lr', value: String(run / 8) }], 'logged', null)
    await runs.logMetrics(project, id, [{ key: 'loss', step: 0, time: run, value: run }])
  }
})
afterEach(() => project.dispose())

function openIndex(): RunIndex {
  return openRunIndex(project, { leastRuns: 1, sliceMs: 0 })
}

async function restart(index: RunIndex): Promise<RunIndex> {
  index.close()
  project = await project.reopen()
  return openIndex()
}

/** How often the database is asked for stored cells while `work` goes on. */
async function cellsRead(work: () => unknown): Promise<number> {
  let count = 0
  const { db } = project
  const prepare = db.prepare
  Object.assign(db, {
    prepare: (sql: string) => {
      if (sql.includes('run_cells')) count++
      return prepare.call(db, sql)
    },
  })
  await work()
  Object.assign(db, { prepare })
  return count
}

test('after a restart the table that was last looked at is read before it is asked for', async () => {
  let index = openIndex()
  const answer = index.table(shown)
  await index.store()
  index = await restart(index)
  expect(await cellsRead(() => index.getReady())).toBeGreaterThan(0)
  expect(
    await cellsRead(() => expect({ ...index.table(shown), revision: 0 }).toEqual({ ...answer, revision: 0 })),
  ).toBe(0)
  const other = { ...shown, filter: 'loss > 1 and lr < 0.8', sort: [] }
  expect(await cellsRead(() => expect(index.table(other).matched).toBe(5))).toBe(0)
  index.close()
})

test('without it, the first question reads', async () => {
  let index = openIndex()
  index.table(shown)
  await index.store()
  index = await restart(index)
  expect(await cellsRead(() => index.table(shown))).toBeGreaterThan(0)
  index.close()
})

test('a look-up of a few runs is not what a person looks at, nor is where they had scrolled to', () => {
  const last = createLastQuestion(project.db)
  last.note({ ...shown, offset: 400, expanded: ['group:1'] })
  last.note({ ...shown, filter: `id in ('a')`, limit: 1 })
  last.keep()
  expect(last.kept()).toEqual(shown)
})

test('the same question is written once', () => {
  const last = createLastQuestion(project.db)
  last.note(shown)
  last.keep()
  const changes = (): number | undefined => project.db.value<number>('SELECT total_changes()')
  const before = changes()
  last.keep()
  expect(changes()).toBe(before)
})

test.each([
  ['no question', undefined],
  ['no JSON', '{"project":'],
  ['what another build asks', '{"project":"test","columns":["metric:loss:median-of-nine"],"limit":1e9}'],
  ['a filter that no longer parses', JSON.stringify({ ...shown, filter: 'loss <' })],
])('%s makes nothing ready and harms nothing', async (_name, text) => {
  let index = openIndex()
  const answer = index.table({ ...shown, limit: 50 })
  index = await restart(index)
  if (text !== undefined) {
    project.db.run(`INSERT INTO project_meta (key, value) VALUES ('run table question', ?)`, text)
  }
  await index.getReady()
  expect(index.table({ ...shown, limit: 50 }).rows).toEqual(answer.rows)
  index.close()
})

test('what is made ready is also described, and a table that closes meanwhile is not asked any further', async () => {
  let index = openIndex()
  index.table(shown)
  await index.store()
  index = await restart(index)
  const all = await cellsRead(() => index.getReady())
  expect(await cellsRead(() => index.describe('active'))).toBe(0)
  index = await restart(index)
  const some = await cellsRead(() => {
    const readying = index.getReady()
    index.close()
    return readying
  })
  expect(some).toBeLessThan(all)
})
