import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRunsService } from '#electron/features/runs/service.ts'
import { openTestProject, START, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { createModelHandlers } from './handlers.ts'
import { createRegistry } from './registry/service.ts'
import { createModelsService } from './service.ts'

const registry = createRegistry()
const logged = createModelsService(() => 'unnamed')
const runs = createRunsService(() => 'unnamed')
let project: TestProject
beforeEach(() => void (project = openTestProject()))
afterEach(() => project.dispose())

const handlers = createModelHandlers({ projects: { require: () => project } })
const call = { signal: new AbortController().signal, actor: 'test' }
const of = { project: 'test', name: 'churn' }
const bare = { description: null, run: null, runLink: '', loggedModel: null, user: null, tags: [] }

async function register(name: string, given: Partial<Parameters<typeof registry.createVersion>[2]>): Promise<number> {
  const source = 's3://bucket/m'
  const made = await registry.createVersion(project, name, { ...bare, source, storageLocation: source, ...given })
  return made.version
}

async function begin(): Promise<{ readonly run: string; readonly model: string }> {
  await registry.create(project, { name: 'churn', description: 'Who leaves', tags: [{ key: 'team', value: 'x' }] })
  const { id: run } = await runs.createRun(project, { source: 'client', name: 'lgbm', status: 'finished' })
  const { id: model } = await logged.create(project, {
    experiment: '0',
    name: 'model',
    type: 'sklearn',
    sourceRun: run,
    params: [],
    tags: [],
  })
  const place = `mlflow-artifacts:/0/${run}/artifacts/model/`
  await register('churn', { source: `runs:/${run}/model`, storageLocation: place, run })
  await register('churn', {
    source: `models:/${model}`,
    storageLocation: `mlflow-artifacts:/0/models/${model}/artifacts`,
    run,
    loggedModel: model,
  })
  await register('churn', { run: 'f'.repeat(32) })
  return { run, model }
}

it('lists models by name with their newest version, stages and aliases, and no prompts', async () => {
  const { run } = await begin()
  await registry.create(project, { name: 'a-b', description: '', tags: [] })
  await registry.create(project, {
    name: 'greeting',
    description: '',
    tags: [{ key: 'mlflow.prompt.is_prompt', value: 'True' }],
  })
  await registry.moveToStage(project, 'churn', '1', { stage: 'production', archive: false })
  await registry.moveToStage(project, 'churn', '2', { stage: 'production', archive: false })
  await registry.setAlias(project, 'churn', 'champion', '2')
  await registry.removeVersion(project, 'churn', '3')
  const at = { description: '', tags: [], createdAt: START, updatedAt: START, aliases: [], stages: [] }
  expect(await handlers.list({ project: 'test' }, call)).toEqual([
    { ...at, name: 'a-b', versions: 0, newest: null },
    {
      ...at,
      name: 'churn',
      description: 'Who leaves',
      tags: [{ key: 'team', value: 'x' }],
      versions: 2,
      aliases: [{ alias: 'champion', version: 2 }],
      stages: [{ stage: 'production', version: 2 }],
      newest: { version: 2, createdAt: START, run: { id: run, name: 'lgbm', number: 1, lifecycle: 'active' } },
    },
  ])
})

it('tells of each version what it was made from, and where its files are', async () => {
  const { run, model } = await begin()
  const { list } = await handlers.get(of, call)
  expect(list.map(({ version, state, type, run: source }) => [version, state, type, source?.lifecycle])).toEqual([
    [3, 'ready', null, null],
    [2, 'pending', 'sklearn', 'active'],
    [1, 'ready', null, 'active'],
  ])
  const files = async (version: number) => (await handlers.version({ ...of, version }, call)).files
  expect([await files(1), await files(2), await files(3)]).toEqual([
    { place: 'artifact', run, model: null, path: 'model' },
    { place: 'model', run: null, model, path: '' },
    null,
  ])
  // A link into the project of a run that is gone leads nowhere.
  await register('churn', { storageLocation: `mlflow-artifacts:/0/${'e'.repeat(32)}/artifacts/model` })
  expect(await files(4)).toBeNull()
})

it('tells what a version was measured at: the last value by step and time of each metric and dataset', async () => {
  const { run, model } = await begin()
  const point = { model, run, key: 'auc', step: 0, time: START, datasetName: null, datasetDigest: null }
  await logged.logMetrics(project, [
    { ...point, value: 0.7, step: 1 },
    { ...point, value: 0.9, time: START + 5 },
    { ...point, value: Number.NaN, datasetName: 'test' },
    { ...point, value: 0.8, datasetName: 'test', time: START + 1 },
    { ...point, key: 'loss', value: Number.POSITIVE_INFINITY },
  ])
  await logged.setStatus(project, model, 'failed', 'out of memory')
  const { metrics, state, why } = await handlers.version({ ...of, version: 2 }, call)
  expect([state, why]).toEqual(['failed', 'out of memory'])
  expect(metrics).toEqual([
    { key: 'auc', value: 0.8, step: 0, dataset: 'test' },
    { key: 'auc', value: 0.7, step: 1, dataset: null },
    { key: 'loss', value: Number.POSITIVE_INFINITY, step: 0, dataset: null },
  ])
})

it('refuses what is not there, in the registry’s own words', async () => {
  await begin()
  const code = async (work: () => unknown): Promise<unknown> => {
    try {
      await work()
      return 'none'
    } catch (error) {
      return (error as { readonly code?: string }).code
    }
  }
  expect([
    await code(() => handlers.get({ ...of, name: 'nobody' }, call)),
    await code(() => handlers.version({ ...of, version: 9 }, call)),
    await code(() => handlers.setAlias({ ...of, version: 1, alias: 'v2' }, call)),
    await code(() => handlers.setAlias({ ...of, version: 1, alias: 'a b' }, call)),
    await code(() => handlers.setStage({ ...of, version: 1, stage: 'archived', archiveOthers: true }, call)),
    await code(() => handlers.rename({ ...of, to: 'a/b' }, call)),
  ]).toEqual(['not_found', 'not_found', 'invalid', 'invalid', 'invalid', 'invalid'])
})

it('tells what was registered from a run: from its files and from its logged models, by whatever name, and no prompts', async () => {
  const { run, model } = await begin()
  await registry.create(project, { name: 'a-b', description: '', tags: [] })
  // An old client's: it names the logged model alone.
  await register('a-b', { source: `models:/${model}`, loggedModel: model })
  await registry.create(project, {
    name: 'greeting',
    description: '',
    tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }],
  })
  await register('greeting', { run })
  await registry.setAlias(project, 'churn', 'champion', '2')
  await registry.moveToStage(project, 'churn', '1', { stage: 'staging', archive: false })
  const of = { stage: 'none', aliases: [], createdAt: START, loggedModel: null }
  expect(await handlers.ofRun({ project: 'test', run }, call)).toEqual([
    { ...of, name: 'a-b', version: 1, loggedModel: model },
    { ...of, name: 'churn', version: 2, aliases: ['champion'], loggedModel: model },
    { ...of, name: 'churn', version: 1, stage: 'staging' },
  ])
  await registry.removeVersion(project, 'churn', '2')
  await registry.remove(project, 'a-b')
  expect((await handlers.ofRun({ project: 'test', run }, call)).map(({ version }) => version)).toEqual([1])
  expect(await handlers.ofRun({ project: 'test', run: 'e'.repeat(32) }, call)).toEqual([])
})
