import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRunsService } from '#electron/features/runs/service.ts'
import { openTestProject, START, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { createModelsService, modelsOfRun, type NewModel } from './index.ts'

const runs = createRunsService(() => 'unnamed')
const models = createModelsService(() => 'steady-fern-400')
let project: TestProject
beforeEach(() => {
  project = openTestProject()
})
afterEach(() => project.dispose())

const given: NewModel = { experiment: '0', name: null, type: 'regressor', sourceRun: null, params: [], tags: [] }

test('a model is pending until its files are there, and has what its client says of it', async () => {
  const made = await models.create(project, {
    ...given,
    params: [{ key: 'depth', value: '3' }],
    tags: [{ key: 'mlflow.source.type', value: 'LOCAL' }],
  })
  expect(made).toEqual({
    id: expect.stringMatching(/^m-[0-9a-f]{32}$/) as string,
    experiment: '0',
    name: 'steady-fern-400',
    type: 'regressor',
    status: 'pending',
    statusMessage: null,
    sourceRun: null,
    lifecycle: 'active',
    artifactLocation: `mlflow-artifacts:/0/models/${made.id}/artifacts`,
    createdAt: START,
    updatedAt: START,
  })
  project.setTime(START + 5)
  await models.setStatus(project, made.id, 'ready')
  await models.setTags(project, made.id, [{ key: 'a', value: '1' }])
  await models.setTags(project, made.id, [{ key: 'a', value: '2' }])
  await models.deleteTag(project, made.id, 'mlflow.source.type')
  expect(models.bundle(project, made.id)).toEqual({
    model: { ...made, status: 'ready', updatedAt: START + 5 },
    params: [{ key: 'depth', value: '3' }],
    tags: [{ key: 'a', value: '2' }],
    metrics: [],
  })
  expect(project.changes.every(({ entity, ids }) => entity === 'model' && ids[0] === made.id)).toBe(true)
})

test('parameters are written once, as those of runs', async () => {
  const { id } = await models.create(project, { ...given, params: [{ key: 'a', value: '1' }] })
  await models.logParams(project, id, [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ])
  await expect(
    models.logParams(project, id, [
      { key: 'c', value: '3' },
      { key: 'a', value: '9' },
    ]),
  ).rejects.toMatchObject({
    code: 'conflict',
  })
  expect(models.bundle(project, id).params).toEqual([
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ])
})

test('metrics keep NaN and infinities, and a repetition counts once', async () => {
  const { id } = await models.create(project, given)
  const point = { model: id, run: 'r', key: 'acc', time: START, step: 1, datasetName: 'd', datasetDigest: '1' }
  const twice = [
    { ...point, value: Number.NaN },
    { ...point, value: -Infinity },
    { ...point, value: 0.5, datasetName: null },
  ]
  await models.logMetrics(project, twice)
  await models.logMetrics(project, twice)
  expect(models.bundle(project, id).metrics.map(({ value, datasetName }) => [value, datasetName])).toEqual([
    [Number.NaN, 'd'],
    [-Infinity, 'd'],
    [0.5, null],
  ])
})

test('a deleted model is found only when asked for, and no longer searched or shown', async () => {
  const run = await runs.createRun(project, { source: 'client' })
  const kept = await models.create(project, { ...given, sourceRun: run.id, name: 'kept' })
  project.setTime(START + 1)
  const gone = await models.create(project, { ...given, sourceRun: run.id, name: 'gone' })
  await models.linkToRun(project, run.id, 'output', [
    { model: kept.id, step: 3 },
    { model: kept.id, step: 7 },
  ])
  expect(models.bundlesOf(project, ['0']).map(({ model }) => model.name)).toEqual(['gone', 'kept'])
  await models.remove(project, gone.id)
  expect(() => models.bundle(project, gone.id)).toThrow(`Logged model with ID '${gone.id}' not found.`)
  expect(models.bundle(project, gone.id, { deleted: true }).model.lifecycle).toBe('deleted')
  expect(models.bundlesOf(project, ['0', 'nope']).map(({ model }) => model.name)).toEqual(['kept'])
  expect(modelsOfRun(project.db, run).map(({ name, step }) => [name, step])).toEqual([['kept', 7]])
})

test('what is not there is said', async () => {
  await expect(models.create(project, { ...given, experiment: '9' })).rejects.toMatchObject({ code: 'not_found' })
  const { id } = await runs.createExperiment(project, { name: 'e' })
  await runs.deleteExperiment(project, id)
  await expect(models.create(project, { ...given, experiment: id })).rejects.toMatchObject({ code: 'conflict' })
  const refused = { code: 'not_found' }
  await expect(models.setStatus(project, 'm-1', 'ready')).rejects.toMatchObject(refused)
  await expect(models.setTags(project, 'm-1', [])).rejects.toMatchObject(refused)
  await expect(models.deleteTag(project, 'm-1', 'a')).rejects.toMatchObject(refused)
  await expect(models.linkToRun(project, 'nope', 'input', [])).rejects.toMatchObject(refused)
})
