import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createCommitQueue } from '#electron/db/commit-queue.ts'
import { openWriter } from '#electron/db/connection.ts'
import { openTestStore } from '#test/fixtures/metrics/open-test-store.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import type { MetricStore, PointBatch, SeriesColumns, SeriesId } from '../store.ts'
import { joinWhole, splitWhole } from '#shared/lib/whole-number.ts'
import { openMetricStore } from './open-store.ts'
import { orphans } from './orphans.ts'
import { sortExact, subtractExact } from './wide-points.ts'

type Row = readonly [step: bigint, time: bigint, value: number]

function batchOf(series: SeriesId, rows: readonly Row[]): PointBatch {
  const whole = (field: 0 | 1) => rows.map((row) => splitWhole(row[field]))
  const [steps, times] = [whole(0), whole(1)]
  return {
    series: new Uint32Array(rows.length).fill(series),
    step: Float64Array.from(steps, ({ near }) => near),
    time: Float64Array.from(times, ({ near }) => near),
    value: Float64Array.from(rows, ([, , value]) => value),
    rest: {
      step: Int16Array.from(steps, ({ rest }) => rest),
      time: Int16Array.from(times, ({ rest }) => rest),
    },
  }
}

function rowsOf({ step, time, value, rest }: SeriesColumns): readonly Row[] {
  return Array.from(step, (near, i) => [
    joinWhole(near, rest?.step[i] ?? 0),
    joinWhole(time[i] as number, rest?.time[i] ?? 0),
    value[i] as number,
  ])
}

const spell = ([step, time, value]: Row): string => `${step} ${time} ${Object.is(value, -0) ? '-0' : value}`
const distinct = (rows: readonly Row[]): readonly Row[] => [
  ...new Map(rows.map((row) => [spell(row), row] as const)).values(),
]
const byWhole = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
function byValue(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a - b || Number(Object.is(b, -0)) - Number(Object.is(a, -0))
}
const compare = (a: Row, b: Row): number => byWhole(a[0], b[0]) || byWhole(a[1], b[1]) || byValue(a[2], b[2])
/** As MLflow looks for the latest: NaN counts as 0, and of the two the number is the later. */
function latestOf(rows: readonly Row[]): Row {
  const asNumber = (value: number): number => (Number.isNaN(value) ? 0 : value)
  return rows
    .toSorted(
      (a, b) =>
        byWhole(a[0], b[0]) ||
        byWhole(a[1], b[1]) ||
        byValue(asNumber(a[2]), asNumber(b[2])) ||
        Number(Number.isNaN(b[2])) - Number(Number.isNaN(a[2])),
    )
    .at(-1) as Row
}

/** Whole numbers of all sizes; many of them so near to each other that they share a double. */
const near = (from: bigint): fc.Arbitrary<bigint> => fc.bigInt(-3n, 3n).map((by) => from + by)
const whole = (least: bigint): fc.Arbitrary<bigint> =>
  fc
    .oneof(
      { weight: 3, arbitrary: near(1_800_000_000_000_000_000n) },
      { weight: 2, arbitrary: near(2n ** 53n) },
      { weight: 2, arbitrary: fc.bigInt(0n, 5n) },
      { weight: 1, arbitrary: fc.constantFrom(2n ** 63n - 1n, 2n ** 63n - 2n, -(2n ** 63n), 1n - 2n ** 63n) },
      { weight: 1, arbitrary: near(-(2n ** 60n)) },
      { weight: 1, arbitrary: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) },
    )
    .map((value) => (value < least ? -(value + 1n) : value))
const value = fc.oneof(fc.integer({ min: -1, max: 2 }), fc.constantFrom(Number.NaN, Infinity, -0))
const row = fc.tuple(whole(-(2n ** 63n)), whole(0n), value)
const actions = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.array(row, { maxLength: 40 }) },
    { weight: 2, arbitrary: fc.constantFrom('compact', 'reopen', 'delete') },
  ),
  { maxLength: 10 },
)

/** All points, read a stretch at a time, each from the last point of the one before; what each says of the others is checked. */
function inStretches(store: MetricStore, id: SeriesId, count: number): readonly string[] {
  const all = store.series(id)
  const told: string[] = []
  let from: { step: number; time: number } | undefined
  for (;;) {
    const { points, latestBefore, earliestAfter, ended } = store.stretch(id, { from, count: count + 1 })
    const part = rowsOf(points).map(spell)
    const last = { step: points.step.at(-1) as number, time: points.time.at(-1) as number }
    const at = told.length === 0 ? 0 : part.indexOf(told.at(-1) as string) + 1
    const start = told.length - at
    expect(latestBefore).toBe(all.time.subarray(0, start).reduce((a, b) => Math.max(a, b), -Infinity))
    expect(earliestAfter).toBe(all.time.subarray(start + part.length).reduce((a, b) => Math.min(a, b), Infinity))
    told.push(...part.slice(at))
    if (ended) return told
    // Where many points share a place, more of them are asked for.
    if (part.length === at) count *= 2
    from = last
  }
}

/** Runs a case with chunks of a few points, and compares with a list of rows after each action. */
async function runCase(plan: readonly (readonly Row[] | string)[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-wide-'))
  const open = () => {
    const db = openWriter(join(folder, 'project.db'))
    const commits = createCommitQueue(db)
    return { db, commits, store: openMetricStore(db, { commits, layout: { chunkPoints: 24, linesABlock: 2 } }) }
  }
  let { db, commits, store } = open()
  let rows: readonly Row[] = []
  const look = (): void => {
    const id = store.find(1, 'loss', 'logged')
    expect(id === undefined).toBe(rows.length === 0)
    if (id === undefined) return
    const sorted = rows.toSorted(compare)
    expect(rowsOf(store.series(id))).toEqual(sorted)
    const [from, to] = [2 ** 53, Number(2n ** 63n)]
    const within = sorted.filter(([step]) => Number(step) >= from && Number(step) <= to)
    expect(rowsOf(store.series(id, { from, to }))).toEqual(within)
    expect(inStretches(store, id, 1 + (rows.length % 7))).toEqual(sorted.map(spell))
    expect(store.summary(id).count).toBe(rows.length)
    const [latest] = store.latest([1])
    const last = latestOf(rows)
    const { near: step, rest: stepRest } = splitWhole(last[0])
    const { near: time, rest: timeRest } = splitWhole(last[1])
    const { rest = { step: 0, time: 0 }, ...told } = latest ?? {}
    const point = { last: last[2], lastStep: step, lastTime: time }
    expect({ ...told, rest }).toEqual({ run: 1, key: 'loss', ...point, rest: { step: stepRest, time: timeRest } })
    expect(store.summary(id)).toMatchObject(point)
    expect([...store.standings()].map((standing) => standing.last)).toEqual([last[2]])
  }
  try {
    for (const action of plan) {
      if (typeof action !== 'string') {
        await store.append(batchOf(store.seriesFor(1, 'loss', 'logged'), action))
        rows = distinct([...rows, ...action])
      } else if (action === 'compact') await store.compactNow()
      else if (action === 'delete') {
        store.deleteRun(1)
        rows = []
      } else {
        await store.close()
        commits.close()
        db.close()
        ;({ db, commits, store } = open())
      }
      look()
    }
    await store.compactNow()
    look()
    expect(orphans(db)).toEqual([])
    store.deleteRun(1)
    await store.compactNow()
    expect(db.value('SELECT count(*) FROM metric_wide')).toBe(0)
  } finally {
    await store.close()
    commits.close()
    db.close()
    rmSync(folder, { recursive: true })
  }
}

test(
  'any int64 steps and times are read as they were logged, whatever happened between',
  { timeout: 120_000 },
  async () => {
    await fc.assert(fc.asyncProperty(actions, runCase), { numRuns: 100 })
  },
)

test('points below 2^53 leave nothing beside their chunks', async () => {
  const { db, store } = openTestStore()
  const id = store.seriesFor(1, 'loss', 'logged')
  await store.append(
    batchOf(id, [
      [2n ** 53n - 1n, 2n ** 53n - 1n, 1],
      [-(2n ** 53n) + 1n, 0n, 2],
    ]),
  )
  expect(db.value('SELECT count(*) FROM metric_wide')).toBe(0)
  expect(db.all('SELECT wide_twins, wide_latest FROM metric_series')).toEqual([{ wide_twins: 0, wide_latest: null }])
  await store.append(batchOf(id, [[2n ** 53n, 0n, 3]]))
  expect(db.value('SELECT count(*) FROM metric_wide')).toBe(1)
})

test('exact points live and die with the write that they are of', async () => {
  const { db, commits, store } = openTestStore()
  const id = store.seriesFor(1, 'loss', 'logged')
  const points = batchOf(id, [[2n ** 60n + 1n, 5n, 1]])
  const lost = commits.enqueue(() => {
    store.write(points)
    throw new Error('no')
  })
  await expect(lost).rejects.toThrow('no')
  expect(db.value('SELECT count(*) FROM metric_wide')).toBe(0)
  await commits.enqueue(() => store.write(points))
  expect(rowsOf(store.series(id))).toEqual([[2n ** 60n + 1n, 5n, 1]])
})

test('rounded points of an earlier version stay, and give way to the exact ones that come again', async () => {
  const folder = tempFolder()
  const { db, store, close } = openTestStore({}, folder)
  onTestFinished(close)
  const id = store.seriesFor(1, 'loss', 'logged')
  const [one, other] = [2n ** 60n + 256n, 2n ** 60n + 512n]
  await store.append(
    batchOf(id, [
      [one, 1n, 1],
      [other, 2n, 2],
    ]),
  )
  db.exec('DELETE FROM metric_wide; UPDATE metric_series SET wide_twins = 0, wide_latest = NULL')
  expect(rowsOf(store.series(id))).toEqual([
    [one, 1n, 1],
    [other, 2n, 2],
  ])
  expect(store.latest([1])).toMatchObject([{ last: 2, lastStep: Number(other) }])
  await store.append(batchOf(id, [[one + 3n, 1n, 1]]))
  expect(rowsOf(store.series(id))).toEqual([
    [one + 3n, 1n, 1],
    [other, 2n, 2],
  ])
  expect(store.latest([1])).toMatchObject([{ last: 2, lastStep: Number(other) }])
})

test('sets of exact points are sorted and subtracted as rows are', () => {
  const set = fc.array(row, { maxLength: 30 })
  const columns = (rows: readonly Row[]): SeriesColumns => batchOf(1 as SeriesId, rows)
  fc.assert(
    fc.property(set, set, (left, right) => {
      const [sorted, others] = [sortExact(columns(left)), sortExact(columns(right))]
      expect(rowsOf(sorted)).toEqual(distinct(left).toSorted(compare))
      const known = new Set(right.map(spell))
      const rest = rowsOf(sorted).filter((one) => !known.has(spell(one)))
      expect(rowsOf(subtractExact(sorted, others))).toEqual(rest)
    }),
  )
})
