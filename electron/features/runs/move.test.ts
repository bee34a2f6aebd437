import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createModelsService } from '#electron/features/models/index.ts'
import { openChance } from '#test/fixtures/chance.ts'
import { eraseRuns, sweepErased } from './erase.ts'
import { exactTime } from './exact-times.ts'
import { createMover, type Mover } from './move.ts'
import { existingRun } from './run-writes.ts'
import { createRunsService } from './service.ts'
import { openTestProject, START, type TestProject } from './test-project.fixture.ts'

const service = createRunsService(() => 'unnamed')
const models = createModelsService(() => 'model')
let source: TestProject
let target: TestProject
let mover: Mover
beforeEach(() => {
  source = openTestProject('source')
  target = openTestProject('target')
  mover = createMover(service, { require: (id) => (id === 'source' ? source : target) }, sweepErased)
})
afterEach(async () => {
  await source.dispose()
  await target.dispose()
})

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** A run with something of everything. */
async function wholeRun(project: TestProject, name: string): Promise<string> {
  const experiment = await service.ensureExperiment(project, 'tuning')
  const { id } = await service.createRun(project, {
    source: 'launch',
    status: 'finished',
    name,
    experiment: experiment.id,
    script: 'train.py',
    command: ['python', 'train.py'],
    note: 'note',
    tags: [{ key: 'team', value: 'x' }],
  })
  await service.logParams(project, id, [{ key: 'lr', value: '0.1' }], 'logged', null)
  await service.logParams(project, id, [{ key: 'lr', value: '1e-1' }], 'captured', 'arguments')
  await service.setFact(project, id, 'seeds', { numpy: '7' })
  await service.setDiff(project, id, 'diff')
  await service.setWrittenFiles(project, id, [{ path: 'out.txt', size: 1, modifiedAt: START }])
  await service.recordDatasets(project, id, [
    {
      name: 'd',
      digest: '1',
      sourceType: 'local',
      source: '{}',
      tags: [{ key: 'mlflow.data.context', value: 'train' }],
    },
  ])
  await service.logMetrics(
    project,
    id,
    Array.from({ length: 300 }, (_, step) => ({
      key: 'loss',
      value: step === 7 ? Number.NaN : 1 / (step + 1),
      step,
      time: START + step,
    })),
  )
  // Nanoseconds, two of which are one double.
  await service.logMetrics(
    project,
    id,
    [1, 2].map((rest) => ({ key: 'late', value: 1, step: 1.8e18, time: 1.8e18, rest: { step: rest, time: -rest } })),
  )
  await service.logMetrics(project, id, [{ key: 'cpu', value: 50, step: 0, time: START }], 'system')
  const model = await models.create(project, {
    experiment: experiment.id,
    name: 'm',
    type: null,
    sourceRun: id,
    params: [{ key: 'a', value: '1' }],
    tags: [{ key: 'b', value: '2' }],
  })
  await models.linkToRun(project, id, 'output', [{ model: model.id, step: 3 }])
  await models.logMetrics(project, [
    {
      model: model.id,
      run: id,
      key: 'acc',
      value: Number.NaN,
      time: START,
      step: 1,
      datasetName: null,
      datasetDigest: null,
    },
    {
      model: model.id,
      run: id,
      key: 'late',
      value: 1,
      time: 1.8e18,
      step: 2 ** 63,
      rest: { step: -1, time: 3 },
      datasetName: null,
      datasetDigest: null,
    },
  ])
  put(join(project.artifactsFolder, id, 'artifacts', 'plots', 'ü.txt'), `artifact of ${name}`)
  put(join(project.artifactsFolder, 'models', model.id, 'artifacts', 'MLmodel'), `model of ${name}`)
  for (const [kind, owner] of [
    ['run', id],
    ['model', model.id],
  ] as const) {
    project.db.run('INSERT INTO artifact_root VALUES (?, ?, ?)', kind, owner, `/mnt/mlruns/${owner}/artifacts`)
  }
  project.db.run(
    `INSERT INTO launch (id, run, attempt, spec, state, work_folder, queued_at, position) VALUES (?, ?, 1, '{}', 'ended', ?, 0, -1)`,
    `l-${id}`,
    id,
    `launches/l-${id}`,
  )
  put(join(project.place, 'launches', `l-${id}`, 'out.log'), `log of ${name}`)
  return id
}

/** Everything of a run but its number in the project and its experiment's id. */
function everything(project: TestProject, id: string): unknown {
  const { number, experiment, ...run } = existingRun(project, id)
  const all = (table: string): unknown =>
    project.db
      .all<{ run: number }>(`SELECT * FROM ${table} WHERE run = ? ORDER BY 2, 3`, number)
      .map((row) => ({ ...row, run: 0 }))
  const files = (folder: string): unknown =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')])
      : []
  const modelIds = project.db.prepare('SELECT id FROM logged_model WHERE source_run = ?').rows<[string]>(id).flat()
  return {
    run,
    experiment: service.getExperiment(project, experiment).name,
    tables: ['param', 'tag', 'run_fact', 'written_file', 'run_model'].map(all),
    datasets: service.bundle(project, id).datasets,
    points: project.metrics
      .list(number)
      .map(({ id: series, key, origin }) => [key, origin, project.metrics.series(series)]),
    models: modelIds.map((model) => {
      const { params, tags, metrics, model: record } = models.bundle(project, model)
      return { params, tags, metrics, name: record.name, status: record.status }
    }),
    files: [
      files(join(project.artifactsFolder, id)),
      ...modelIds.map((model) => files(join(project.artifactsFolder, 'models', model))),
      files(join(project.place, 'launches', `l-${id}`)),
    ],
    launches: project.db.all('SELECT * FROM launch WHERE run = ?', id),
    references: [id, ...modelIds].map((owner) => project.db.all('SELECT * FROM artifact_root WHERE owner = ?', owner)),
  }
}

/** Nothing of the run is left: no row anywhere, no point, no file. */
function expectGone(project: TestProject, id: string): void {
  for (const [table, column] of [
    ['run', 'id'],
    ['launch', 'run'],
    ['logged_model', 'source_run'],
    ['artifact_root', 'owner'],
  ] as const) {
    expect(project.db.value(`SELECT count(*) FROM ${table} WHERE ${column} = ?`, id)).toBe(0)
  }
  expect(readdirSync(project.artifactsFolder).filter((name) => name === id)).toEqual([])
  expect(existsSync(join(project.place, 'launches', `l-${id}`))).toBe(false)
}

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

test('killed at any moment, each run is whole in exactly one of the two', async () => {
  const roots = [mkdtempSync(join(tmpdir(), 'kill-a-')), mkdtempSync(join(tmpdir(), 'kill-b-'))]
  const chance = openChance('moves killed')
  const expected = new Map<string, unknown>()
  const first = openTestProject('p0', roots[0])
  for (let count = 0; count < 6; count++) {
    const id = await wholeRun(first, `run ${count}`)
    expected.set(id, everything(first, id))
  }
  await first.metrics.close()
  first.commits.close()
  first.db.close()
  for (let round = 0; round < 8; round++) {
    await killedAfter(roots, chance.between(5, 155))
    const pair = roots.map((root, index) => openTestProject(`p${index}`, root))
    const [one, other] = pair as [TestProject, TestProject]
    // Before anything is cleared up, every run is whole in one of them at least.
    for (const [id, whole] of expected) {
      const seen = pair.filter((project) => project.db.value('SELECT 1 FROM run WHERE id = ?', id) === 1)
      expect(seen.length).toBeGreaterThan(0)
      expect(whole).toBeDefined()
    }
    const after = createMover(service, { require: (id) => (id === 'p0' ? one : other) }, sweepErased)
    for (const project of pair) await sweepErased(project)
    for (const project of pair) await after.finish(project)
    for (const [id, whole] of expected) {
      const [home, ...more] = pair.filter((project) => project.db.value('SELECT 1 FROM run WHERE id = ?', id) === 1)
      expect(more).toEqual([])
      expect(everything(home!, id)).toEqual(whole)
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

/** Lets the fixture move runs to and fro and kills it that many milliseconds after it has begun. */
async function killedAfter(roots: readonly string[], milliseconds: number): Promise<void> {
  const script = fileURLToPath(new URL('./move-process.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, [script, ...roots], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', () => reject(new Error('The moving process ended by itself.')))
  })
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
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
