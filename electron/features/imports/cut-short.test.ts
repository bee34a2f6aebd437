import { expect, it, onTestFinished, vi } from 'vitest'
import { type ImportBench, openImportBench } from './bench.fixture.ts'
import { createImports } from './create-imports.ts'
import { type MemoryStore, memoryStores } from './memory-source.fixture.ts'

const EXPERIMENTS = [{ id: '0', name: 'Default' }]
const id = (number: number): string => number.toString(16).padStart(32, '0')

function bench(stores: Readonly<Record<string, MemoryStore>>) {
  const memory = memoryStores(stores)
  const made = openImportBench(memory.readers)
  onTestFinished(made.dispose)
  return { ...made, readers: memory.readers, memory }
}

const lifecycleOf = ({ project }: Pick<ImportBench, 'project'>, run: string) =>
  project.db.value('SELECT lifecycle FROM run WHERE id = ?', run)

it('follows nothing any more once it is closed, whatever comes to its end then', async () => {
  const points = Array.from({ length: 40_000 }, (_, step) => [step, step, 1] as const)
  const run = { id: id(1), experiment: '0', metrics: { a: points, b: points } }
  const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: [run] } })
  const begun = Promise.withResolvers<void>()
  made.memory.onSeries = () => begun.resolve()
  await made.calls.start({ project: 'test', location: 'memory:a', artifacts: 'copy', watched: true }, made.context)
  await begun.promise
  const timers = vi.spyOn(globalThis, 'setInterval')
  try {
    await made.feature.close()
    expect(timers).not.toHaveBeenCalled()
  } finally {
    timers.mockRestore()
  }
})

it('follows nothing of a project that was closed in the middle of an import', async () => {
  const points = Array.from({ length: 40_000 }, (_, step) => [step, step, 1] as const)
  const run = { id: id(1), experiment: '0', metrics: { a: points, b: points } }
  const { project, memory } = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: [run] } })
  const begun = Promise.withResolvers<void>()
  memory.onSeries = () => begun.resolve()
  const closers: ((closed: typeof project) => void)[] = []
  const open = [project]
  const feature = createImports({
    projects: { require: () => project, open: () => open, onClose: (closer) => void closers.push(closer) },
    dataFolder: project.folder,
    readers: memory.readers,
  })
  const context = { signal: new AbortController().signal, actor: 'test' }
  const asked = { project: 'test', location: 'memory:a', artifacts: 'copy', watched: true } as const
  const { job } = await feature.handlers.start(asked, context)
  await begun.promise
  const timers = vi.spyOn(globalThis, 'setInterval')
  try {
    open.pop()
    for (const closer of closers) closer(project)
    for await (const event of feature.handlers.follow({ project: 'test', job }, context)) void event
    expect(timers).not.toHaveBeenCalled()
  } finally {
    timers.mockRestore()
    await feature.close()
  }
})

it('leaves out one model that can’t be kept, and takes what comes after it', async () => {
  const model = (own: string, createdAt: number) => ({
    ...{ id: own, experiment: '0', name: own, type: null, status: 'ready' as const, statusMessage: null },
    ...{ sourceRun: null, lifecycle: 'active' as const, createdAt, updatedAt: 1, params: [], tags: [], metrics: [] },
    ...{ artifacts: { at: 'none' as const }, fingerprint: 'f' },
  })
  const registered = (name: string, createdAt: number) => ({
    ...{ name, description: '', createdAt, updatedAt: 1, tags: [], aliases: [], versions: [] },
  })
  const made = bench({
    'memory:a': {
      experiments: EXPERIMENTS,
      runs: [],
      logged: [model('m-1', 1e300), model('m-2', 1)],
      registered: [registered('far', 1e300), registered('near', 1)],
    },
  })
  const [report] = await made.take('memory:a')
  expect(report).toMatchObject({ outcome: 'done', came: { loggedModels: 1, registeredModels: 1 } })
  expect(report?.notes.map(({ what }) => what)).toEqual(['model m-1', 'registered model far'])
})

it('brings a run whose half was cleared out of the trash', async () => {
  const points = Array.from({ length: 40_000 }, (_, step) => [step, step, 1] as const)
  const large = { id: id(1), experiment: '0', name: 'large', metrics: { a: points, b: points } }
  const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: [large] } })
  made.memory.onSeries = (_, key) => {
    if (key === 'b') throw Object.assign(new Error('broken off'), { name: 'AbortError' })
  }
  await made.take('memory:a')
  expect(lifecycleOf(made, large.id)).toBe('deleted')
  const { commits, db } = made.project
  await commits.enqueue(() => db.run('DELETE FROM run WHERE id = ?', large.id))
  made.memory.onSeries = () => {}
  const [report] = await made.take('memory:a')
  expect(report?.came).toMatchObject({ runs: 1, points: 80_000 })
  expect(lifecycleOf(made, large.id)).toBe('active')
})

it(
  'ends without waiting for a store that never opens, and closes one that opens later',
  { timeout: 20_000 },
  async () => {
    const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: [] } })
    const [reader] = made.readers
    const asked = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const slow = openImportBench([
      {
        ...(reader as (typeof made.readers)[number]),
        open: async (...given) => {
          asked.resolve()
          await answer.promise
          const source = await made.readers[0]?.open(...given)
          return { ...(source as NonNullable<typeof source>), close: () => Promise.resolve(closed.resolve()) }
        },
      },
    ])
    const { job } = await slow.calls.start(
      { project: 'test', location: 'memory:a', artifacts: 'copy', watched: false },
      slow.context,
    )
    await asked.promise
    await slow.feature.close()
    const reports = []
    for await (const event of slow.calls.follow({ project: 'test', job }, slow.context))
      if (event.type === 'report') reports.push(event.report)
    expect(reports).toMatchObject([{ outcome: 'cancelled' }])
    answer.resolve()
    await closed.promise
    await slow.dispose()
  },
)

it('writes no points of a run that is erased while it comes', async () => {
  const points = Array.from({ length: 40_000 }, (_, step) => [step, step, 1] as const)
  const large = { id: id(1), experiment: '0', name: 'large', metrics: { a: points, b: points } }
  const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: [large, { id: id(2), experiment: '0' }] } })
  const { db, metrics } = made.project
  made.memory.onSeries = (_, key) => {
    if (key !== 'b') return
    metrics.deleteRun(db.value<number>('SELECT number FROM run WHERE id = ?', large.id) ?? 0)
    db.run('DELETE FROM run WHERE id = ?', large.id)
  }
  const [report] = await made.take('memory:a')
  expect(report).toMatchObject({ outcome: 'done', came: { runs: 1 } })
  expect(report?.notes).toMatchObject([
    { kind: 'skipped', why: expect.stringContaining('deleted meanwhile') as string },
  ])
  await metrics.compactNow()
  expect(db.all('SELECT key FROM metric_series WHERE run_id NOT IN (SELECT number FROM run)')).toEqual([])
})
