import Database from 'better-sqlite3'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ExportReport } from '#shared/contract/exports.ts'
import { rootsOf } from '#electron/features/artifacts/index.ts'
import { createModelsService, createRegistry, type NewVersion } from '#electron/features/models/index.ts'
import { createRunsService } from '#electron/features/runs/service.ts'
import { openTestProject, START, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { exportProject } from './export-project.ts'
import { select } from './selection.ts'

const services = {
  runs: createRunsService(() => 'unnamed'),
  models: createModelsService(() => 'model'),
  registry: createRegistry(),
}
const { runs, models, registry } = services
let project: TestProject
let folder: string
let target: string

beforeEach(() => {
  project = openTestProject()
  folder = mkdtempSync(join(tmpdir(), 'export-'))
  target = join(folder, 'out')
})
afterEach(async () => {
  await project.dispose()
  rmSync(folder, { recursive: true, force: true })
})

function write(ids?: readonly string[]): Promise<ExportReport> {
  const { signal } = new AbortController()
  const selection = select(services, project, ids)
  return exportProject({ services, project, selection, target, artifacts: true, signal, onProgress: () => {} })
}

function read(sql: string): readonly unknown[] {
  const database = new Database(join(target, 'mlflow.db'), { readonly: true })
  try {
    expect(database.pragma('foreign_key_check')).toEqual([])
    return database.prepare(sql).raw().all()
  } finally {
    database.close()
  }
}

async function makeModel(sourceRun: string, name = 'net'): Promise<string> {
  const given = { experiment: '0', name, type: null, sourceRun, params: [], tags: [] }
  const { id } = await models.create(project, given)
  await models.linkToRun(project, sourceRun, 'output', [{ model: id, step: 2 }])
  const { own } = rootsOf(project, { kind: 'model', id })
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'MLmodel'), 'flavors: {}')
  return id
}

const ofModel = (model: string, run: string): NewVersion => ({
  description: null,
  source: `models:/${model}`,
  storageLocation: `mlflow-artifacts:/0/models/${model}/artifacts`,
  run,
  runLink: '',
  loggedModel: model,
  user: null,
  tags: [],
})

test('a version goes along with its files, though its run is in the trash', async () => {
  const { id: run } = await runs.createRun(project, { source: 'client', name: 'r' })
  const model = await makeModel(run)
  const forgotten = await makeModel(run, 'forgotten')
  await models.remove(project, forgotten)
  await registry.create(project, { name: 'churn', description: '', tags: [] })
  await registry.createVersion(project, 'churn', ofModel(model, run))
  await registry.setAlias(project, 'churn', 'best', '1')
  await registry.moveToStage(project, 'churn', '1', { stage: 'production', archive: false })
  await runs.trash(project, [run])
  expect(await write()).toMatchObject({ runs: 1, loggedModels: 1, registeredModels: 1, files: 1 })
  const place = join(target, 'mlruns/0/models', model, 'artifacts')
  expect(read('SELECT run_uuid, lifecycle_stage, deleted_time FROM runs')).toEqual([[run, 'deleted', START]])
  expect(read('SELECT model_id, artifact_location, source_run_id, status FROM logged_models')).toEqual([
    [model, place, run, 1],
  ])
  expect(
    read('SELECT name, version, source, storage_location, run_id, current_stage, status FROM model_versions'),
  ).toEqual([['churn', 1, `models:/${model}`, place, run, 'Production', 'READY']])
  expect(read('SELECT alias, version, name FROM registered_model_aliases')).toEqual([['best', 1, 'churn']])
  expect(read('SELECT source_type, source_id, destination_type, destination_id, step FROM inputs')).toEqual([
    ['RUN_OUTPUT', run, 'MODEL_OUTPUT', model, 2],
  ])
  expect(existsSync(join(place, 'MLmodel'))).toBe(true)
})

test('of named runs, only what was made from them: other versions are left out, and it is said', async () => {
  const { id: first } = await runs.createRun(project, { source: 'client', name: 'first' })
  const { id: second } = await runs.createRun(project, { source: 'client', name: 'second' })
  const [one, two] = [await makeModel(first, 'one'), await makeModel(second, 'two')]
  await registry.create(project, { name: 'churn', description: 'd', tags: [{ key: 'a', value: 'b' }] })
  await registry.createVersion(project, 'churn', ofModel(one, first))
  await registry.createVersion(project, 'churn', ofModel(two, second))
  await registry.create(project, { name: 'other', description: '', tags: [] })
  const { notes, ...counts } = await write([second])
  expect(counts).toMatchObject({ experiments: 1, runs: 1, loggedModels: 1, registeredModels: 1 })
  expect(read('SELECT version FROM model_versions')).toEqual([[2]])
  expect(read('SELECT name, description FROM registered_models')).toEqual([['churn', 'd']])
  expect(notes.map(({ what }) => what)).toEqual(['registered model churn, version 1'])
})

test('what MLflow’s tables have no place for is told', async () => {
  const { id: run } = await runs.createRun(project, { source: 'client', name: 'r' })
  const model = await makeModel(run)
  const gone = await makeModel(run, 'gone')
  await models.remove(project, gone)
  await models.linkToRun(project, run, 'output', [{ model, step: 5 }])
  const value = { model, run, time: START, step: 1, datasetName: null, datasetDigest: null }
  await models.logMetrics(project, [
    { ...value, key: 'acc', value: 0.5 },
    { ...value, key: 'acc', value: 0.75 },
    { ...value, key: 'nan', value: Number.NaN },
    { ...value, key: 'inf', value: -Infinity },
    { ...value, key: 'acc', value: 1, step: 2, datasetName: 'd', datasetDigest: '1' },
  ])
  const { notes } = await write()
  expect(
    read('SELECT metric_name, metric_step, metric_value, dataset_name FROM logged_model_metrics ORDER BY 1, 2'),
  ).toEqual([
    ['acc', 1, 0.5, null],
    ['acc', 2, 1, 'd'],
    ['inf', 1, -1.7976931348623157e308, null],
  ])
  expect(read('SELECT destination_id, step FROM inputs')).toEqual([[model, 5]])
  expect(notes.map(({ what }) => what)).toEqual([
    `run r (${run}), model ${gone}`,
    `run r (${run}), model ${model}`,
    `model net (${model}), metric acc`,
    `model net (${model}), metric inf`,
    `model net (${model}), metric nan`,
  ])
})

test('a run that came deleted gets the time back that it had where it came from', async () => {
  const made = await Promise.all(['a', 'b', 'c'].map((name) => runs.createRun(project, { source: 'client', name })))
  await runs.trash(
    project,
    made.map(({ id }) => id),
  )
  const came = [
    { deleted: true, deletedAt: 5_000, trashedAt: START },
    // Restored and deleted here since.
    { deleted: true, deletedAt: 6_000, trashedAt: START - 1 },
    { deleted: true, deletedAt: null, trashedAt: START },
  ]
  await project.commits.enqueue(() => {
    project.db.run(
      `INSERT INTO import_source (kind, location, artifacts, added_at) VALUES ('mlflow-database', '/a', 'copy', 1)`,
    )
    for (const [index, { id }] of made.entries())
      project.db.run(
        `INSERT INTO import_run (source, run, made, fingerprint, came) VALUES (1, ?, 1, 'f', ?)`,
        id,
        JSON.stringify(came[index]),
      )
  })
  await write(made.map(({ id }) => id))
  expect(read('SELECT deleted_time FROM runs ORDER BY name')).toEqual([[5_000], [START], [START]])
})
