import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { PointBatch } from '#electron/features/metrics/index.ts'
import { sweepErased } from './erase.ts'
import { createMover, type Mover } from './move.ts'
import { everything, expectGone, openPair, service, wholeRun } from './move.fixture.ts'
import { existingRun } from './run-writes.ts'
import type { TestProject } from './test-project.fixture.ts'

let source: TestProject
let target: TestProject
let mover: Mover
beforeEach(() => void ({ source, target, mover } = openPair()))

/**
 * How many rows each table has once what was deleted is cleared, and which files there are. Without which rows of runs were written (`run_stale`), and the empty row
 * by which the log of points keeps its place.
 */
async function contents(project: TestProject): Promise<unknown> {
  await project.metrics.compactNow()
  const tables = project.db
    .prepare(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'run_stale' ORDER BY name`,
    )
    .rows<readonly [string]>()
    .map(([name]) => {
      const where = name === 'metric_log' ? 'WHERE length(body) > 0' : ''
      return [name, project.db.value(`SELECT count(*) FROM "${name}" ${where}`)]
    })
  const files = readdirSync(project.place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('project.db'))
    .map((entry) => join(entry.parentPath, entry.name))
  return { tables, files }
}

/** Logs points at those steps into a run of its own length at once. */
async function logSteps(project: TestProject, id: string, steps: Float64Array): Promise<void> {
  const series = project.metrics.seriesFor(existingRun(project, id).number, 'long', 'logged')
  await project.metrics.append({
    series: new Uint32Array(steps.length).fill(series),
    step: steps,
    time: steps,
    value: steps,
  })
}

const even = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => 2 * i)

test.each(['tag', 'param', 'logged_model_tag', 'artifact_root', 'launch'])(
  'a copy that lacks a row of %s takes nothing from the original, and goes',
  async (table) => {
    const id = await wholeRun(source, 'one')
    const [before, empty] = [everything(source, id), await contents(target)]
    const run: typeof target.db.run = (sql, ...values) =>
      sql.startsWith(`INSERT INTO ${table} `) ? { changes: 0, lastId: 0 } : target.db.run(sql, ...values)
    await expect(mover.move(source, { ...target, db: { ...target.db, run } }, [id])).rejects.toThrow(
      `one was not moved: its rows of ${table} did not come over whole`,
    )
    expect(everything(source, id)).toEqual(before)
    expectGone(target, id)
    expect(await contents(target)).toEqual(empty)
  },
)

test('a copy that lacks a point takes nothing from the original, and goes', async () => {
  const id = await wholeRun(source, 'one')
  const [before, empty] = [everything(source, id), await contents(target)]
  const append = (batch: PointBatch): Promise<void> => {
    const { rest, ...columns } = batch
    const part = { series: columns.series.slice(1), step: columns.step.slice(1), time: columns.time.slice(1) }
    const others = rest === undefined ? {} : { rest: { step: rest.step.slice(1), time: rest.time.slice(1) } }
    return target.metrics.append({ ...part, value: columns.value.slice(1), ...others })
  }
  const losing = { ...target, metrics: { ...target.metrics, append } }
  await expect(mover.move(source, losing, [id])).rejects.toThrow(/one was not moved: .* of \d+ points, did not come/)
  expect(everything(source, id)).toEqual(before)
  expectGone(target, id)
  const after = (await contents(target)) as { readonly tables: readonly (readonly [string, unknown])[] }
  // The copy was whole by its rows, which made its experiment.
  expect(after.tables.filter(([name]) => name.startsWith('metric_'))).toEqual(
    (empty as typeof after).tables.filter(([name]) => name.startsWith('metric_')),
  )
})

test('a copy that lost a file takes nothing from the original, and goes', async () => {
  const id = await wholeRun(source, 'one')
  const empty = await contents(target)
  let isFirst = true
  const whenFree: typeof source.db.whenFree = (work) => {
    if (!isFirst) return source.db.whenFree(work)
    isFirst = false
    rmSync(join(target.artifactsFolder, id, 'artifacts', 'plots', 'ü.txt'))
    // More than one turn takes: another round comes.
    void logSteps(source, id, even(30_000)).then(() => source.db.whenFree(work))
  }
  await expect(mover.move({ ...source, db: { ...source.db, whenFree } }, target, [id])).rejects.toThrow(
    /one was not moved: the file .*ü\.txt did not come over whole/,
  )
  expect(everything(source, id)).toMatchObject({
    files: [[['ü.txt', 'artifact of one']], expect.anything(), expect.anything()],
  })
  expectGone(target, id)
  expect(await contents(target)).toEqual(empty)
})

test('a run whose steps go back in each round is moved, and each point is written once', async () => {
  const { id } = await service.createRun(source, { source: 'client', status: 'finished' })
  await logSteps(source, id, even(50_000))
  let written = 0
  let late = 0
  const metrics: typeof target.metrics = {
    ...target.metrics,
    append: async (batch) => {
      written += batch.step.length
      await target.metrics.append(batch)
      await logSteps(source, id, Float64Array.of(2 * late++ + 1))
    },
    write: (batch) => {
      written += batch.step.length
      target.metrics.write(batch)
    },
  }
  await mover.move(source, { ...target, metrics }, [id])
  expectGone(source, id)
  const { number } = existingRun(target, id)
  const expected = Float64Array.from([...even(50_000), ...Array.from({ length: late }, (_, i) => 2 * i + 1)]).sort()
  expect(target.metrics.series(target.metrics.find(number, 'long', 'logged')!).step).toEqual(expected)
  expect(late).toBeGreaterThan(5)
  expect(written).toBe(expected.length)
})

test('a move that a kill cut short while it copied leaves nothing after a restart', async () => {
  const id = await wholeRun(source, 'one')
  await logSteps(source, id, even(100_000))
  const [before, empty] = [everything(source, id), await contents(target)]
  let isKilled = false
  const killed = async (): Promise<never> => {
    isKilled = true
    throw new Error('killed')
  }
  const dying: TestProject = {
    ...target,
    metrics: {
      ...target.metrics,
      append: async (batch) => {
        await target.metrics.append(batch)
        await killed()
      },
    },
    commits: { ...target.commits, enqueue: (write) => (isKilled ? killed() : target.commits.enqueue(write)) },
  }
  await expect(mover.move(source, dying, [id])).rejects.toThrow('killed')
  // Half a copy is there.
  expect(existingRun(target, id).lifecycle).toBe('deleted')
  expect(await contents(target)).not.toEqual(empty)
  const again = await target.reopen()
  try {
    const after = createMover({ require: (name) => (name === 'source' ? source : again) }, sweepErased)
    await after.finish(again)
    expectGone(again, id)
    expect(await contents(again)).toEqual(empty)
    expect(everything(source, id)).toEqual(before)
  } finally {
    await again.dispose()
  }
})
