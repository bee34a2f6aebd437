import { afterEach, beforeEach, expect, it } from 'vitest'
import { createModelHandlers, createRegistry } from '#electron/features/models/index.ts'
import { undoChange } from '#electron/features/projects/undo.ts'
import { type ImportBench, openImportBench } from './bench.fixture.ts'
import { memoryStores } from './memory-source.fixture.ts'
import type { SourceModelVersion, SourceRegisteredModel } from './source.ts'

const id = (number: number): string => number.toString(16).padStart(32, '0')
const version = (number: number, more: Partial<SourceModelVersion> = {}): SourceModelVersion => ({
  version: number,
  description: `the ${number}.`,
  stage: 'none',
  source: `runs:/${id(number)}/model`,
  storageLocation: null,
  run: id(number),
  runLink: '',
  loggedModel: null,
  user: null,
  createdAt: 5,
  updatedAt: 6,
  tags: [{ key: 'k', value: 'v' }],
  ...more,
})
const model = (name: string, more: Partial<SourceRegisteredModel> = {}): SourceRegisteredModel => ({
  name,
  description: 'words',
  createdAt: 1,
  updatedAt: 2,
  tags: [{ key: 'team', value: 'x' }],
  aliases: [
    { alias: 'champion', version: 2 },
    // Refused here: it is none that anything was given.
    { alias: 'latest', version: 1 },
  ],
  versions: [version(1), version(2, { stage: 'production' })],
  ...more,
})
const STORE = {
  experiments: [{ id: '0', name: 'Default' }],
  runs: [1, 2].map((number) => ({ id: id(number), experiment: '0', name: `r${number}` })),
  registered: [model('churn'), model('tenure')],
}

let made: ImportBench & ReturnType<typeof memoryStores>
beforeEach(() => {
  const memory = memoryStores({ 'memory:a': STORE })
  made = { ...openImportBench(memory.readers), ...memory }
})
afterEach(() => made.dispose())

const registry = createRegistry()
const models = createModelHandlers({ projects: { require: () => made.project } })
const of = { project: 'test', name: 'churn' }
const takeBack = (source = 1) => made.calls.takeBack({ project: 'test', source }, made.context)

/** Names, versions and aliases that are there, and how many runs are in the trash. */
const state = async (): Promise<unknown> => [
  await Promise.all(
    (await models.list({ project: 'test' }, made.context)).map(async ({ name, aliases, description, tags }) => {
      const { list } = await models.get({ project: 'test', name }, made.context)
      return [name, description, tags, aliases, list.map((one) => [one.version, one.stage, one.description, one.tags])]
    }),
  ),
  made.project.db.value(`SELECT count(*) FROM run WHERE lifecycle = 'deleted'`),
]
const there = async (): Promise<unknown> =>
  Promise.all(
    (await models.list({ project: 'test' }, made.context)).map(async ({ name }) => {
      const { list } = await models.get({ project: 'test', name }, made.context)
      return [name, ...list.map((one) => one.version)].join(' ')
    }),
  )

it('takes the registered models along that it brought, as one change that is undone as one', async () => {
  await made.take('memory:a')
  const before = await state()
  const { change, ...taken } = await takeBack()
  expect(taken).toEqual({ runs: 2, registeredModels: 2, modelVersions: 4, kept: [] })
  expect(await state()).toEqual([[], 2])
  expect(await undoChange(made.project, change ?? 0)).toEqual({
    change,
    label: 'Taking back of 2 runs, 2 registered models, 4 model versions from memory:a',
    kept: 0,
  })
  expect(await state()).toEqual(before)
  // And again, as nothing was touched; then there is nothing left.
  expect(await takeBack()).toMatchObject({ runs: 2, registeredModels: 2, modelVersions: 4 })
  expect(await takeBack()).toEqual({ change: null, runs: 0, registeredModels: 0, modelVersions: 0, kept: [] })
  // What was taken back does not come again by itself.
  await made.take('memory:a')
  expect(await there()).toEqual([])
})

it.each<[string, () => unknown, readonly string[], readonly string[]]>([
  [
    'a version that was added',
    () =>
      registry.createVersion(made.project, 'churn', {
        ...version(1),
        run: null,
        source: 's3://b/x',
        storageLocation: 's3://b/x',
      }),
    ['churn 3'],
    ['registered model churn: it has versions that were registered here'],
  ],
  [
    'an alias that was moved',
    () => models.setAlias({ ...of, version: 1, alias: 'champion' }, made.context),
    ['churn 2 1'],
    [
      'churn version 1: it was given the alias champion here',
      'churn version 2: its alias champion was taken from it here',
    ],
  ],
  [
    'an alias that was given',
    () => models.setAlias({ ...of, version: 1, alias: 'shadow' }, made.context),
    ['churn 1'],
    ['churn version 1: it was given the alias shadow here'],
  ],
  [
    'an alias that was removed',
    () => models.removeAlias({ ...of, alias: 'champion' }, made.context),
    ['churn 2'],
    ['churn version 2: its alias champion was taken from it here'],
  ],
  [
    'a stage',
    () => models.setStage({ ...of, version: 1, stage: 'staging', archiveOthers: false }, made.context),
    ['churn 1'],
    ['churn version 1: its stage was changed here'],
  ],
  [
    'a version that was described',
    () => models.setDescription({ ...of, version: 2, description: 'mine' }, made.context),
    ['churn 2'],
    ['churn version 2: its description was changed here'],
  ],
  [
    'a version that was tagged',
    () => models.setTag({ ...of, version: 2, key: 'seen', value: '' }, made.context),
    ['churn 2'],
    ['churn version 2: its tags were changed here'],
  ],
  [
    'a tag that was taken away',
    () => models.removeTag({ ...of, version: 2, key: 'k' }, made.context),
    ['churn 2'],
    ['churn version 2: its tags were changed here'],
  ],
  [
    'a model that was described',
    () => models.setDescription({ ...of, description: 'mine' }, made.context),
    ['churn 2 1'],
    ['registered model churn: its description was changed here'],
  ],
  [
    'a model that was tagged',
    () => models.setTag({ ...of, key: 'team', value: 'y' }, made.context),
    ['churn 2 1'],
    ['registered model churn: its tags were changed here'],
  ],
  [
    'a model that was renamed',
    () => models.rename({ ...of, to: 'leavers' }, made.context),
    ['leavers 2 1'],
    ['registered model leavers: it was renamed here'],
  ],
])('leaves %s, and says why', async (_what, touch, left, kept) => {
  await made.take('memory:a')
  await touch()
  const taken = await takeBack()
  expect(await there()).toEqual(left)
  const isOfRun = ({ what }: { readonly what: string }): boolean => what.startsWith('run ')
  expect(taken.kept.flatMap((note) => (isOfRun(note) ? [] : [`${note.what}: ${note.why}`]))).toEqual(kept)
  // A run stays for as long as a version has its files there.
  const needed = made.project.db.all(
    `SELECT DISTINCT 'run r' || ltrim(run, '0') AS what FROM model_version WHERE deleted_at IS NULL AND run IS NOT NULL ORDER BY 1`,
  )
  const runsLeft = made.project.db.all(`SELECT 'run ' || name AS what FROM run WHERE lifecycle = 'active' ORDER BY 1`)
  expect(runsLeft).toEqual(needed)
  expect(taken.kept.filter(isOfRun).map(({ what }) => ({ what }))).toEqual(needed)
  const before = taken.registeredModels
  expect(before).toBe(1)
})

it('leaves the run that holds the files of a version that stays, and says for which', async () => {
  await made.take('memory:a')
  await models.setAlias({ ...of, version: 1, alias: 'shadow' }, made.context)
  const before = await state()
  const { change, ...taken } = await takeBack()
  expect(taken).toEqual({
    runs: 1,
    registeredModels: 1,
    modelVersions: 3,
    kept: [
      { kind: 'noticed', what: 'churn version 1', why: 'it was given the alias shadow here' },
      {
        kind: 'noticed',
        what: 'run r1',
        why: 'version 1 of churn, which was given the alias shadow here, has its files there',
      },
    ],
  })
  const trashed = (): unknown => made.project.db.all(`SELECT name FROM run WHERE lifecycle = 'deleted'`)
  expect(trashed()).toEqual([{ name: 'r2' }])
  await undoChange(made.project, change ?? 0)
  expect(await state()).toEqual(before)
  // What nobody touches any more goes with the next one.
  await models.removeAlias({ ...of, alias: 'shadow' }, made.context)
  expect(await takeBack()).toMatchObject({ runs: 2, modelVersions: 4, kept: [] })
})

it('leaves the run that logged the model whose files a version has', async () => {
  const logged = {
    id: 'm-1',
    experiment: '0',
    name: 'net',
    type: '',
    status: 'ready',
    statusMessage: '',
    sourceRun: id(1),
  }
  const times = { createdAt: 1, updatedAt: 2, lifecycle: 'active', artifactLocation: '', fingerprint: 'f' }
  const none = { params: [], tags: [], metrics: [], artifacts: { at: 'none' } }
  made.stores.set('memory:a', { ...STORE, registered: [], logged: [{ ...logged, ...times, ...none } as never] })
  await made.take('memory:a')
  await registry.create(made.project, { name: 'mine', description: '', tags: [] })
  const place = { source: 'models:/m-1', storageLocation: 'mlflow-artifacts:/0/models/m-1/artifacts' }
  await registry.createVersion(made.project, 'mine', { ...version(1), ...place, run: null })
  expect(await takeBack()).toMatchObject({
    runs: 1,
    kept: [{ what: 'run r1', why: 'version 1 of mine, which stays, has its files there' }],
  })
})

it('leaves what was here before, and what another source brought too', async () => {
  await registry.create(made.project, { name: 'churn', description: '', tags: [] })
  await registry.createVersion(made.project, 'churn', {
    ...version(1),
    description: null,
    storageLocation: version(1).source,
  })
  made.stores.set('memory:b', { ...STORE, registered: [model('tenure', { aliases: [], versions: [version(1)] })] })
  await made.take('memory:a')
  await made.take('memory:b')
  const taken = await takeBack()
  expect(await there()).toEqual(['churn 1', 'tenure 2 1'])
  expect(taken).toMatchObject({
    registeredModels: 0,
    modelVersions: 1,
    kept: [{ what: 'registered model tenure', why: 'it came from another source too' }],
  })
})

it('leaves what came before it was kept whether it came with an import', async () => {
  await made.take('memory:a')
  made.project.db.run('UPDATE import_model SET made = NULL')
  const taken = await takeBack()
  expect(await there()).toEqual(['churn 2 1', 'tenure 2 1'])
  expect(taken).toMatchObject({ runs: 0, registeredModels: 0, kept: [{ what: 'registered model churn' }, {}, {}, {}] })
})

it('counts what came with a later import of the source as its own', async () => {
  await made.take('memory:a')
  made.stores.set('memory:a', {
    ...STORE,
    registered: [
      model('churn', { versions: [...model('churn').versions, version(3, { run: null })] }),
      model('tenure'),
    ],
  })
  await made.take('memory:a')
  expect(await there()).toEqual(['churn 3 2 1', 'tenure 2 1'])
  expect(await takeBack()).toMatchObject({ registeredModels: 2, modelVersions: 5, kept: [] })
})
