import { homedir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { LEFT_OUT } from '#shared/domain/imports/left-out.ts'
import { everythingIn, type ImportBench, openImportBench } from './bench.fixture.ts'
import { type MemoryRun, type MemoryStore, memoryStores } from './memory-source.fixture.ts'

const benches: ImportBench[] = []

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.dispose()
})

function bench(stores: Readonly<Record<string, MemoryStore>>) {
  const memory = memoryStores(stores)
  const made = openImportBench(memory.readers)
  benches.push(made)
  return { ...made, ...memory, memory }
}

const noneHere = { changed: 0, known: 0, elsewhere: 0, inTrash: 0, erased: 0, moved: [] }
const onlyNew = (runs: number) => ({ ...noneHere, new: runs })
const id = (number: number): string => number.toString(16).padStart(32, '0')
const stateOf = ({ project }: ImportBench, run: string) =>
  project.db.get('SELECT name, status, lifecycle, note, started_at, ended_at, source FROM run WHERE id = ?', run)

it('takes a run in with all that hangs on it', async () => {
  const store: MemoryStore = {
    experiments: [
      { id: '0', name: 'Default' },
      { id: '123456789012345678', name: 'größe 中文', tags: [{ key: 'k', value: 'v' }] },
    ],
    runs: [
      {
        id: id(1),
        experiment: '123456789012345678',
        name: 'calm-otter',
        params: { lr: '0.1' },
        tags: { 'mlflow.note.content': 'a note', team: 'x', 'mlflow.parentRunId': id(2) },
        metrics: {
          loss: [
            [1, 5, Number.NaN],
            [0, 4, 3],
            [0, 4, 3],
            [2, 6, Number.POSITIVE_INFINITY],
          ],
        },
        datasets: ['iris'],
      },
      { id: id(2), experiment: '0', deleted: true },
    ],
  }
  const made = bench({ 'memory:a': store })
  const [report] = await made.take('memory:a')
  expect(report).toMatchObject({
    outcome: 'done',
    came: { experiments: 1, runs: 2, points: 3, params: 1, tags: 4, datasets: 1 },
    knownRuns: 0,
    notes: [],
  })
  const { experiments, runs } = everythingIn(made.project)
  expect(experiments).toEqual([
    { id: '0', name: 'Default', lifecycle: 'active', artifact_location: null, tags: '{}' },
    { id: '123456789012345678', name: 'größe 中文', lifecycle: 'active', artifact_location: null, tags: '{"k":"v"}' },
  ])
  expect(runs).toMatchObject([
    {
      id: id(1),
      experiment: '123456789012345678',
      name: 'calm-otter',
      lifecycle: 'active',
      started_at: 10,
      ended_at: 20,
      user: 'ada',
      source: 'import',
      parent: id(2),
      note: 'a note',
      params: [{ key: 'lr', value: '0.1' }],
      tags: [{ key: 'team', value: 'x' }],
      datasets: [{ name: 'iris' }],
      metrics: [
        {
          key: 'loss',
          points: [
            [0, 4, 3],
            [1, 5, Number.NaN],
            [2, 6, Number.POSITIVE_INFINITY],
          ],
        },
      ],
    },
    // Its own name is the beginning of its id, by which its users know it.
    { id: id(2), name: '00000000', lifecycle: 'deleted' },
  ])
  const [again] = await made.take('memory:a')
  expect(again).toMatchObject({ came: { runs: 0, points: 0, params: 0, tags: 0, experiments: 0 }, knownRuns: 2 })
})

const runs = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 6 }).map(id),
    experiment: fc.constantFrom('0', '7', '8'),
    name: fc.constantFrom('a', 'b'),
    status: fc.constantFrom('finished' as const, 'running' as const, 'failed' as const),
    deleted: fc.boolean(),
    params: fc.dictionary(fc.constantFrom('p', 'q'), fc.constantFrom('1', '2'), { noNullPrototype: true }),
    tags: fc.dictionary(fc.constantFrom('t', 'u'), fc.constantFrom('1', '2'), { noNullPrototype: true }),
    metrics: fc.dictionary(
      fc.constantFrom('m', 'n'),
      fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.constantFrom(0, 1, Number.NaN)), { maxLength: 6 }),
      { noNullPrototype: true },
    ),
  }),
  { selector: (run) => run.id, maxLength: 6 },
)
const EXPERIMENTS = [
  { id: '0', name: 'Default' },
  { id: '7', name: 'seven' },
  { id: '8', name: 'eight', deleted: true },
]

/** A later state of a store: runs are added, and those that are there have grown. */
function grown(before: readonly MemoryRun[], more: readonly MemoryRun[]): readonly MemoryRun[] {
  const added = new Map(more.map((run) => [run.id, run]))
  const known = before.map((run): MemoryRun => {
    const more = added.get(run.id)
    if (more === undefined) return run
    const metrics = { ...run.metrics }
    for (const [key, points] of Object.entries(more.metrics ?? {})) metrics[key] = [...(metrics[key] ?? []), ...points]
    const { status = 'finished', deleted = false, tags = {} } = more
    // A parameter never changes.
    return { ...run, status, deleted, tags, params: { ...more.params, ...run.params }, metrics }
  })
  return [...known, ...more.filter((run) => !before.some((known) => known.id === run.id))]
}

it('ends the same whether a store came at once or in two states', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(runs, runs, async (first, second) => {
      const [early, late] = [first, grown(first, second)].map((all) => ({ experiments: EXPERIMENTS, runs: all }))
      if (early === undefined || late === undefined) return
      const slow = memoryStores({ 'memory:a': early })
      const [steps, once] = [openImportBench(slow.readers), openImportBench(memoryStores({ 'memory:a': late }).readers)]
      try {
        await steps.take('memory:a')
        slow.stores.set('memory:a', late)
        await steps.take('memory:a')
        await once.take('memory:a')
        expect(everythingIn(steps.project)).toEqual(everythingIn(once.project))
      } finally {
        await steps.dispose()
        await once.dispose()
      }
    }),
    { numRuns: 25 },
  )
})

it('calls lost what still counts as running long after it began, until it ends', async () => {
  const run = { id: id(1), experiment: '0', status: 'running' as const }
  const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: [run] } })
  await made.take('memory:a')
  const before = stateOf(made, run.id)
  made.stores.set('memory:a', { experiments: EXPERIMENTS, runs: [{ ...run, status: 'finished' }] })
  await made.take('memory:a')
  expect([before, stateOf(made, run.id)]).toMatchObject([{ status: 'lost' }, { status: 'finished' }])
})

it('leaves alone what a person changed here, and follows what nobody did', async () => {
  const run = {
    id: id(1),
    experiment: '0',
    name: 'a',
    status: 'running' as const,
    tags: { mine: '1', theirs: '1', gone: '1' },
  }
  const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: [run] } })
  await made.take('memory:a')
  const { db, commits } = made.project
  await commits.enqueue(() => {
    db.run(`UPDATE tag SET value = 'own' WHERE key = 'mine'`)
    db.run(`DELETE FROM tag WHERE key = 'gone'`)
    db.run(`UPDATE run SET name = 'my name' WHERE id = ?`, run.id)
  })
  const later = {
    ...run,
    name: 'b',
    status: 'finished' as const,
    tags: { mine: '2', theirs: '2', gone: '1', fresh: '1' },
  }
  made.stores.set('memory:a', { experiments: EXPERIMENTS, runs: [later] })
  const [report] = await made.take('memory:a')
  expect(stateOf(made, run.id)).toMatchObject({ name: 'my name', status: 'finished', ended_at: 20 })
  expect(db.all('SELECT key, value FROM tag ORDER BY key')).toEqual([
    { key: 'fresh', value: '1' },
    { key: 'mine', value: 'own' },
    { key: 'theirs', value: '2' },
  ])
  expect(report?.came).toMatchObject({ runs: 0, updatedRuns: 1 })
  expect(report?.notes.map(({ kind, why }) => `${kind}: ${why}`)).toEqual([
    'skipped: its tag mine is another one here: what is here stays',
    'skipped: its tag mlflow.runName is another one here: what is here stays',
  ])
})

it('merges with a run that was logged here: adds what is new, and says which parameter differs', async () => {
  const metrics = {
    m: [
      [0, 0, 1],
      [1, 1, 2],
    ] as const,
  }
  const given = { id: id(1), experiment: '0', name: 'a', params: { p: '1', q: '2' }, tags: { t: 'there' }, metrics }
  const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: [given] } })
  const { db, commits, metrics: store } = made.project
  await commits.enqueue(() => {
    db.run(
      `INSERT INTO run (id, experiment, name, status, source, created_at) VALUES (?, '0', 'own', 'failed', 'client', 1)`,
      given.id,
    )
    db.run(`INSERT INTO param (run, origin, key, value) VALUES (1, 'logged', 'p', '9')`)
    db.run(`INSERT INTO tag (run, key, value) VALUES (1, 't', 'here')`)
    const column = Float64Array.of(0)
    store.write({
      series: Uint32Array.of(store.seriesFor(1, 'm', 'logged')),
      step: column,
      time: column,
      value: Float64Array.of(1),
    })
  })
  const [report] = await made.take('memory:a')
  expect(report).toMatchObject({ came: { runs: 0, updatedRuns: 1, points: 1, params: 1 } })
  expect(report?.notes.map(({ why }) => why)).toEqual(
    expect.arrayContaining(['its parameter p is 9 here and 1 there: what is here stays']),
  )
  expect(everythingIn(made.project).runs).toMatchObject([
    {
      name: 'own',
      status: 'failed',
      source: 'client',
      params: [
        { key: 'p', value: '9' },
        { key: 'q', value: '2' },
      ],
      tags: [{ key: 't', value: 'here' }],
      metrics: [
        {
          key: 'm',
          points: [
            [0, 0, 1],
            [1, 1, 2],
          ],
        },
      ],
    },
  ])
})

it('brings nothing back that was deleted here', async () => {
  const given = [1, 2].map((number) => ({ id: id(number), experiment: '0', name: 'a' }))
  const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: given } })
  await made.take('memory:a')
  const { db, commits } = made.project
  await commits.enqueue(() => {
    db.run(`UPDATE run SET lifecycle = 'deleted', deleted_at = 1 WHERE id = ?`, id(1))
    db.run('DELETE FROM run WHERE id = ?', id(2))
  })
  const later = given.map((run) => ({ ...run, params: { p: '1' } }))
  for (const location of ['memory:a', 'memory:b']) {
    made.stores.set(location, { experiments: EXPERIMENTS, runs: later })
    const [report] = await made.take(location)
    expect(report?.came).toMatchObject({ runs: 0, updatedRuns: 0, params: 0 })
    const why = [LEFT_OUT.inTrash, LEFT_OUT.erased]
    expect(report?.notes).toEqual(why.map((one) => ({ kind: 'noticed', what: 'one run', why: one })))
  }
  expect(db.all('SELECT id, lifecycle FROM run')).toEqual([{ id: id(1), lifecycle: 'deleted' }])
})

it('gives experiments of two stores their own places, and merges those of one name', async () => {
  const made = bench({
    'memory:a': {
      experiments: [
        { id: '1', name: 'x' },
        { id: '2', name: 'y' },
      ],
      runs: [],
    },
    'memory:b': {
      experiments: [
        { id: '1', name: 'other' },
        { id: '3', name: 'y' },
        { id: '../4', name: 'odd' },
      ],
      runs: [
        { id: id(1), experiment: '1' },
        { id: id(2), experiment: '3' },
      ],
    },
  })
  await made.take('memory:a')
  const [report] = await made.take('memory:b')
  const names = Object.fromEntries(
    made.project.db
      .all<{ readonly id: string; readonly name: string }>('SELECT id, name FROM experiment')
      .map(({ id: own, name }) => [name, own]),
  )
  expect(names).toMatchObject({ x: '1', y: '2' })
  expect(names['other']).toMatch(/^\d{18}$/)
  expect(made.project.db.all('SELECT id, experiment FROM run ORDER BY id')).toEqual([
    { id: id(1), experiment: names['other'] },
    { id: id(2), experiment: '2' },
  ])
  expect(report?.notes.map(({ what }) => what)).toEqual(['experiment other', 'experiment y', 'experiment odd'])
})

it('shows no half of a large run, and goes on where it was cut short', async () => {
  const points = Array.from({ length: 40_000 }, (_, step) => [step, step, step / 2] as const)
  const large = { id: id(1), experiment: '0', name: 'large', params: { p: '1' }, metrics: { a: points, b: points } }
  const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: [large, { id: id(2), experiment: '0' }] } })
  const { job } = await made.calls.start(
    { project: 'test', location: 'memory:a', artifacts: 'copy', watched: false },
    made.context,
  )
  made.memory.onSeries = (_, key) => void (key === 'b' && made.calls.cancel({ project: 'test', job }, made.context))
  const reports = []
  for await (const event of made.calls.follow({ project: 'test', job }, made.context))
    if (event.type === 'report') reports.push(event.report)
  expect(reports).toMatchObject([{ outcome: 'cancelled', problem: null, came: { runs: 0 } }])
  expect(stateOf(made, large.id)).toMatchObject({ lifecycle: 'deleted' })
  made.memory.onSeries = () => {}
  const plan = await planOf(made, 'memory:a')
  expect(plan?.sources[0]?.runs).toEqual(onlyNew(2))
  const [report] = await made.take('memory:a')
  expect(report).toMatchObject({ outcome: 'done', came: { runs: 2 } })
  const once = bench({ 'memory:a': made.stores.get('memory:a') as MemoryStore })
  await once.take('memory:a')
  expect(everythingIn(made.project)).toEqual(everythingIn(once.project))
})

async function planOf(made: ImportBench, location: string) {
  for await (const event of made.calls.inspect({ project: 'test', location }, made.context))
    if (event.type === 'plan') return event.plan
  return undefined
}

it('plans without writing, takes back, forgets and finds again', async () => {
  const given = [1, 2, 3].map((number) => ({ id: id(number), experiment: '0', name: 'a' }))
  const made = bench({ 'memory:a': { experiments: EXPERIMENTS, runs: given } })
  const before = made.project.db.value('SELECT total_changes()')
  const plan = await planOf(made, 'memory:a')
  expect(made.project.db.value('SELECT total_changes()')).toBe(before)
  expect(plan).toMatchObject({
    problem: null,
    sources: [{ runs: onlyNew(3), source: null, era: 'in memory' }],
  })
  made.stores.set('memory:b', { experiments: EXPERIMENTS, runs: given.slice(0, 1) })
  await made.take('memory:a')
  await made.take('memory:b')
  const [, first] = await made.calls.list({ project: 'test' }, made.context)
  expect(first).toMatchObject({ source: 1, location: 'memory:a', runs: 3, job: null, report: { outcome: 'done' } })
  // One run came from the other store too.
  expect(await made.calls.takeBack({ project: 'test', source: 1 }, made.context)).toEqual({
    change: expect.any(Number),
    runs: 2,
    registeredModels: 0,
    modelVersions: 0,
    kept: [],
  })
  expect(made.project.db.value(`SELECT count(*) FROM run WHERE lifecycle = 'deleted'`)).toBe(2)
  const { undoChange } = await import('../projects/undo.ts')
  await undoChange(made.project)
  expect(made.project.db.value(`SELECT count(*) FROM run WHERE lifecycle = 'active'`)).toBe(3)
  await made.calls.forget({ project: 'test', source: 1 }, made.context)
  expect(await made.calls.list({ project: 'test' }, made.context)).toHaveLength(1)
  expect(() => made.calls.again({ project: 'test', source: 1 }, made.context)).toThrow('There is no such source')
  const [report] = await made.take('memory:a')
  expect(report).toMatchObject({ knownRuns: 3, came: { runs: 0 } })
})

it('says why nothing can be taken in', async () => {
  const made = bench({})
  const places = ['~/no/such', 'no/such', '/no/../such'].map(async (place) => (await planOf(made, place))?.problem)
  expect(await Promise.all(places)).toEqual([
    `${join(homedir(), 'no/such')} is not there.`,
    `${join(made.project.folder, 'no/such')} is not there.`,
    '/such is not there.',
  ])
  const plan = await planOf(made, 'memory://nowhere')
  expect(plan).toMatchObject({ sources: [], problem: 'memory://nowhere is no address that runs can be taken from.' })
  await expect(made.take('/nowhere/at/all')).rejects.toMatchObject({ code: 'not_found' })
})
