import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { createRuns } from '#electron/features/runs/index.ts'
import { START } from '#electron/features/runs/test-project.fixture.ts'
import { everythingIn, openImportBench } from './bench.fixture.ts'
import { type MemoryRun, type MemoryStore, memoryStores } from './memory-source.fixture.ts'

const DAY = 24 * 3_600_000
const id = (number: number): string => number.toString(16).padStart(32, '0')
type Experiment = MemoryStore['experiments'][number]
const RUNS: readonly MemoryRun[] = [1, 2].map((number) => ({ id: id(number), experiment: '7' }))

function bench(experiments: readonly Experiment[], runs: readonly MemoryRun[] = RUNS) {
  const memory = memoryStores({ 'memory:a': { experiments, runs } })
  const made = openImportBench(memory.readers)
  onTestFinished(made.dispose)
  const { project } = made
  const { service } = createRuns({ projects: { require: () => project, open: () => [project], onClose: () => {} } })
  return {
    ...made,
    service,
    take: async (changed: readonly Experiment[] = experiments, with_: readonly MemoryRun[] = runs) => {
      memory.stores.set('memory:a', { experiments: changed, runs: with_ })
      const [report] = await made.take('memory:a')
      return {
        came: report?.came,
        notes: report?.notes.map(({ kind, what, why }) => `${kind}: ${what}: ${why}`),
      }
    },
    experiments: () => project.db.all(`SELECT id, name, lifecycle FROM experiment WHERE id <> '0' ORDER BY id`),
    lifecycles: () =>
      project.db.all('SELECT lifecycle FROM run ORDER BY id').map((row) => Object.values(row as object)[0]),
  }
}

const SEVEN = { id: '7', name: 'seven' }

it('is renamed here as there, and once only', async () => {
  const made = bench([SEVEN])
  await made.take()
  const renamed = { ...SEVEN, name: 'sieben' }
  expect(await made.take([renamed])).toMatchObject({
    came: { updatedExperiments: 1, runs: 0, updatedRuns: 0 },
    notes: ['changed: experiment sieben: it was renamed there: it was called seven here'],
  })
  expect(made.experiments()).toEqual([{ id: '7', name: 'sieben', lifecycle: 'active' }])
  expect(await made.take([renamed])).toMatchObject({ came: { updatedExperiments: 0 }, notes: [] })
})

it('keeps the name that a person gave it, or that it had here before, and says so once', async () => {
  const made = bench([SEVEN, { id: '8', name: 'Default' }])
  await made.take()
  await made.service.renameExperiment(made.project, '7', 'mine')
  const renamed = [
    { ...SEVEN, name: 'sieben' },
    { id: '8', name: 'acht' },
  ]
  expect((await made.take(renamed)).notes).toEqual([
    'skipped: experiment mine: it is called sieben there now; it was renamed here too, so its name stays',
    'skipped: experiment Default: it is called acht there now; it was here before, so its name stays',
  ])
  expect((await made.take(renamed)).notes).toEqual([])
  expect(made.experiments()).toEqual([{ id: '7', name: 'mine', lifecycle: 'active' }])
})

it('takes a name that another gives up, and waits for one that is taken', async () => {
  const made = bench([SEVEN, { id: '8', name: 'eight' }])
  await made.take()
  await made.service.createExperiment(made.project, { name: 'own' })
  const moved = [
    { id: '7', name: 'eight' },
    { id: '8', name: 'own' },
  ]
  const clash = await made.take(moved)
  expect(clash.notes).toEqual([
    'skipped: experiment seven: it is called eight there now, which is another one\u2019s name here: its name stays',
    'skipped: experiment eight: it is called own there now, which is another one\u2019s name here: its name stays',
  ])
  const own = made.service.findExperimentByName(made.project, 'own')?.id ?? ''
  await made.service.renameExperiment(made.project, own, 'free')
  expect((await made.take(moved)).came).toMatchObject({ updatedExperiments: 2 })
  expect(made.experiments()).toMatchObject([{ name: 'free' }, { id: '7', name: 'eight' }, { id: '8', name: 'own' }])
})

it('goes into the trash with its runs and comes back with them', async () => {
  const made = bench([SEVEN])
  await made.take()
  expect(await made.take([{ ...SEVEN, deleted: true, updatedAt: START - DAY }])).toMatchObject({
    came: { updatedExperiments: 1, updatedRuns: 0 },
    notes: ['changed: experiment seven: it was deleted there: it lies in the trash here with its runs'],
  })
  expect(made.experiments()).toMatchObject([{ lifecycle: 'deleted' }])
  expect(made.project.db.all('SELECT lifecycle, deleted_at FROM run')).toEqual(
    RUNS.map(() => ({ lifecycle: 'deleted', deleted_at: START - DAY })),
  )
  expect(await made.take()).toMatchObject({
    notes: ['changed: experiment seven: it was restored there: it is back here with its runs'],
  })
  expect([made.experiments(), made.lifecycles()]).toMatchObject([[{ lifecycle: 'active' }], ['active', 'active']])
})

it('stays where a run is in it that came from elsewhere, and where it was deleted or restored here', async () => {
  const made = bench([SEVEN])
  await made.take()
  const deleted = [{ ...SEVEN, deleted: true }]
  const own = await made.service.createRun(made.project, { id: 'f'.repeat(32), experiment: '7', source: 'client' })
  expect((await made.take(deleted)).notes).toEqual([
    'skipped: experiment seven: it was deleted there; here a run is in it that did not come from there, so it stays',
  ])
  expect(made.experiments()).toMatchObject([{ lifecycle: 'active' }])
  await made.take()
  await made.service.trash(made.project, [own.id])
  await made.take(deleted)
  await made.service.restoreExperiment(made.project, '7')
  expect(await made.take(deleted)).toMatchObject({ came: { updatedExperiments: 0 }, notes: [] })
  expect(made.experiments()).toMatchObject([{ lifecycle: 'active' }])
  await made.take()
  await made.service.deleteExperiment(made.project, '7')
  await made.take(deleted)
  await made.take()
  expect(made.experiments()).toMatchObject([{ lifecycle: 'deleted' }])
})

it('has its tags changed as there, but for those that a person changed', async () => {
  const tags = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, value]) => ({ key, value }))
  const made = bench([{ ...SEVEN, tags: tags({ a: '1', b: '1', c: '1' }) }])
  await made.take()
  await made.service.setExperimentTags(made.project, '7', tags({ b: 'mine' }))
  await made.take([{ ...SEVEN, tags: tags({ a: '2', b: '2', d: '1' }) }])
  expect(made.service.experimentTags(made.project, '7')).toEqual(tags({ a: '2', b: 'mine', d: '1' }))
})

it('of a run, says when it was deleted or restored there', async () => {
  const made = bench([SEVEN])
  await made.take()
  const [first, second] = RUNS as readonly [MemoryRun, MemoryRun]
  expect(await made.take([SEVEN], [{ ...first, deleted: true }, second])).toMatchObject({
    came: { updatedRuns: 1 },
    notes: [`changed: run ${id(1).slice(0, 12)}: it was deleted there: it lies in the trash here`],
  })
  expect(made.lifecycles()).toEqual(['deleted', 'active'])
  expect((await made.take()).notes).toEqual([
    `changed: run ${id(1).slice(0, 12)}: it was restored there: it is back here`,
  ])
  expect(made.lifecycles()).toEqual(['active', 'active'])
})

const state = fc.record({
  experiments: fc.tuple(
    ...['7', '8'].map((own) =>
      fc.record({
        id: fc.constant(own),
        name: fc.constantFrom('x', 'y').map((name) => own + name),
        deleted: fc.boolean(),
      }),
    ),
  ),
  deleted: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
})

it('ends as its source has it in the end, whatever states came before', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 4 }), async (states) => {
      const stores = states.map(({ experiments, deleted }): MemoryStore => ({
        experiments,
        runs: deleted.map((gone, number) => ({
          id: id(number + 1),
          experiment: number === 2 ? '8' : '7',
          deleted: gone,
        })),
      }))
      const last = stores.at(-1) as MemoryStore
      const slow = memoryStores({ 'memory:a': last })
      const [steps, once] = [openImportBench(slow.readers), openImportBench(slow.readers)]
      try {
        for (const [turn, store] of stores.entries()) {
          slow.stores.set('memory:a', store)
          steps.project.setTime(START + turn * DAY)
          await steps.take('memory:a')
        }
        await once.take('memory:a')
        const [left, right] = [everythingIn(steps.project), everythingIn(once.project)]
        expect(left.experiments).toEqual(right.experiments)
        const shown = ({ runs }: typeof left) => runs.map((run) => ({ ...run, known: [] }))
        expect(shown(left)).toEqual(shown(right))
      } finally {
        await steps.dispose()
        await once.dispose()
      }
    }),
    { numRuns: 40 },
  )
})

it('of two of one name is active, and the runs of the deleted one alone lie in the trash, from one source or from two', async () => {
  const [gone, live] = [
    { id: '7', name: 'same', deleted: true },
    { id: '8', name: 'same' },
  ]
  const runs = [
    { id: id(1), experiment: '7' },
    { id: id(2), experiment: '8' },
  ]
  const one = bench([gone, live], runs)
  await one.take()
  expect(one.lifecycles()).toEqual(['deleted', 'active'])
  const state = one.experiments()
  expect(state).toMatchObject([{ name: 'same', lifecycle: 'active' }])
  expect(await one.take()).toMatchObject({ notes: [], came: { updatedExperiments: 0, updatedRuns: 0 } })
  expect([one.lifecycles(), one.experiments()]).toEqual([['deleted', 'active'], state])

  const memory = memoryStores({
    'memory:a': { experiments: [gone], runs: [runs[0]!] },
    'memory:b': { experiments: [live], runs: [runs[1]!] },
  })
  const two = openImportBench(memory.readers)
  onTestFinished(two.dispose)
  await two.take('memory:a')
  const [report] = await two.take('memory:b')
  expect(report?.notes.map(({ why }) => why)).toContain(
    'another source has it as deleted: it is back here, and the runs of that one stay in the trash',
  )
  const all = (): unknown => [
    two.project.db.all(`SELECT name, lifecycle FROM experiment WHERE id <> '0'`),
    two.project.db.all('SELECT id, lifecycle FROM run ORDER BY id'),
  ]
  const expected = [
    [{ name: 'same', lifecycle: 'active' }],
    [
      { id: id(1), lifecycle: 'deleted' },
      { id: id(2), lifecycle: 'active' },
    ],
  ]
  expect(all()).toEqual(expected)
  for (const store of ['memory:a', 'memory:b', 'memory:a']) await two.take(store)
  expect(all()).toEqual(expected)
})
