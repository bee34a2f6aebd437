import { afterEach, beforeEach, expect, it } from 'vitest'
import { undoChange } from '#electron/features/projects/undo.ts'
import { eraseRuns } from '#electron/features/runs/erase.ts'
import { createMover } from '#electron/features/runs/move.ts'
import { openPair } from '#electron/features/runs/move.fixture.ts'
import { existingRun } from '#electron/features/runs/run-writes.ts'
import type { TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { type ImportBench, openImportBench } from './bench.fixture.ts'
import { memoryStores } from './memory-source.fixture.ts'
import type { SourceLoggedModel } from './source.ts'

const id = (number: number): string => number.toString(16).padStart(32, '0')
const logged = (number: number): SourceLoggedModel => ({
  id: `m-${number}`,
  experiment: '0',
  name: 'net',
  type: '',
  status: 'ready',
  statusMessage: '',
  sourceRun: id(number),
  lifecycle: 'active',
  createdAt: 1,
  updatedAt: 2,
  params: [],
  tags: [],
  metrics: [],
  artifacts: { at: 'none' },
  fingerprint: 'f',
})
const registered = { name: 'churn', description: '', createdAt: 1, updatedAt: 2, tags: [], aliases: [], versions: [] }
const STORE = {
  experiments: [{ id: '0', name: 'Default' }],
  runs: [1, 2, 3].map((number) => ({ id: id(number), experiment: '0', name: `r${number}`, params: { p: '1' } })),
  logged: [1, 2, 3].map(logged),
  registered: [registered],
}

let made: ImportBench & ReturnType<typeof memoryStores>
let target: TestProject
beforeEach(() => {
  const memory = memoryStores({ 'memory:a': STORE, 'memory:b': STORE })
  const pair = openPair()
  target = pair.target
  made = { ...openImportBench(memory.readers, { project: pair.source }), ...memory }
})
afterEach(() => made.dispose())

const erase = (run: string) => eraseRuns(made.project, [existingRun(made.project, run)])
const mover = createMover({ require: () => made.project }, () => Promise.resolve())
const move = (run: string) => mover.move(made.project, target, [run])
const forget = (source: number) => made.calls.forget({ project: made.project.id, source }, made.context)
const here = (): unknown => [
  made.project.db.prepare('SELECT name FROM run ORDER BY name').rows<readonly [string]>().flat().join(' '),
  made.project.db.prepare('SELECT id FROM logged_model ORDER BY id').rows<readonly [string]>().flat().join(' '),
]
const notes = async (location = 'memory:a'): Promise<readonly string[]> =>
  (await made.take(location)).flatMap((report) => report.notes.map(({ what, why }) => `${what}: ${why}`))
const ERASED = 'deleted here for good, left out until the sources it came from are forgotten'

it('says of a run that was deleted for good and of one that was moved what became of it, and brings neither', async () => {
  await made.take('memory:a')
  await erase(id(1))
  await move(id(2))
  expect(await notes()).toEqual([`one run: ${ERASED}`, `one run: moved to project ${target.name}, left out here`])
  expect(here()).toEqual(['r3', 'm-3'])
  // Another source brings no models of them either.
  await made.take('memory:b')
  expect(here()).toEqual(['r3', 'm-3'])
})

it('brings runs again that were deleted for good once all sources of them are forgotten, but none that was moved', async () => {
  await made.take('memory:a')
  await made.take('memory:b')
  await erase(id(1))
  await move(id(2))
  await forget(1)
  expect(await notes()).toContain(`one run: ${ERASED}`)
  await forget(1)
  await forget(2)
  expect(await notes()).toEqual([`one run: moved to project ${target.name}, left out here`])
  expect(here()).toEqual(['r1 r3', 'm-1 m-3'])
})

it('says of a run that came back from another project and was deleted then that it was deleted', async () => {
  await made.take('memory:a')
  await move(id(2))
  await mover.move(target, made.project, [id(2)])
  await erase(id(2))
  expect(await notes()).toEqual([`one run: ${ERASED}`])
})

it('brings a registered model again that was taken back, once its source is forgotten', async () => {
  await made.take('memory:a')
  const { change } = await made.calls.takeBack({ project: made.project.id, source: 1 }, made.context)
  expect(await notes()).toEqual([
    '3 runs: deleted here, left out until restored from the trash',
    'registered model churn: deleted here, left out until the sources it came from are forgotten',
  ])
  await forget(1)
  expect(await notes()).toEqual(['3 runs: deleted here, left out until restored from the trash'])
  const names = (): unknown => made.project.db.all('SELECT name FROM registered_model WHERE deleted_at IS NULL')
  expect(names()).toEqual([{ name: 'churn' }])
  // The name is taken by now: the way back says so, and breaks nothing.
  await expect(undoChange(made.project, change ?? 0)).rejects.toMatchObject({ code: 'conflict' })
  expect(names()).toEqual([{ name: 'churn' }])
})
