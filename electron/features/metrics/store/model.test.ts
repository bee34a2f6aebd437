import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { createCommitQueue } from '#electron/db/commit-queue.ts'
import { openWriter } from '#electron/db/connection.ts'
import type { SeriesOrigin } from '#shared/contract/common.ts'
import { createRowTable, levelProblems, type Row, runProblems, summaryOf } from '#test/fixtures/metrics/row-table.ts'
import type { LevelView, PointBatch, SeriesId, SeriesSummary } from '../store.ts'
import { openMetricStore } from './open-store.ts'
import { orphans } from './orphans.ts'
import { createPlanner } from './planner.ts'
import type { Layout } from './tools.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const planner = createPlanner()
afterAll(() => planner.close())

type Point = Row & { readonly series: number }
type Step =
  | { readonly do: 'append'; readonly batches: readonly (readonly Point[])[] }
  | { readonly do: 'compact' | 'start compacting' }
  | { readonly do: 'reopen' }
  | { readonly do: 'delete run' }
  | { readonly do: 'delete series'; readonly series: number }
  | { readonly do: 'look'; readonly view: LevelView; readonly range: readonly [number, number] }

/** Names of the series that a case appends to: two runs. */
type Name = readonly [run: number, key: string, origin: SeriesOrigin]
const NAMES: readonly Name[] = [
  [1, 'loss', 'logged'],
  [1, 'loss', 'system'],
  [2, 'loss', 'logged'],
]

const oddValue = fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0)
const value = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 2, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: oddValue },
)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 120 }) },
  { weight: 1, arbitrary: fc.constantFrom(-5, -0, 0.5, 1e9, 2 ** 53, -1e300) },
)
const time = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(1.7e12, 0.25))
const point = fc.record({ series: fc.integer({ min: 0, max: 2 }), step, time, value })
/** A stretch as a training logs it: steps upward, times upward. */
const stretch = fc
  .record({
    series: fc.integer({ min: 0, max: 2 }),
    start: fc.integer({ min: 0, max: 150 }),
    length: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 90 }) }, fc.integer({ min: 90, max: 1_200 })),
    time: fc.integer({ min: 0, max: 1_000 }),
    values: fc.array(value, { minLength: 1, maxLength: 7 }),
  })
  .map((given) =>
    Array.from({ length: given.length }, (_, i) => ({
      series: given.series,
      step: given.start + i,
      time: given.time + 10 * i,
      value: given.values[i % given.values.length] as number,
    })),
  )
const batch = fc.oneof({ weight: 3, arbitrary: stretch }, { weight: 2, arbitrary: fc.array(point, { maxLength: 30 }) })
const bounds = fc.tuple(fc.integer({ min: -10, max: 200 }), fc.integer({ min: -10, max: 200 }))
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('append' as const), batches: fc.array(batch, { maxLength: 3 }) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('compact' as const, 'start compacting' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('delete series' as const), series: fc.integer({ min: 0, max: 2 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete run' as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('look' as const),
        range: bounds,
        view: fc
          .record({
            axis: fc.constantFrom('step' as const, 'time' as const),
            from: fc.oneof(fc.constant(-Infinity), fc.integer({ min: -10, max: 400 })),
            to: fc.oneof(fc.constant(Infinity), fc.integer({ min: -10, max: 1_000 })),
            width: fc.integer({ min: 1, max: 30 }),
          })
          .map((view) => ({ ...view, from: Math.min(view.from, view.to), to: Math.max(view.from, view.to) })),
      }),
    },
  ),
  { maxLength: 25 },
)

function batchOf(points: readonly Point[], ids: readonly SeriesId[]): PointBatch {
  return {
    series: Uint32Array.from(points, (one) => ids[one.series] as number),
    step: Float64Array.from(points, (one) => one.step),
    time: Float64Array.from(points, (one) => one.time),
    value: Float64Array.from(points, (one) => one.value),
  }
}

const plain = (summary: SeriesSummary): SeriesSummary => ({
  ...summary,
  min: summary.min === null ? null : summary.min + 0,
  max: summary.max === null ? null : summary.max + 0,
})

/** Chunks of a few points, so that all splits early; and longer ones, which have a pyramid. */
const layouts: fc.Arbitrary<Layout> = fc.constantFrom(
  { chunkPoints: 24, linesABlock: 3 },
  { chunkPoints: 24, linesABlock: 2 },
  { chunkPoints: 260, linesABlock: 3 },
)
/** How a case's store works: chunk sizes, how long tails become by themselves, and whether compactions are planned in another thread. */
type Way = { readonly layout: Layout; readonly compactAtPoints: number; readonly beside: boolean }
const ways = fc.record({
  layout: layouts,
  compactAtPoints: fc.constantFrom(150, Infinity),
  beside: fc.boolean(),
})

/** Runs a case on a store with tiny chunks and on the plain table, and compares after each step that looks and at the end. */
async function runCase(plan: readonly Step[], { layout, compactAtPoints, beside }: Way): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-metrics-'))
  folders.push(folder)
  const open = () => {
    const db = openWriter(join(folder, 'project.db'))
    const commits = createCommitQueue(db)
    const store = openMetricStore(db, {
      commits,
      layout,
      sliceMs: 0,
      compactAtPoints,
      ...(beside ? { planner } : {}),
    })
    return { db, commits, store }
  }
  let { db, commits, store } = open()
  const model = createRowTable()
  const idOf = (index: number): SeriesId | undefined => store.find(...(NAMES[index] as Name))
  const rowsOf = (index: number): readonly Row[] => model.rows(index)

  const look = (view: LevelView, [from, to]: readonly [number, number]): void => {
    NAMES.forEach((_, index) => {
      const id = idOf(index)
      const rows = rowsOf(index)
      expect(id === undefined).toBe(rows.length === 0)
      if (id === undefined) return
      const columns = (list: readonly Row[]) => ({
        step: Float64Array.from(list, (row) => row.step),
        time: Float64Array.from(list, (row) => row.time),
        value: Float64Array.from(list, (row) => row.value),
      })
      expect(store.series(id)).toEqual(columns(rows))
      expect(store.series(id, { from, to })).toEqual(columns(rows.filter((row) => row.step >= from && row.step <= to)))
      expect(plain(store.summary(id))).toEqual(summaryOf(rows))
      expect(levelProblems(rows, store.level(id, view), view)).toEqual([])
    })
    const infos = [1, 2].flatMap((run) => store.list(run))
    const listed = infos.map((info) => [info.run, info.key, info.origin])
    expect(listed).toEqual(NAMES.filter((_, index) => rowsOf(index).length > 0).map((name) => [...name]))
    const standings = infos.map(({ run, key, origin, summary: { last, min, max } }) => ({
      run,
      key,
      origin,
      last,
      min,
      max,
    }))
    const logged = infos.filter(({ origin }) => origin === 'logged')
    const latest = logged.map(({ run, key, summary: { last, lastStep, lastTime } }) => ({
      run,
      key,
      last,
      lastStep,
      lastTime,
    }))
    expect(store.latest([1, 2])).toEqual(latest)
    for (const { run, key } of logged)
      expect(store.latest([run], key)).toEqual(latest.filter((one) => one.run === run && one.key === key))
    const keys = Map.groupBy(standings, ({ key, origin }) => `${key} ${origin} `)
    expect(
      store
        .keys([1, 2])
        .map(({ key, origin, runs }) => `${key} ${origin} ${runs}`)
        .toSorted(),
    ).toEqual([...keys].map(([name, list]) => name + list.length).toSorted())
    for (const told of [[...store.standings()], [...store.standings([1, 2])]]) {
      expect(told).toHaveLength(standings.length)
      expect(told).toEqual(expect.arrayContaining(standings))
    }
  }

  for (const action of plan) {
    if (action.do === 'append') {
      const ids = NAMES.map((name) => store.seriesFor(...name))
      const done = action.batches.map((points) => store.append(batchOf(points, ids)))
      for (const one of action.batches.flat())
        model.append(one.series, { ...one, step: one.step + 0, time: one.time + 0 })
      await Promise.all(done)
    } else if (action.do === 'compact') await store.compactNow()
    else if (action.do === 'start compacting') void store.compactNow()
    else if (action.do === 'reopen') {
      await store.close()
      commits.close()
      db.close()
      ;({ db, commits, store } = open())
    } else if (action.do === 'delete run') {
      store.deleteRun(1)
      model.remove(0)
      model.remove(1)
    } else if (action.do === 'delete series') {
      const id = idOf(action.series)
      if (id !== undefined) store.deleteSeries(id)
      model.remove(action.series)
    } else if (action.do === 'look') look(action.view, action.range)
  }
  look({ axis: 'step', from: -Infinity, to: Infinity, width: 8 }, [0, 60])
  look({ axis: 'time', from: 10, to: 500, width: 5 }, [0, 60])
  await store.compactNow()
  look({ axis: 'step', from: 20, to: 90, width: 4 }, [50, 60])
  NAMES.forEach((_, index) => {
    const id = idOf(index)
    const view = { axis: 'step', from: 0, to: 120, width: 6 } as const
    if (id !== undefined) expect(runProblems(rowsOf(index), store.level(id, view), view)).toEqual([])
  })
  expect(orphans(db)).toEqual([])
  expect(store.statistics()).toMatchObject({
    logPoints: 0,
    logRows: 0,
    liveSeries: 0,
    damaged: 0,
    compactionProblem: null,
  })
  await store.close()
  commits.close()
  db.close()
}

test(
  'any interleaving of appends, compaction, deletion and reopening reads as a plain row table',
  { timeout: 180_000 },
  async () => {
    await fc.assert(fc.asyncProperty(steps, ways, runCase), { numRuns: 100 })
  },
)
