import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { createModelsService } from '#electron/features/models/index.ts'
import { sweepErased } from './erase.ts'
import { createMover, type Mover } from './move.ts'
import { existingRun } from './run-writes.ts'
import { createRunsService } from './service.ts'
import { openTestProject, START, type TestProject } from './test-project.fixture.ts'

/** One for all: of two, each would listen to a project's database. */
export const service = createRunsService(() => 'unnamed')
export const models = createModelsService(() => 'model')

/** Two projects and what moves runs between them, until the test has ended. */
export function openPair(): { source: TestProject; target: TestProject; mover: Mover } {
  const [source, target] = [openTestProject('source'), openTestProject('target')]
  onTestFinished(async () => {
    await source.dispose()
    await target.dispose()
  })
  return { source, target, mover: createMover({ require: (id) => (id === 'source' ? source : target) }, sweepErased) }
}

export function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** A run with something of everything. */
export async function wholeRun(project: TestProject, name: string): Promise<string> {
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
export function everything(project: TestProject, id: string): unknown {
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
export function expectGone(project: TestProject, id: string): void {
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
