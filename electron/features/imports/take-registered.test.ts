import { expect, it } from 'vitest'
import type { FoundSource } from '#shared/contract/imports.ts'
import { everythingIn, type ImportBench, openImportBench } from './bench.fixture.ts'
import { memoryStores } from './memory-source.fixture.ts'
import type { SourceModelVersion } from './source.ts'

const EXPERIMENTS = [{ id: '0', name: 'Default' }]
const id = (number: number): string => number.toString(16).padStart(32, '0')

const version = (number: number, more: Partial<SourceModelVersion> = {}): SourceModelVersion => ({
  version: number,
  description: null,
  stage: 'none',
  source: `file:///home/a/mlruns/0/${id(1)}/artifacts/model`,
  storageLocation: null,
  run: id(1),
  runLink: '',
  loggedModel: null,
  user: null,
  createdAt: 5,
  updatedAt: 6,
  tags: [],
  ...more,
})

it('keeps versions their numbers, and gives a free one where another has it', async () => {
  const model = { name: 'm', description: 'd', createdAt: 1, updatedAt: 2, tags: [{ key: 'k', value: 'v' }] }
  const registered = [
    {
      ...model,
      aliases: [
        { alias: 'champion', version: 3 },
        { alias: 'latest', version: 1 },
      ],
      versions: [version(1, { stage: 'production' }), version(3)],
    },
  ]
  const runsOf = [{ id: id(1), experiment: '0' }]
  const memory = memoryStores({ 'memory:a': { experiments: EXPERIMENTS, runs: runsOf, registered } })
  const made = { ...openImportBench(memory.readers), ...memory }
  const [report] = await made.take('memory:a')
  expect(report?.came).toMatchObject({ registeredModels: 1, modelVersions: 2 })
  expect(report?.notes.map(({ why }) => why)).toEqual([
    "its alias latest: 'latest' alias name (case insensitive) is reserved.",
  ])
  const source = `runs:/${id(1)}/model`
  expect(everythingIn(made.project).versions).toMatchObject([
    { version: 1, stage: 'production', source, storage_location: source, aliases: '[]' },
    { version: 3, stage: 'none', aliases: '["champion"]' },
  ])
  // Another store has the same first version, and another third one.
  made.stores.set('memory:b', {
    experiments: EXPERIMENTS,
    runs: runsOf,
    registered: [
      {
        ...model,
        aliases: [{ alias: 'champion', version: 3 }],
        versions: [version(1), version(3, { source: 's3://b/x', run: null })],
      },
    ],
  })
  const [second] = await made.take('memory:b')
  expect(second?.came).toMatchObject({ registeredModels: 0, modelVersions: 1 })
  expect(second?.notes.map(({ why }) => why)).toEqual([
    'version 3 there is version 4 here, where another has its number',
    'its alias champion points to version 3 here: it stays there',
  ])
  const [third] = await made.take('memory:b')
  expect(third?.came).toMatchObject({ modelVersions: 0 })
  // A version that was deleted here stays so; a stage that changed there follows.
  await made.project.commits.enqueue(() =>
    made.project.db.run('UPDATE model_version SET deleted_at = 1 WHERE version = 3'),
  )
  made.stores.set('memory:a', {
    experiments: EXPERIMENTS,
    runs: runsOf,
    registered: [
      {
        ...model,
        description: 'new',
        aliases: [],
        versions: [version(1, { stage: 'archived' }), version(3, { stage: 'staging' })],
      },
    ],
  })
  await made.take('memory:a')
  const all = everythingIn(made.project)
  expect(all.registered).toEqual([{ name: 'm', description: 'new', last_version: 4 }])
  expect(made.project.db.all('SELECT version, stage, deleted_at FROM model_version ORDER BY version')).toEqual([
    { version: 1, stage: 'archived', deleted_at: null },
    { version: 3, stage: 'none', deleted_at: 1 },
    { version: 4, stage: 'none', deleted_at: null },
  ])
  await made.dispose()
})

async function modelsHere(made: ImportBench, location: string): Promise<FoundSource['modelsHere'] | undefined> {
  for await (const event of made.calls.inspect({ project: 'test', location }, made.context))
    if (event.type === 'plan') return event.plan.sources[0]?.modelsHere
  return undefined
}

it('is said before an import to be here already, as far as it is as there', async () => {
  const model = { description: '', createdAt: 1, updatedAt: 2, tags: [], aliases: [] }
  const registered = [
    { ...model, name: 'm', versions: [version(1), version(2)] },
    { ...model, name: 'other', versions: [version(1)] },
  ]
  const runs = [{ id: id(1), experiment: '0' }]
  const memory = memoryStores({ 'memory:a': { experiments: EXPERIMENTS, runs, registered } })
  const made = { ...openImportBench(memory.readers), ...memory }
  expect(await modelsHere(made, 'memory:a')).toEqual({ logged: 0, registered: 0, versions: 0, deleted: 0 })
  await made.take('memory:a')
  expect(await modelsHere(made, 'memory:a')).toEqual({ logged: 0, registered: 2, versions: 3, deleted: 0 })
  // From a copy too; and not where something came, or was deleted here.
  const [first, second] = registered
  const grown = [{ ...first!, versions: [version(1), version(2), version(3)] }, second!]
  made.stores.set('memory:b', { experiments: EXPERIMENTS, runs, registered: grown })
  expect(await modelsHere(made, 'memory:b')).toEqual({ logged: 0, registered: 1, versions: 3, deleted: 0 })
  const { db, commits } = made.project
  await commits.enqueue(() => {
    db.run(`UPDATE registered_model SET deleted_at = 1 WHERE name = 'other'`)
    db.run('UPDATE model_version SET deleted_at = 1 WHERE version = 2')
  })
  expect(await modelsHere(made, 'memory:b')).toEqual({ logged: 0, registered: 0, versions: 1, deleted: 1 })
  await made.dispose()
})
