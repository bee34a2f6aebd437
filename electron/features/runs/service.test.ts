import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eraseRuns } from './erase.ts'
import { createRunsService } from './service.ts'
import { openTestProject, START, type TestProject } from './test-project.fixture.ts'

const runs = createRunsService(() => 'nimble-otter')
let project: TestProject
beforeEach(() => {
  project = openTestProject()
})
afterEach(() => project.dispose())

describe('runs', () => {
  test('a run starts with what is known and gets a number, an id and a name', async () => {
    const run = await runs.createRun(project, { source: 'client' })
    expect(run).toEqual({
      number: 1,
      id: '00000000000000000000000000000001',
      experiment: '0',
      name: 'nimble-otter',
      status: 'running',
      lifecycle: 'active',
      deletedAt: null,
      startedAt: START,
      endedAt: null,
      user: null,
      source: 'client',
      parent: null,
      script: null,
      folder: null,
      command: null,
      exitCode: null,
      exitSignal: null,
      ending: null,
      note: '',
      loggedElsewhere: null,
      createdAt: START,
    })
    expect(project.changes).toEqual([{ project: 'test', entity: 'run', ids: [run.id] }])
  })

  test('everything given is kept', async () => {
    const given = {
      id: 'imported-1',
      name: 'ünïcode 🦦',
      status: 'queued' as const,
      startedAt: null,
      user: 'ada',
      source: 'launch' as const,
      parent: 'p',
      script: 'train.py',
      folder: '.',
      command: ['python', 'train.py', '--lr', '0.1'],
      note: 'a\nb',
      loggedElsewhere: 'http://mlflow.example',
    }
    await runs.createRun(project, given)
    expect(runs.getRun(project, 'imported-1')).toMatchObject({ ...given, experiment: '0' })
  })

  test('tags that mirror columns set the columns and are shown as tags to clients', async () => {
    const run = await runs.createRun(project, {
      source: 'client',
      tags: [
        { key: 'mlflow.runName', value: 'named' },
        { key: 'mlflow.user', value: 'ada' },
        { key: 'mlflow.parentRunId', value: 'p' },
        { key: 'mlflow.source.name', value: `${project.folder}/src/train.py` },
        { key: 'team', value: 'vision' },
      ],
    })
    expect(run).toMatchObject({ name: 'named', user: 'ada', parent: 'p', script: 'src/train.py' })
    await runs.setTags(project, run.id, [
      { key: 'mlflow.note.content', value: 'looks good' },
      { key: 'mlflow.runName', value: 'renamed' },
    ])
    expect(runs.getRun(project, run.id)).toMatchObject({ name: 'renamed', note: 'looks good' })
    expect(runs.bundle(project, run.id).tags).toEqual([
      { key: 'mlflow.note.content', value: 'looks good' },
      { key: 'mlflow.parentRunId', value: 'p' },
      { key: 'mlflow.runName', value: 'renamed' },
      { key: 'mlflow.source.name', value: `${project.folder}/src/train.py` },
      { key: 'mlflow.user', value: 'ada' },
      { key: 'team', value: 'vision' },
    ])
    await runs.deleteTag(project, run.id, 'mlflow.note.content')
    expect(runs.getRun(project, run.id).note).toBe('')
    await runs.deleteTag(project, run.id, 'team')
    await expect(runs.deleteTag(project, run.id, 'team')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('the user that a client names when it was told none is a tag only where it was sent as one', async () => {
    const userTag = (value: string) => [{ key: 'mlflow.user', value }]
    const userOf = (id: string): unknown => [
      runs.getRun(project, id).user,
      runs.bundle(project, id).tags.filter(({ key }) => key === 'mlflow.user'),
      runs.rows(project, ['0'], 'all').tags('mlflow.user')[0],
    ]
    const { id } = await runs.createRun(project, { source: 'client', user: 'unknown' })
    expect(userOf(id)).toEqual(['unknown', [], undefined])
    await expect(runs.deleteTag(project, id, 'mlflow.user')).rejects.toMatchObject({ code: 'not_found' })
    await runs.setTags(project, id, userTag('unknown'))
    expect(userOf(id)).toEqual(['unknown', userTag('unknown'), 'unknown'])
    await runs.setTags(project, id, userTag('ada'))
    expect(userOf(id)).toEqual(['ada', userTag('ada'), 'ada'])
    await runs.setTags(project, id, userTag('unknown'))
    await runs.deleteTag(project, id, 'mlflow.user')
    expect(userOf(id)).toEqual(['unknown', [], undefined])
    const told = await runs.createRun(project, { source: 'client', user: 'unknown', tags: userTag('unknown') })
    expect(runs.bundle(project, told.id).tags).toContainEqual(userTag('unknown')[0])
  })

  test('a status that ends a run stamps its end, and one that reopens it takes the end away', async () => {
    const { id } = await runs.createRun(project, { source: 'client' })
    project.setTime(START + 5_000)
    await runs.updateRun(project, id, { status: 'finished' })
    expect(runs.getRun(project, id)).toMatchObject({ status: 'finished', endedAt: START + 5_000 })
    await runs.updateRun(project, id, { status: 'running' })
    expect(runs.getRun(project, id)).toMatchObject({ status: 'running', startedAt: START, endedAt: null })
    await runs.updateRun(project, id, { status: 'failed', endedAt: START + 7_000.4, exitCode: 1 })
    expect(runs.getRun(project, id)).toMatchObject({ status: 'failed', endedAt: START + 7_000, exitCode: 1 })
  })

  test('unknown runs and experiments are refused, and so is a taken id', async () => {
    await expect(runs.updateRun(project, 'nope', { name: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(runs.createRun(project, { source: 'client', experiment: '9' })).rejects.toMatchObject({
      code: 'not_found',
    })
    await runs.createRun(project, { id: 'one', source: 'client' })
    await expect(runs.createRun(project, { id: 'one', source: 'client' })).rejects.toMatchObject({ code: 'conflict' })
    expect(() => runs.getRun(project, 'nope')).toThrow('Run with id=nope not found.')
  })
})

describe('parameters', () => {
  test('the same value again is nothing, another one is refused in MLflow’s words, and then nothing of the call is kept', async () => {
    const { id } = await runs.createRun(project, { source: 'client' })
    const log = (entries: Record<string, string>) =>
      runs.logParams(
        project,
        id,
        Object.entries(entries).map(([key, value]) => ({ key, value })),
        'logged',
        null,
      )
    await log({ lr: '0.1', depth: '3' })
    await log({ lr: '0.1' })
    await expect(log({ lr: '0.2' })).rejects.toMatchObject({
      code: 'conflict',
      message: `Changing param values is not allowed. Param with key='lr' was already logged with value='0.1' for run ID='${id}'. Attempted logging new value '0.2'.`,
    })
    await expect(log({ fresh: '1', lr: '0.2' })).rejects.toMatchObject({
      code: 'conflict',
      message: `Changing param values is not allowed. Params were already logged='[{'key': 'lr', 'old_value': '0.1', 'new_value': '0.2'}]' for run ID='${id}'.`,
    })
    await expect(log({ depth: '4', lr: '0.2' })).rejects.toMatchObject({
      message: `Changing param values is not allowed. Params were already logged='[{'key': 'depth', 'old_value': '3', 'new_value': '4'}, {'key': 'lr', 'old_value': '0.1', 'new_value': '0.2'}]' for run ID='${id}'.`,
    })
    expect(runs.bundle(project, id).params).toEqual([
      { key: 'depth', value: '3' },
      { key: 'lr', value: '0.1' },
    ])
  })

  test('captured ones are a namespace of their own and are replaced', async () => {
    const { id } = await runs.createRun(project, { source: 'launch' })
    await runs.logParams(project, id, [{ key: 'lr', value: '1e-3' }], 'captured', 'arguments')
    await runs.logParams(project, id, [{ key: 'lr', value: '0.001' }], 'logged', null)
    await runs.logParams(project, id, [{ key: 'lr', value: '2e-3' }], 'captured', 'config.yaml')
    expect(runs.bundle(project, id).params).toEqual([{ key: 'lr', value: '0.001' }])
  })

  test('megabytes, newlines and zero bytes survive', async () => {
    const { id } = await runs.createRun(project, { source: 'client' })
    const value = `${'x'.repeat(1 << 20)}\n\0🦦`
    await runs.logParams(project, id, [{ key: 'blob', value }], 'logged', null)
    expect(runs.bundle(project, id).params).toEqual([{ key: 'blob', value }])
  })
})

test('metrics keep NaN and infinities, and the latest value is by step, then time', async () => {
  const { id } = await runs.createRun(project, { source: 'client' })
  await runs.logMetrics(project, id, [
    { key: 'loss', value: 3, time: START + 9, step: 1 },
    { key: 'loss', value: Number.NaN, time: START + 1, step: 2 },
    { key: 'acc', value: -Infinity, time: START, step: 0 },
  ])
  expect(runs.bundle(project, id).metrics).toEqual([
    { key: 'acc', value: -Infinity, time: START, step: 0 },
    { key: 'loss', value: Number.NaN, time: START + 1, step: 2 },
  ])
  const history = runs.metricHistory(project, id, 'loss')
  expect([...history.value]).toEqual([3, Number.NaN])
  expect([...runs.metricHistory(project, id, 'nothing').value]).toEqual([])
  await expect(
    runs.logMetrics(project, id, [{ key: 'loss', value: 1, time: START, step: Infinity }]),
  ).rejects.toMatchObject({ code: 'invalid' })
})

test('a run in the trash takes nothing more until it is restored', async () => {
  const { id } = await runs.createRun(project, { source: 'client' })
  const point = (step: number) => [{ key: 'loss', value: step, time: START, step }]
  await runs.logMetrics(project, id, point(0))
  await runs.trash(project, [id])
  expect(runs.getRun(project, id)).toMatchObject({ lifecycle: 'deleted', deletedAt: START })
  const refused = {
    code: 'conflict',
    message: `The run ${id} must be in the 'active' state. Current state is deleted.`,
  }
  await expect(runs.logParams(project, id, [{ key: 'a', value: '1' }], 'logged', null)).rejects.toMatchObject(refused)
  await expect(runs.logMetrics(project, id, point(1))).rejects.toMatchObject(refused)
  await expect(runs.setTags(project, id, [])).rejects.toMatchObject(refused)
  await runs.untrash(project, [id])
  await runs.logMetrics(project, id, point(2))
  expect([...runs.metricHistory(project, id, 'loss').step]).toEqual([0, 2])
  // With its experiment, and for good.
  await runs.deleteExperiment(project, '0')
  await expect(runs.logMetrics(project, id, point(3))).rejects.toMatchObject(refused)
  await runs.restoreExperiment(project, '0')
  await runs.logMetrics(project, id, point(4))
  await runs.setTags(project, id, [{ key: 'back', value: '1' }])
  expect(runs.getRun(project, id)).toMatchObject({ lifecycle: 'active', deletedAt: null })
})

test('a run that was erased takes nothing more', async () => {
  const run = await runs.createRun(project, { source: 'client' })
  const points = [{ key: 'loss', value: 1, time: START, step: 0 }]
  await runs.logMetrics(project, run.id, points)
  await eraseRuns(project, [run])
  await expect(runs.logMetrics(project, run.id, points)).rejects.toMatchObject({ code: 'not_found' })
})

test('several writes land as one or not at all, and say once what changed', async () => {
  await expect(
    runs.write(project, (writes) => {
      const run = writes.createRun({ source: 'spool' })
      writes.setTags(run.id, [{ key: 'a', value: '1' }])
      writes.updateRun('nope', { name: 'x' })
    }),
  ).rejects.toMatchObject({ code: 'not_found' })
  expect(project.db.value('SELECT count(*) FROM run')).toBe(0)
  expect(project.changes).toEqual([])
  const run = await runs.write(project, (writes) => {
    const made = writes.createRun({ source: 'spool' })
    writes.setTags(made.id, [{ key: 'a', value: '1' }])
    writes.logMetrics(made.id, [{ key: 'loss', value: 1, time: START, step: 0 }])
    return made
  })
  expect(project.changes).toEqual([
    { project: 'test', entity: 'run', ids: [run.id] },
    { project: 'test', entity: 'metric', ids: [run.id] },
  ])
})

test('facts are checked on the way in, and a damaged one counts as unknown', async () => {
  const { id, number } = await runs.createRun(project, { source: 'launch' })
  await runs.setFact(project, id, 'seeds', { numpy: '7' })
  await runs.setDiff(project, id, 'diff --git a/x b/x\n')
  expect([runs.getFact(project, id, 'seeds'), runs.getFact(project, id, 'host'), runs.getDiff(project, id)]).toEqual([
    { numpy: '7' },
    null,
    'diff --git a/x b/x\n',
  ])
  await expect(runs.setFact(project, id, 'progress', { done: 1 } as never)).rejects.toMatchObject({ code: 'invalid' })
  project.db.run(`UPDATE run_fact SET value = '{"numpy":' WHERE run = ? AND kind = 'seeds'`, number)
  expect(runs.getFact(project, id, 'seeds')).toBeNull()
  await runs.setFact(project, id, 'seeds', null)
  expect(project.db.value('SELECT count(*) FROM run_fact')).toBe(1)
})

test('datasets are one for each name and digest of an experiment', async () => {
  const first = await runs.createRun(project, { source: 'client' })
  const second = await runs.createRun(project, { source: 'client' })
  const dataset = { name: 'iris', digest: 'd1', sourceType: 'local', source: '{}', schema: '{"a":1}', profile: null }
  await runs.recordDatasets(project, first.id, [{ ...dataset, tags: [{ key: 'mlflow.data.context', value: 'train' }] }])
  await runs.recordDatasets(project, second.id, [{ ...dataset, tags: [{ key: 'mlflow.data.context', value: 'eval' }] }])
  await runs.recordDatasets(project, second.id, [{ ...dataset, tags: [{ key: 'more', value: '1' }] }])
  expect(runs.bundle(project, second.id).datasets).toEqual([
    { ...dataset, tags: { 'mlflow.data.context': 'eval', more: '1' } },
  ])
  expect(runs.datasetsOf(project, ['0'])).toEqual([
    { experiment: '0', name: 'iris', digest: 'd1', context: 'eval' },
    { experiment: '0', name: 'iris', digest: 'd1', context: 'train' },
  ])
})

describe('experiments', () => {
  test('names are unique, deleted ones included; ensuring one restores it', async () => {
    const made = await runs.createExperiment(project, { name: 'tuning', tags: [{ key: 'a', value: '1' }] })
    expect(made).toEqual({
      id: made.id,
      name: 'tuning',
      lifecycle: 'active',
      artifactLocation: null,
      createdAt: START,
      updatedAt: START,
    })
    await expect(runs.createExperiment(project, { name: 'tuning' })).rejects.toMatchObject({ code: 'conflict' })
    await runs.deleteExperiment(project, made.id)
    await expect(runs.createExperiment(project, { name: 'tuning' })).rejects.toThrow('already exists in deleted state')
    await expect(runs.renameExperiment(project, made.id, 'x')).rejects.toMatchObject({ code: 'conflict' })
    await expect(runs.createRun(project, { source: 'client', experiment: made.id })).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await runs.ensureExperiment(project, 'tuning')).toMatchObject({ id: made.id, lifecycle: 'active' })
    expect((await runs.ensureExperiment(project, 'new')).name).toBe('new')
    expect(runs.experimentTags(project, made.id)).toEqual([{ key: 'a', value: '1' }])
    expect(runs.allExperimentTags(project)).toEqual(new Map([[made.id, [{ key: 'a', value: '1' }]]]))
    await runs.deleteExperimentTag(project, made.id, 'a')
    await expect(runs.deleteExperimentTag(project, made.id, 'a')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('deleting takes the runs along, restoring brings back those that went with it', async () => {
    const { id: experiment } = await runs.createExperiment(project, { name: 'e' })
    const before = await runs.createRun(project, { source: 'client', experiment })
    const after = await runs.createRun(project, { source: 'client', experiment })
    await runs.trash(project, [before.id])
    project.setTime(START + 1_000)
    await runs.deleteExperiment(project, experiment)
    expect(runs.rows(project, [experiment], 'deleted').attribute('id')).toEqual([before.id, after.id])
    project.setTime(START + 2_000)
    await runs.restoreExperiment(project, experiment)
    expect(runs.rows(project, [experiment], 'active').attribute('id')).toEqual([after.id])
    expect(runs.rows(project, [experiment], 'all').length).toBe(2)
  })
})
