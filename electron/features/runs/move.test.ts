import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, test } from 'vitest'
import { openChance } from '#test/fixtures/chance.ts'
import { eraseRuns, sweepErased } from './erase.ts'
import { exactTime } from './exact-times.ts'
import { createMover, type Mover } from './move.ts'
import { everything, expectGone, models, openPair, put, service, wholeRun } from './move.fixture.ts'
import { existingRun } from './run-writes.ts'
import { openTestProject, type TestProject } from './test-project.fixture.ts'

let source: TestProject
let target: TestProject
let mover: Mover
beforeEach(() => void ({ source, target, mover } = openPair()))

test('a moved run is the same run in the other project, and gone from the first', async () => {
  const there = await wholeRun(target, 'was here before')
  const ids = [await wholeRun(source, 'one'), await wholeRun(source, 'two')]
  const before = ids.map((id) => everything(source, id))
  const untouched = everything(target, there)
  expect(await mover.move(source, target, ids)).toBe(2)
  expect(ids.map((id) => everything(target, id))).toEqual(before)
  expect(everything(target, there)).toEqual(untouched)
  for (const id of ids) expectGone(source, id)
  expect(ids.map((id) => existingRun(target, id).number)).toEqual([2, 3])
  expect(service.listExperiments(target).filter(({ name }) => name === 'tuning')).toHaveLength(1)
  // A run that has been moved once can be moved back, and an archived one stays archived.
  await service.updateRun(target, ids[0]!, { lifecycle: 'archived' })
  await mover.move(target, source, [ids[0]!])
  expect(everything(source, ids[0]!)).toMatchObject({ run: { lifecycle: 'archived' }, experiment: 'tuning' })
  expect(source.db.value(`SELECT count(*) FROM project_meta WHERE key LIKE 'mov%'`)).toBe(0)
})

test('an unsuitable move is refused before anything is copied', async () => {
  const { id } = await service.createRun(source, { source: 'client', id: 'busy-one', name: 'busy' })
  await expect(mover.move(source, target, [id])).rejects.toMatchObject({ code: 'busy' })
  await service.updateRun(source, id, { status: 'finished' })
  await expect(mover.move(source, source, [id])).rejects.toMatchObject({ code: 'invalid' })
  await expect(mover.move(source, target, [id, 'nope'])).rejects.toMatchObject({ code: 'not_found' })
  await service.createRun(target, { source: 'client', id: 'busy-one' })
  await expect(mover.move(source, target, [id])).rejects.toMatchObject({ code: 'conflict' })
  expect(target.db.value('SELECT count(*) FROM run')).toBe(1)
})

test('a failure on the way leaves the run where it was, and nothing of it in the other', async () => {
  const id = await wholeRun(source, 'one')
  const before = everything(source, id)
  const failing = { ...target, metrics: { ...target.metrics, append: () => Promise.reject(new Error('disk full')) } }
  await expect(mover.move(source, failing, [id])).rejects.toThrow('disk full')
  expect(everything(source, id)).toEqual(before)
  expectGone(target, id)
  await mover.move(source, target, [id])
  expect(everything(target, id)).toEqual(before)
})

test('a failure once the run is gone from the first project leaves the copy', async () => {
  const id = await wholeRun(source, 'one')
  const before = everything(source, id)
  const now: typeof source.commits.now = (write) => {
    source.commits.now(write)
    throw new Error('a listener')
  }
  await expect(mover.move({ ...source, commits: { ...source.commits, now } }, target, [id])).rejects.toThrow('listener')
  await mover.finish(target)
  expect(everything(target, id)).toEqual(before)
  expectGone(source, id)
})

test('killed at any moment, each run is whole in exactly one of the two', async () => {
  const roots = [mkdtempSync(join(tmpdir(), 'kill-a-')), mkdtempSync(join(tmpdir(), 'kill-b-'))]
  const chance = openChance('moves killed')
  const expected = new Map<string, unknown>()
  const acknowledged = new Map<string, readonly number[]>()
  const first = openTestProject('p0', roots[0])
  for (let count = 0; count < 6; count++) {
    const id = await wholeRun(first, `run ${count}`)
    expected.set(id, everything(first, id))
  }
  await first.metrics.close()
  first.commits.close()
  first.db.close()
  for (let round = 0; round < 8; round++) {
    for (const [id, steps] of await killedAfter(roots, chance.between(5, 155)))
      acknowledged.set(id, [...(acknowledged.get(id) ?? []), ...steps])
    const pair = roots.map((root, index) => openTestProject(`p${index}`, root))
    const [one, other] = pair as [TestProject, TestProject]
    // Before anything is cleared up, every run is whole in one of them at least.
    for (const [id, whole] of expected) {
      const seen = pair.filter((project) => project.db.value('SELECT 1 FROM run WHERE id = ?', id) === 1)
      expect(seen.length).toBeGreaterThan(0)
      expect(whole).toBeDefined()
    }
    const after = createMover({ require: (id) => (id === 'p0' ? one : other) }, sweepErased)
    for (const project of pair) await sweepErased(project)
    for (const project of pair) await after.finish(project)
    for (const [id, whole] of expected) {
      const [home, ...more] = pair.filter((project) => project.db.value('SELECT 1 FROM run WHERE id = ?', id) === 1)
      expect(more).toEqual([])
      expect(withoutLive(everything(home!, id))).toEqual(whole)
      // What was logged while the runs were on their way, and acknowledged.
      const here = new Set(liveSteps(home!, id))
      expect((acknowledged.get(id) ?? []).filter((step) => !here.has(step))).toEqual([])
      expectGone(home === one ? other : one, id)
    }
    for (const project of pair) {
      expect(project.db.value(`SELECT count(*) FROM project_meta WHERE key LIKE 'mov%'`)).toBe(0)
      await project.metrics.close()
      project.commits.close()
      project.db.close()
    }
  }
  for (const root of roots) rmSync(root, { recursive: true })
}, 120_000)

/** The metric that is logged while runs move. */
const LIVE = 'live'

function withoutLive(all: unknown): unknown {
  const { points, ...others } = all as { readonly points: readonly (readonly [key: string])[] }
  return { ...others, points: points.filter(([key]) => key !== LIVE) }
}

function liveSteps(project: TestProject, id: string): readonly number[] {
  const series = project.metrics.find(existingRun(project, id).number, LIVE, 'logged')
  return series === undefined ? [] : [...project.metrics.series(series).step]
}

/**
 * Lets the fixture move runs to and fro, and log to them meanwhile, and kills it that many milliseconds after it has begun. Returns the steps of
 * each run that it was told to be on the disk.
 */
async function killedAfter(
  roots: readonly string[],
  milliseconds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const script = fileURLToPath(new URL('./move-process.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, [script, ...roots], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => void (output += piece))
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', () => reject(new Error('The moving process ended by itself.')))
  })
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  const lines = output.split('\n').slice(0, -1)
  const found = new Map<string, number[]>()
  for (const line of lines) {
    const [id, step] = line.split(' ')
    if (id !== undefined && step !== undefined) found.set(id, [...(found.get(id) ?? []), Number(step)])
  }
  return found
}

test('erasing takes one run and no other, and a kill in between is cleared up', async () => {
  const [id, other] = [await wholeRun(source, 'one'), await wholeRun(source, 'two')]
  const kept = everything(source, other)
  await eraseRuns(source, [existingRun(source, id)])
  expectGone(source, id)
  expect(everything(source, other)).toEqual(kept)
  // Put aside, and then killed before the rows went: it comes back.
  const aside = join(source.artifactsFolder, '.deleted')
  mkdirSync(join(aside, 'runs'), { recursive: true })
  renameSync(join(source.artifactsFolder, other), join(aside, 'runs', other))
  // Put aside, and killed after the rows had gone: it goes.
  put(join(aside, 'runs', 'gone-run', 'artifacts', 'x'), 'x')
  put(join(aside, 'models', 'm-gone', 'artifacts', 'x'), 'x')
  await sweepErased(source)
  expect(everything(source, other)).toEqual(kept)
  expect(readdirSync(aside, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual(['launches', 'models', 'runs'])
})

test('times of a run and steps of its models keep all their digits', async () => {
  const [start, end] = [1_800_000_000_000_000_001n, 2n ** 63n - 1n]
  const { id } = await service.createRun(source, { source: 'client', startedAt: start })
  await service.updateRun(source, id, { status: 'finished', endedAt: end })
  const model = await models.create(source, {
    experiment: '0',
    name: 'm',
    type: null,
    sourceRun: id,
    params: [],
    tags: [],
  })
  await models.linkToRun(source, id, 'output', [{ model: model.id, step: start }])
  await mover.move(source, target, [id])
  const { run, models: made } = service.bundle(target, id)
  expect([exactTime(run, 'startedAt'), exactTime(run, 'endedAt')]).toEqual([start, end])
  expect(made).toEqual([{ model: model.id, direction: 'output', step: start }])
})
