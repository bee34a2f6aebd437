import Database from 'better-sqlite3'
import fc from 'fast-check'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backUp, restoreBackup } from '#electron/db/backup.ts'
import { openChance } from '#test/fixtures/chance.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { createRunsService } from '../../service.ts'
import { openTestProject, START, type TestProject } from '../../test-project.fixture.ts'
import { createColumnStatistics } from '../column-statistics.ts'
import { describeColumns } from '../describe-columns.ts'
import { loadTable, openTable } from '../load-table.ts'
import { operations, play } from '../play.fixture.ts'
import type { RunColumns } from '../run-columns.ts'
import { openRunIndex, type RunIndex } from '../run-index.ts'
import { hasSnapshot } from './queries.ts'
import { readSnapshot } from './read-snapshot.ts'
import { wholeTable } from './whole-table.fixture.ts'

/** Twenty where everything is asked for, a few in the quick loop. */
const KILLS = process.env['BENCHTOP_REQUIRE_ALL'] === '1' ? 20 : 4
const CHILD = join(import.meta.dirname, 'store-until-killed.fixture.ts')
const runs = createRunsService(() => 'unnamed')

let project: TestProject
let index: RunIndex
beforeEach(() => {
  project = openTestProject()
  index = openIndex(project)
})
afterEach(() => project.dispose())

/** Each step of storing is a transaction of its own, so that whatever can come between two does. */
function openIndex(of: TestProject): RunIndex {
  return openRunIndex(of, { leastRuns: 1, sliceMs: 0 })
}

/** Compares the table that is opened with the one that is read from the rows; what is stored must be used. */
function expectSame(of: TestProject): void {
  const stored = readSnapshot(of)
  expect(stored).toBeDefined()
  const table = wholeTable(loadTable(of))
  expect(wholeTable(stored as RunColumns)).toEqual(table)
  expect(describe(stored as RunColumns)).toEqual(describe(loadTable(of)))
}

function describe(columns: RunColumns) {
  const state = { columns, now: START, datasets: never, signatures: never }
  return describeColumns(state, 0, createColumnStatistics())
}
function never(): never {
  throw new Error('No column of a description needs this.')
}

/** What the disk holds at this moment, as a kill leaves it, opened as another process would. */
async function killed<Result>(of: TestProject, look: (left: TestProject) => Result): Promise<Result> {
  const folder = tempFolder()
  cpSync(of.folder, folder, { recursive: true })
  const left = openTestProject('test', folder)
  try {
    return look(left)
  } finally {
    await left.dispose()
  }
}

test('what is stored and patched is what the rows say, after any writes, kills and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operations, { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.record({ steps: fc.nat(60), compact: fc.boolean(), restart: fc.boolean() })),
      async (parts, chances) => {
        await project.dispose()
        project = openTestProject()
        index = openIndex(project)
        await index.store()
        for (const part of parts) {
          const { steps, compact, restart } = chances.next().value
          const half = Math.floor(part.length / 2)
          await play(project, part.slice(0, half), () => void index.revision())
          if (compact) await project.metrics.compactNow()
          // Writes go on while the table is being stored, and a kill comes between any two slices.
          const storing = index.store()
          for (let step = 0; step < steps; step++) await setImmediate()
          await play(project, part.slice(half), () => void index.revision())
          if (hasSnapshot(project.db)) await killed(project, expectSame)
          await storing
          await killed(project, expectSame)
          if (!restart) continue
          index.close()
          project = await project.reopen()
          expectSame(project)
          index = openIndex(project)
        }
        index.close()
      },
    ),
    { numRuns: 40 },
  )
}, 120_000)

test('columns that sleep answer as awake ones do, and are told apart by nothing', async () => {
  await fc.assert(
    fc.asyncProperty(operations, operations, async (before, after) => {
      await project.dispose()
      project = openTestProject()
      index = openIndex(project)
      await play(project, before, () => {})
      index.close()
      project = await project.reopen()
      // This one wakes column by column, as it is asked; it is patched in between.
      index = openIndex(project)
      const columns = openTable(project)
      expect(wholeTable(columns)).toEqual(wholeTable(loadTable(project)))
      await play(project, after, () => {
        const fresh = openRunIndex(project)
        expect(index.describe('active')).toEqual(fresh.describe('active'))
        fresh.close()
      })
      expect(index.describe('active')).toEqual(describe(loadTable(project)))
      index.close()
    }),
    { numRuns: 30 },
  )
}, 120_000)

async function fill(count: number): Promise<void> {
  await runs.write(project, (writes) => {
    for (let run = 0; run < count; run++) {
      const { id } = writes.createRun({
        source: 'client',
        name: `run größe ${run}`,
        tags: [{ key: 'team', value: 'a' }],
      })
      if (run % 3 > 0) writes.logParams(id, [{ key: 'lr', value: String(run / 8) }], 'logged', null)
    }
  })
  const { metrics, db } = project
  const numbers = db.all<{ number: number }>('SELECT number FROM run').map(({ number }) => number)
  await metrics.append({
    series: Uint32Array.from(numbers, (number) =>
      metrics.seriesFor(number, number % 50 === 0 ? 'rare' : 'loss', 'logged'),
    ),
    step: new Float64Array(count),
    time: new Float64Array(count).fill(START),
    value: Float64Array.from(numbers, (number) => 1 / number),
  })
  // It would begin by itself at some time, and note every run.
  await metrics.compactNow()
}

test('of more runs than a segment holds, a changed one costs its own segment', async () => {
  await fill(9_000)
  await index.store()
  await killed(project, expectSame)
  const segments = () => project.db.all('SELECT column_id, segment, checksum FROM run_cells ORDER BY 1, 2')
  const before = segments()
  const run = project.db.value<string>('SELECT id FROM run WHERE number = 5000') ?? ''
  await runs.logParams(project, run, [{ key: 'lr', value: 'text' }], 'captured', null)
  await runs.setTags(project, run, [{ key: 'team', value: 'b' }])
  await index.store()
  await killed(project, expectSame)
  const changed = segments().filter((segment, at) => JSON.stringify(segment) !== JSON.stringify(before[at]))
  expect(changed.map((segment) => (segment as { readonly segment: number }).segment)).toEqual([1])
  await runs.createRun(project, { source: 'client', name: 'one more' })
  index.close()
  project = await project.reopen()
  expectSame(project)
}, 60_000)

test('what another program wrote is seen, while nobody has the project open and while somebody has', async () => {
  await fill(300)
  await index.store()
  const elsewhere = (sql: string): void => {
    const other = new Database(project.db.file)
    other.exec(sql)
    other.close()
  }
  elsewhere(`UPDATE run SET name = 'by hand' WHERE number = 7; DELETE FROM param WHERE run = 8`)
  await index.store()
  await killed(project, expectSame)
  index.close()
  project = await project.reopen()
  elsewhere(`UPDATE run SET name = 'again' WHERE number = 9; DELETE FROM run WHERE number = 10`)
  expectSame(project)
  const other = new Database(project.db.file)
  // Nothing notes this write.
  for (const table of ['run', 'param', 'tag']) other.exec(`DROP TRIGGER stale_${table}_delete`)
  other.exec('DELETE FROM run WHERE number = 12')
  other.close()
  expect(readSnapshot(project)).toBeUndefined()
})

test('points that came since are seen, whether they are in the log alone or in chunks by now', async () => {
  await fill(300)
  await index.store()
  const run = project.db.value<string>('SELECT id FROM run WHERE number = 7') ?? ''
  const log = (step: number): Promise<void> =>
    runs.logMetrics(project, run, [{ key: 'loss', step, value: step * 100, time: START }])
  await log(1)
  await killed(project, expectSame)
  await project.metrics.compactNow()
  await killed(project, expectSame)
  await log(2)
  await index.store()
  await log(3)
  await killed(project, expectSame)
  const series = project.metrics.find(7, 'loss', 'logged')
  await project.commits.enqueue(() => series !== undefined && project.metrics.deleteSeries(series))
  await index.store()
  await killed(project, expectSame)
})

test('a table that is killed while it is stored is the rows’ own at the next opening', async () => {
  const folder = tempFolder()
  const chance = openChance('snapshots killed')
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, [CHILD, folder, String(kill)], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await setTimeout(chance.between(0, 400))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const left = openTestProject('test', folder)
    expectSame(left)
    await left.metrics.close()
    left.commits.close()
    left.db.close()
  }
}, 240_000)

test('rows that change while they are stored, and a closing in the middle, leave none of their columns behind', async () => {
  await fill(20)
  await index.store()
  const id = project.db.value<string>('SELECT id FROM run WHERE number = 7') ?? ''
  // The first step of storing is written when this returns, the next one in a later turn.
  const storeAfter = async (change: () => Promise<unknown>): Promise<Promise<void>> => {
    await change()
    index.revision()
    return Promise.resolve().then(() => void index.store())
  }
  await storeAfter(() => runs.updateRun(project, id, { lifecycle: 'archived' }))
  index.close()
  project = await project.reopen()
  expectSame(project)
  index = openIndex(project)
  await storeAfter(() => runs.createRun(project, { source: 'client', name: 'one' }))
  await runs.createRun(project, { source: 'client', name: 'two' })
  index.revision()
  await index.store()
  await index.store()
  await killed(project, expectSame)
})

test('a restored backup comes with the table of its time', async () => {
  await fill(300)
  await index.store()
  const folder = tempFolder()
  const kept = await backUp(project.db, folder)
  await runs.updateRun(project, project.db.value<string>('SELECT id FROM run LIMIT 1') ?? '', { name: 'later' })
  index.close()
  await project.metrics.close()
  project.commits.close()
  project.db.close()
  restoreBackup(kept.file, join(project.place, 'project.db'))
  project = openTestProject('test', project.folder)
  expectSame(project)
})

test('a stored table that is damaged, of another format or half written is read from its rows and stored anew', async () => {
  await fill(300)
  await index.store()
  for (const harm of [
    `UPDATE run_snapshot SET format = 77`,
    `DELETE FROM run_snapshot`,
    `DELETE FROM run_cells WHERE column_id = (SELECT id FROM run_column WHERE kind = 'number')`,
    `DELETE FROM run_cells WHERE column_id = (SELECT id FROM run_column WHERE kind = 'lifecycle')`,
    `INSERT INTO metric_damaged (found_at, source, reason, body) VALUES (0, 'log', 'test', x'')`,
    `UPDATE run_cells SET body = x'0102', checksum = 1`,
    `UPDATE run_cells SET body = zeroblob(length(body))`,
    `UPDATE run_cells SET body = substr(body, 1, length(body) / 2)
       WHERE column_id = (SELECT id FROM run_column WHERE kind = 'param')`,
    `UPDATE run_cells SET body = zeroblob(length(body)) WHERE column_id = (SELECT id FROM run_column WHERE kind = 'last')`,
  ]) {
    index.close()
    project.db.exec(harm)
    project = await project.reopen()
    index = openIndex(project)
    const fresh = openRunIndex(project)
    const asked = {
      filter: 'params.lr > 1 AND metrics.loss < 0.5',
      sort: [],
      group: 'none',
      lifecycle: 'active',
    } as const
    expect(index.ids(asked)).toHaveLength(fresh.ids(asked).length)
    expect(index.describe('active')).toEqual(describe(loadTable(project)))
    await index.store()
    await killed(project, expectSame)
  }
})

test('a run that comes back below later ones has its place again', async () => {
  await fill(300)
  const row = project.db.get<Record<string, string | number | null>>('SELECT * FROM run WHERE number = 5') ?? {}
  project.db.run('DELETE FROM run WHERE number = 5')
  index.close()
  project = await project.reopen()
  expectSame(project)
  index = openIndex(project)
  await index.store()
  project.db.run(
    `INSERT INTO run (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
      .map(() => '?')
      .join(', ')})`,
    ...Object.values(row),
  )
  expect(index.search({ filter: '', lifecycles: ['active'], sort: [] }).at(-5)).toBe(5)
  await index.store()
  await killed(project, expectSame)
})
