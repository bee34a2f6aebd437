import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { type Asked, EXPERIMENTS, info, patience, type Reply, serve } from '#test/fixtures/mlflow-answers.ts'
import { START } from '#electron/features/runs/test-project.fixture.ts'
import { type ImportBench, openImportBench } from '../bench.fixture.ts'
import type { Reader } from '../readers.ts'
import { looksLikeServer, openServer } from './index.ts'

type Point = { readonly step: number; readonly timestamp: number; readonly value: number }
type Run = { readonly id: string; readonly metrics: Map<string, Point[]>; endedAt: number | null }

const HOUR = 3_600_000
const reader: Reader = {
  kind: 'mlflow-server',
  holds: 'address',
  looksLike: looksLikeServer,
  open: (location, notice, { token }) => openServer(location, { token, notice, patience }),
}

/** A server whose runs the test changes. It keeps each point once and, if it is one of `paging`, knows pages that begin anywhere. */
async function growing(paging = true) {
  const runs: Run[] = []
  const asked = { points: 0, pages: 0 }
  const latest = (points: readonly Point[]): Point | undefined =>
    points.toSorted((a, b) => a.step - b.step || a.timestamp - b.timestamp || a.value - b.value).at(-1)
  const wire = ({ id, metrics, endedAt }: Run) => ({
    info: info(id, { start_time: START, end_time: endedAt, status: endedAt === null ? 'RUNNING' : 'FINISHED' }),
    data: { metrics: [...metrics].map(([key, points]) => ({ key, ...latest(points) })) },
  })
  const history = ({ query }: Asked): Reply => {
    const token = query.get('page_token')
    if (token !== null && !paging) return { status: 500, json: { error_code: 'INTERNAL_ERROR' } }
    const offset = token === null ? 0 : (JSON.parse(atob(token)) as { offset: number }).offset
    const run = runs.find(({ id }) => id === query.get('run_id'))
    const key = query.get('metric_key') ?? ''
    const points = (run?.metrics.get(key) ?? []).map((point) => ({ key, ...point }))
    const all = points.toSorted((a, b) => a.timestamp - b.timestamp)
    const most = Number(query.get('max_results'))
    if (most === 1) asked.pages++
    else asked.points += all.length
    const next = offset + most < all.length ? { next_page_token: btoa(`{"offset": ${offset + most}}`) } : {}
    return { json: { metrics: all.slice(offset, offset + most), ...(paging ? next : {}) } }
  }
  const { url } = await serve({
    ...EXPERIMENTS,
    'runs/search': () => ({ json: { runs: runs.map(wire) } }),
    'metrics/get-history': history,
  })
  const log = (run: Run, key: string, point: Point): void => {
    const points = run.metrics.get(key) ?? []
    run.metrics.set(key, points)
    if (!points.some((known) => JSON.stringify(known) === JSON.stringify(point))) points.push(point)
  }
  const add = (id: string): Run => {
    const run: Run = { id, metrics: new Map(), endedAt: null }
    runs.push(run)
    return run
  }
  const bench = openImportBench([reader])
  onTestFinished(bench.dispose)
  return { url, runs, asked, log, add, bench, take: async () => (await bench.take(url))[0] }
}

function pointsHere({ project: { db, metrics } }: ImportBench): Readonly<Record<string, readonly Point[]>> {
  const found: Record<string, readonly Point[]> = {}
  for (const { number, id } of db.all<{ number: number; id: string }>('SELECT number, id FROM run'))
    for (const { id: series, key } of metrics.list(number)) {
      const { step, time, value } = metrics.series(series)
      found[`${id} ${key}`] = Array.from(step, (at, index) => ({
        ...{ step: at, timestamp: time[index] as number },
        value: value[index] as number,
      }))
    }
  return found
}

const inOrder = (points: readonly Point[]): readonly Point[] =>
  points.toSorted((a, b) => a.step - b.step || a.timestamp - b.timestamp || a.value - b.value)
const pointsThere = (runs: readonly Run[]) =>
  Object.fromEntries(
    runs.flatMap(({ id, metrics }) => [...metrics].map(([key, points]) => [`${id} ${key}`, inOrder(points)])),
  )

const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('log' as const),
      run: fc.nat(1),
      key: fc.constantFrom('a', 'b'),
      point: fc.record({ step: fc.nat(4), timestamp: fc.nat(4), value: fc.nat(2) }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('import' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), run: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(0.01, 2, 30) }) },
)

it.each([
  ['that pages histories', true],
  ['that does not', false],
])(
  'no import leaves out a point that a server had before it, at whatever step and time it was logged: one %s',
  { timeout: 120_000 },
  async (_, paging) => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 14 }), async (operations) => {
        const made = await growing(paging)
        const runs = [made.add('r0'), made.add('r1')]
        let now = START
        for (const step of [...operations, { do: 'import' as const }]) {
          if (step.do === 'log') made.log(runs[step.run] as Run, step.key, step.point)
          else if (step.do === 'end') (runs[step.run] as Run).endedAt ??= now
          else if (step.do === 'wait') made.bench.project.setTime((now += step.hours * HOUR))
          else {
            expect(await made.take()).toMatchObject({ outcome: 'done', notes: [] })
            expect(pointsHere(made.bench)).toEqual(pointsThere(runs))
          }
        }
      }),
      { numRuns: 30 },
    )
  },
)

it('reads no history again of which there are as many points as before', async () => {
  const made = await growing()
  const run = made.add('r1')
  for (let step = 10; step < 40; step++) made.log(run, 'loss', { step, timestamp: step, value: 1 })
  await made.take()
  expect(made.asked).toEqual({ points: 30, pages: 0 })
  expect(await made.take()).toMatchObject({ knownRuns: 1, came: { updatedRuns: 0 } })
  expect(made.asked).toEqual({ points: 30, pages: 1 })
  made.log(run, 'loss', { step: 3, timestamp: 99, value: 2 })
  expect(await made.take()).toMatchObject({ knownRuns: 0, came: { updatedRuns: 1, points: 1 } })
  expect(made.asked).toEqual({ points: 61, pages: 2 })
})

it('trusts no count where points were logged here too', async () => {
  const made = await growing()
  const run = made.add('r1')
  made.log(run, 'loss', { step: 5, timestamp: 5, value: 1 })
  await made.take()
  const { project } = made.bench
  const series = project.metrics.seriesFor(1, 'loss', 'logged')
  const column = Float64Array.of(7)
  await project.commits.enqueue(() =>
    project.metrics.write({ series: Uint32Array.of(series), step: column, time: column, value: column }),
  )
  // Two there and two here, and they are not the same.
  made.log(run, 'loss', { step: 1, timestamp: 1, value: 1 })
  expect(await made.take()).toMatchObject({ came: { updatedRuns: 1, points: 1 } })
  expect(pointsHere(made.bench)['r1 loss']?.map(({ step }) => step)).toEqual([1, 5, 7])
})
