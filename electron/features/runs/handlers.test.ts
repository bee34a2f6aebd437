import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runs as contract } from '#shared/contract/runs.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { createDispatcher } from '#electron/transport/dispatcher.ts'
import { workingTree } from '#electron/platform/git/working-tree.ts'
import { createModelsService } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { createRuns, type RunsFeature } from './create-runs.ts'
import { openTestProject, START, type TestProject } from './test-project.fixture.ts'

let project: TestProject
let other: TestProject
let feature: RunsFeature
let closers: ((project: ProjectContext) => void)[] = []

/** Calls as a page makes them: inputs and outputs are parsed. */
function call<Name extends keyof typeof contract>(
  name: Name,
  input: Parameters<Client<{ runs: typeof contract }>['runs'][Name]>[0],
): ReturnType<Client<{ runs: typeof contract }>['runs'][Name]> {
  const dispatcher = createDispatcher(
    { runs: contract },
    { runs: feature.handlers },
    {
      checkOutputs: true,
      newLogId: () => 'log',
      onError: () => {},
    },
  )
  return dispatcher.call(`runs.${name}`, input, { signal: new AbortController().signal, actor: 'test' }) as never
}

beforeEach(() => {
  project = openTestProject('test')
  other = openTestProject('other')
  closers = []
  feature = createRuns({
    projects: {
      require: (id) => (id === 'other' ? other : project),
      open: () => [project, other],
      onClose: (listener) => void closers.push(listener),
    },
    random: () => 0,
  })
})
afterEach(async () => {
  for (const closer of closers) for (const one of [project, other]) closer(one)
  await project.dispose()
  await other.dispose()
})

const git = (...words: readonly string[]): void =>
  void execFileSync('git', words, { cwd: project.folder, stdio: 'ignore' })

/** A finished launch of train.py with these parameters and losses by step. */
async function launched(params: Readonly<Record<string, string>>, losses: readonly number[]): Promise<string> {
  const { service } = feature
  const run = await service.createRun(project, {
    source: 'launch',
    status: 'finished',
    script: 'train.py',
    folder: '.',
    command: ['python', 'train.py'],
  })
  await service.logParams(
    project,
    run.id,
    Object.entries(params).map(([key, value]) => ({ key, value })),
    'captured',
    'arguments',
  )
  await service.logMetrics(
    project,
    run.id,
    losses.map((value, step) => ({ key: 'val_loss', value, step, time: START + step })),
    'log',
  )
  return run.id
}

test('a run’s page has everything that is known of it', async () => {
  const { service } = feature
  const parent = await service.createRun(project, { source: 'client', name: 'parent' })
  const experiment = await service.ensureExperiment(project, 'tuning')
  const { id } = await service.createRun(project, {
    source: 'launch',
    experiment: experiment.id,
    parent: parent.id,
    user: 'ada',
    script: 'train.py',
    folder: 'src',
    command: ['python', 'train.py', '--lr', '0.1'],
    tags: [
      { key: 'team', value: 'x' },
      { key: 'mlflow.source.type', value: 'LOCAL' },
    ],
  })
  const child = await service.createRun(project, { source: 'client', name: 'fold 1', parent: id })
  await service.logParams(project, id, [{ key: 'lr', value: '0.1' }], 'captured', 'arguments')
  await service.logParams(project, id, [{ key: 'lr', value: '0.10' }], 'logged', null)
  await service.logMetrics(project, id, [{ key: 'loss', value: Number.NaN, step: 0, time: START }])
  const facts = {
    git: {
      root: project.folder,
      commit: 'a'.repeat(40),
      branch: 'main',
      remote: null,
      added: 1,
      removed: 2,
      files: 1,
      untracked: ['x'],
      untrackedCount: 1,
      leftOut: [],
    },
    host: { hostname: 'h', platform: 'linux', cpu: 'c', cores: 8, memory: 1, gpus: [] },
    python: { version: '3.12.4', implementation: 'CPython', executable: '/usr/bin/python', packages: { numpy: '2.0' } },
    environment: { CUDA_VISIBLE_DEVICES: '0' },
    seeds: { torch: '7' },
    'config-files': [{ path: 'c.yaml', size: 3, artifact: null }],
    progress: { done: 3, total: 10, unit: 'epoch' },
  } as const
  for (const [kind, value] of Object.entries(facts)) await service.setFact(project, id, kind as 'git', value as never)
  await service.recordDatasets(project, id, [
    {
      name: 'd',
      digest: '1',
      sourceType: 'local',
      source: '{}',
      tags: [{ key: 'mlflow.data.context', value: 'train' }],
    },
  ])
  const models = createModelsService(() => 'model')
  const model = await models.create(project, {
    experiment: experiment.id,
    name: 'net',
    type: 'LLM',
    sourceRun: id,
    params: [],
    tags: [],
  })
  await models.linkToRun(project, id, 'output', [{ model: model.id, step: 5 }])
  mkdirSync(join(project.artifactsFolder, 'models', model.id, 'artifacts'), { recursive: true })
  writeFileSync(join(project.artifactsFolder, 'models', model.id, 'artifacts', 'weights'), '12345')
  await service.updateRun(project, id, { status: 'failed', exitCode: 1, ending: 'Ended by its own error' })

  expect(await call('get', { project: 'test', run: id })).toEqual({
    id,
    number: 2,
    name: 'able-acorn-100',
    project: 'test',
    experiment: { id: experiment.id, name: 'tuning' },
    status: 'failed',
    lifecycle: 'active',
    startedAt: START,
    endedAt: START,
    user: 'ada',
    source: 'launch',
    parent: { id: parent.id, name: 'parent' },
    children: [{ id: child.id, name: 'fold 1', number: 3, status: 'running' }],
    script: 'train.py',
    command: ['python', 'train.py', '--lr', '0.1'],
    folder: 'src',
    exitCode: 1,
    exitSignal: null,
    ending: 'Ended by its own error',
    attempts: 0,
    note: '',
    tags: [{ key: 'team', value: 'x' }],
    params: [
      { key: 'lr', value: '0.10', origin: 'logged', source: null },
      { key: 'lr', value: '0.1', origin: 'captured', source: 'arguments' },
    ],
    metrics: [
      {
        key: 'loss',
        origin: 'logged',
        count: 1,
        last: Number.NaN,
        lastStep: 0,
        lastTime: START,
        min: null,
        minStep: null,
        max: null,
        maxStep: null,
      },
    ],
    progress: facts.progress,
    git: facts.git,
    host: facts.host,
    python: facts.python,
    environment: facts.environment,
    seeds: facts.seeds,
    configFiles: facts['config-files'],
    models: [{ id: model.id, name: 'net', type: 'LLM', status: 'pending', createdAt: START, step: 5, bytes: 5 }],
    datasets: [{ name: 'd', digest: '1', context: 'train' }],
    loggedElsewhere: null,
    artifactFolder: join(project.artifactsFolder, id, 'artifacts'),
  })
  const [fact] = await call('facts', { project: 'test', runs: [id] })
  expect(fact).toMatchObject({
    params: { lr: '0.10' },
    tags: { team: 'x' },
    packages: { numpy: '2.0' },
    environment: facts.environment,
    seedSpread: {},
    facts: {
      script: 'train.py',
      command: 'python train.py --lr 0.1',
      commit: 'a'.repeat(40),
      branch: 'main',
      uncommitted: '+1 −2 in 1 file',
      python: 'CPython 3.12.4',
      gpu: 'none',
    },
  })
  await expect(call('get', { project: 'test', run: 'nope' })).rejects.toMatchObject({ code: 'not_found' })
})

describe('what changed since the previous run', () => {
  test('parameters, code, packages, data and the metrics at the latest step that both have', async () => {
    const { service } = feature
    git('init', '-q')
    git('config', 'user.email', 'ada@example.org')
    git('config', 'user.name', 'Ada')
    writeFileSync(join(project.folder, '.gitignore'), '.benchtop\n')
    writeFileSync(join(project.folder, 'train.py'), 'one\ntwo\n')
    git('add', '-A')
    git('commit', '-q', '-m', 'first')
    const record = async (id: string, numpy: string, hash: string): Promise<void> => {
      const tree = await workingTree(project.folder, { diff: true })
      await service.setFact(project, id, 'git', tree?.facts ?? null)
      await service.setDiff(project, id, tree?.diff ?? null)
      await service.setFact(project, id, 'python', {
        version: '3',
        implementation: 'CPython',
        executable: 'p',
        packages: { numpy, torch: '2' },
      })
      await service.setFact(project, id, 'data-files', [
        { path: 'data/a.csv', size: 1, modifiedAt: 1, hash },
        { path: 'data/b.csv', size: 2, modifiedAt: 2, hash: null },
      ])
    }
    const before = await launched({ lr: '1e-3', seed: '7', epochs: '40', old: 'x' }, [4, 3, 2, 1])
    await record(before, '2.0', 'md5:1')
    writeFileSync(join(project.folder, 'train.py'), 'one\nTWO\nthree\n')
    // Another script's run and one in the trash come between, and are none of it.
    await service.createRun(project, { source: 'launch', script: 'other.py', folder: '.', status: 'finished' })
    const trashed = await launched({ lr: '9' }, [1])
    await service.trash(project, [trashed])
    const now = await launched({ lr: '0.001', seed: '7', epochs: '60' }, [5, 2.5])
    await record(now, '2.1', 'md5:2')
    // What a client measured of the machine is no result.
    for (const id of [before, now])
      await service.logMetrics(project, id, [{ key: 'system/cpu', value: 5, step: 1, time: START }])

    expect(await call('changed', { project: 'test', run: now })).toEqual({
      previous: { id: before, name: 'able-acorn-100', number: 1, startedAt: START, status: 'finished' },
      params: [
        { key: 'epochs', before: '40', now: '60' },
        { key: 'old', before: 'x', now: null },
      ],
      sameParams: 2,
      code: { added: 2, removed: 1, files: 1, why: null },
      packages: [{ name: 'numpy', before: '2.0', now: '2.1' }],
      samePackages: 1,
      dataFiles: [{ path: 'data/a.csv', what: 'changed' }],
      sameDataFiles: 1,
      metrics: [{ key: 'val_loss', step: 1, before: 3, now: 2.5, goal: 'down' }],
    })
    const difference = await call('codeDifference', { project: 'test', from: before, to: now })
    expect(difference.diff).toContain('+TWO\n+three\n')
    expect((await call('uncommitted', { project: 'test', run: now })).diff).toContain('+TWO')
    expect(await call('changed', { project: 'test', run: before })).toMatchObject({
      previous: null,
      params: [],
      code: null,
    })
  })

  test('what was not recorded is not compared', async () => {
    await launched({ lr: '1' }, [])
    const now = await launched({ lr: '1' }, [1])
    expect(await call('changed', { project: 'test', run: now })).toMatchObject({
      sameParams: 1,
      code: null,
      packages: [],
      dataFiles: [],
      metrics: [],
    })
    expect((await call('codeDifference', { project: 'test', from: now, to: now })).why).toContain('Nothing is recorded')
  })

  test('a secret in the code is masked in what is shown', async () => {
    const { service } = feature
    const first = await launched({}, [])
    const second = await launched({}, [])
    const facts = {
      root: '/nowhere',
      commit: null,
      branch: null,
      remote: null,
      added: 0,
      removed: 0,
      files: 1,
      untracked: [],
      untrackedCount: 0,
      leftOut: [],
    }
    const secret = `sk-${'a1B2c3D4'.repeat(5)}`
    for (const id of [first, second]) await service.setFact(project, id, 'git', facts)
    await service.setDiff(project, first, '')
    await service.setDiff(
      project,
      second,
      `diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+API_KEY = "${secret}"\n`,
    )
    const { diff } = await call('codeDifference', { project: 'test', from: first, to: second })
    expect(diff).toContain('+API_KEY')
    expect(diff).not.toContain(secret)
  })
})

describe('the trash', () => {
  test('takes finished runs, gives them back, and says what emptying would free', async () => {
    const { service } = feature
    const id = await launched({}, [1, 2, 3])
    mkdirSync(join(project.artifactsFolder, id, 'artifacts'), { recursive: true })
    writeFileSync(join(project.artifactsFolder, id, 'artifacts', 'plot'), '1234')
    const runs = [id]
    await expect(call('deleteForever', { project: 'test', runs })).rejects.toMatchObject({ code: 'conflict' })
    await call('remove', { project: 'test', runs })
    await call('restore', { project: 'test', runs })
    expect(service.getRun(project, id).lifecycle).toBe('active')
    await call('remove', { project: 'test', runs })
    expect(await call('deletionPreview', { project: 'test', runs })).toEqual({ runs: 1, points: 3, files: 1, bytes: 4 })
    expect(await call('deleteForever', { project: 'test', runs })).toEqual({ runs: 1, bytes: 4 })
    await expect(call('get', { project: 'test', run: id })).rejects.toMatchObject({ code: 'not_found' })
    expect((await call('table', { project: 'test', columns: [], lifecycle: 'deleted' })).total).toBe(0)
  })

  test('is emptied of what has been in it for 30 days', async () => {
    const [old, young] = [await launched({}, []), await launched({}, [])]
    await call('remove', { project: 'test', runs: [old] })
    project.setTime(START + 20 * 86_400_000)
    await call('remove', { project: 'test', runs: [young] })
    expect(await feature.emptyTrash()).toBe(0)
    project.setTime(START + 31 * 86_400_000)
    expect(await feature.emptyTrash()).toBe(1)
    expect(feature.service.findRun(project, old)).toBeUndefined()
    expect(feature.service.findRun(project, young)).toBeDefined()
  })
})

test('runs move to another project', async () => {
  const id = await launched({ lr: '1' }, [1, 2])
  expect(await call('moveToProject', { project: 'test', runs: [id], target: 'other' })).toEqual({ moved: 1 })
  expect(await call('get', { project: 'other', run: id })).toMatchObject({ project: 'other', metrics: [{ count: 2 }] })
  expect((await call('table', { project: 'test', columns: [] })).total).toBe(0)
  expect((await call('table', { project: 'other', columns: ['param:lr'] })).rows[0]?.cells).toEqual([1])
})

test('experiments are listed with their runs', async () => {
  const id = await launched({}, [])
  await call('setExperiment', { project: 'test', runs: [id], name: 'tuning' })
  expect(await call('experiments', { project: 'test' })).toEqual([
    { id: '0', name: 'Default', createdAt: START, lifecycle: 'active', runs: 0 },
    { id: expect.any(String) as string, name: 'tuning', createdAt: START, lifecycle: 'active', runs: 1 },
  ])
})

test('a read-only project is read, and every change is refused in words', async () => {
  const id = await launched({ lr: '1' }, [1])
  const writable = project
  project = { ...project, readOnly: true }
  expect((await call('table', { project: 'test', columns: [] })).total).toBe(1)
  for (const change of [
    call('rename', { project: 'test', run: id, name: 'x' }),
    call('remove', { project: 'test', runs: [id] }),
    call('moveToProject', { project: 'test', runs: [id], target: 'other' }),
  ]) {
    await expect(change).rejects.toMatchObject({ code: 'read_only' })
  }
  project = writable
})

test('a run whose values are NaN or infinite is told like any other', async () => {
  const { id } = await feature.service.createRun(project, { source: 'client' })
  const values = { up: Infinity, down: -Infinity, none: Number.NaN }
  await feature.service.logMetrics(
    project,
    id,
    Object.entries(values).map(([key, value]) => ({ key, value, step: 0, time: START })),
  )
  const { metrics } = await call<'get'>('get', { project: 'test', run: id })
  expect(Object.fromEntries(metrics.map(({ key, last }) => [key, last]))).toEqual(values)
})
