import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openTestStore, pointsOf, trainingPoints } from '#test/fixtures/metrics/open-test-store.ts'
import { createRowTable, levelProblems, type Row } from '#test/fixtures/metrics/row-table.ts'
import { bucketsOfPoints, coarser, FACTOR, FIELDS, LEVEL_1 } from './buckets.ts'
import { decodeLevel, encodeLevel, levelScratch } from './level-codec.ts'
import { orphans } from './orphans.ts'

const anyPoints = fc
  .array(fc.tuple(fc.integer(), fc.oneof(fc.float(), fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity))), {
    minLength: 1,
    maxLength: 400,
  })
  .map((list) => ({
    step: Float64Array.from(list, ([step]) => step),
    time: Float64Array.from(list, (_, i) => i),
    value: Float64Array.from(list, ([, value]) => value),
  }))

const roundTrip = (buckets: Float64Array): Float64Array => {
  const scratch = levelScratch(buckets.length / FIELDS)
  decodeLevel(encodeLevel(buckets, LEVEL_1), buckets.length / FIELDS, LEVEL_1, scratch)
  return scratch.buckets.slice(0, buckets.length)
}

test('levels say of each stretch of points what is true of it', () => {
  const facts = (points: { readonly step: Float64Array; readonly value: Float64Array }, size: number): Float64Array => {
    const list = Array.from(points.value, (value, i) => ({ step: points.step[i] as number, time: i, value }))
    return Float64Array.from(
      Array.from({ length: Math.ceil(list.length / size) }, (_, at) => {
        const part = list.slice(at * size, (at + 1) * size)
        const finite = part.map(({ value }) => value).filter(Number.isFinite)
        const odd = new Set<number>(
          part.map(({ value }) => (Number.isFinite(value) ? 0 : Number.isNaN(value) ? 1 : value > 0 ? 2 : 4)),
        )
        const none = finite.length === 0 ? Number.NaN : undefined
        return [
          part[0]?.step ?? 0,
          part[0]?.time ?? 0,
          finite[0] ?? Number.NaN,
          none ?? finite.reduce((least, value) => (value < least ? value : least)),
          none ?? finite.reduce((most, value) => (value > most ? value : most)),
          finite.at(-1) ?? Number.NaN,
          finite.length,
          [...odd].reduce((sum, bit) => sum + bit, 0),
        ]
      }).flat(),
    )
  }
  fc.assert(
    fc.property(anyPoints, (points) => {
      const fine = bucketsOfPoints(points)
      expect(fine).toEqual(facts(points, LEVEL_1))
      expect(coarser(fine)).toEqual(facts(points, LEVEL_1 * FACTOR))
      expect(roundTrip(fine)).toEqual(fine)
    }),
  )
})

test('a damaged level is refused, not read beyond its end', () => {
  const level = encodeLevel(bucketsOfPoints(trainingPoints(1 as never, 0, 4_096)), LEVEL_1)
  const scratch = levelScratch(256)
  expect(() => decodeLevel(level.slice(0, -9), 256, LEVEL_1, scratch)).toThrow(RangeError)
  expect(() => decodeLevel(level, 255, LEVEL_1, scratch)).toThrow(RangeError)
  expect(() => decodeLevel(new Uint8Array(3), 256, LEVEL_1, scratch)).toThrow(RangeError)
})

/** A series as resumed trainings leave it: stretches again, points of the past, odd values, pauses. */
async function longSeries() {
  const { db, store } = openTestStore({ compactAtPoints: Infinity })
  const id = store.seriesFor(1, 'loss', 'logged')
  const model = createRowTable()
  const add = async (list: readonly (readonly [number, number, number])[]): Promise<void> => {
    for (const [step, time, value] of list) model.append(0, { step, time, value })
    await store.append(pointsOf(id, list))
    await store.compactNow()
  }
  const wave = (step: number): number =>
    step % 5_003 === 0
      ? Number.NaN
      : step % 9_001 === 0
        ? Infinity
        : Math.fround(Math.sin(step / 700) + (step % 17) / 100)
  const stretch = (from: number, to: number, time: number) =>
    Array.from({ length: to - from }, (_, i) => [from + i, time + 10 * i, wave(from + i)] as const)
  await add(stretch(0, 30_000, 1e6))
  await add(stretch(25_000, 45_000, 2e6))
  await add([...stretch(90_000, 100_000, 4e6), ...stretch(3_000, 3_700, 3e6)])
  await add(stretch(12_000, 13_000, 1e6 + 120_000))
  await store.append(pointsOf(id, stretch(99_990, 100_500, 5e6)))
  for (const [step, time, value] of stretch(99_990, 100_500, 5e6)) model.append(0, { step, time, value })
  return { db, store, id, rows: model.rows(0) }
}

describe('a long series', () => {
  test('reads as its rows, whatever is sealed, split or still in the tail', async () => {
    const { db, store, id, rows } = await longSeries()
    const column = (field: keyof Row): Float64Array => Float64Array.from(rows, (row) => row[field])
    expect(store.series(id)).toEqual({ step: column('step'), time: column('time'), value: column('value') })
    expect([store.summary(id).count, orphans(db)]).toEqual([rows.length, []])
    expect(db.value<number>('SELECT max(n) FROM metric_chunk')).toBeLessThanOrEqual(4_096)
    expect(db.value<number>('SELECT count(*) FROM metric_block')).toBeGreaterThanOrEqual(1)
  })

  test('is drawn without a wrong bucket at every width, on both axes', async () => {
    const { store, id, rows } = await longSeries()
    for (const axis of ['step', 'time'] as const)
      for (const width of [1, 3, 12, 50, 160])
        for (const [from, to] of [
          [-Infinity, Infinity],
          [2_900, 26_010],
          [1_000_500, 1_200_000],
          [95_000, 95_100],
          [50_000, 60_000],
        ] as const) {
          const view = { axis, width, from, to }
          expect([view, levelProblems(rows, store.level(id, view), view)]).toEqual([view, []])
        }
  })
})

describe('cost', () => {
  test('a float32 series takes at most 6 bytes a point, its pyramid at most 2 more', async () => {
    const { db, store } = openTestStore()
    const ids = Array.from({ length: 20 }, (_, i) => store.seriesFor(1, `m${i}`, 'logged'))
    const length = 50 * 1_024
    for (let from = 0; from < length; from += 1_024)
      await Promise.all(ids.map((id) => store.append(trainingPoints(id, from, 1_024))))
    await store.compactNow()
    const bytes = (tables: readonly string[]): number =>
      db.value<number>(`SELECT sum(pgsize) FROM dbstat WHERE name IN (${tables.map((name) => `'${name}'`).join()})`) ??
      0
    const total = length * ids.length
    expect(db.value('SELECT sum(n) FROM metric_chunk')).toBe(total)
    const points = bytes(['metric_chunk', 'metric_chunk_series']) / total
    // Nothing stores a float32 in less than 4 bytes: a smaller figure would be a figure of something else.
    expect(points).toBeGreaterThan(4)
    expect(points).toBeLessThanOrEqual(6)
    expect(bytes(['metric_level', 'metric_block', 'metric_block_series']) / total).toBeLessThanOrEqual(2)
    // What the log took is free for what comes next, not gone.
    expect(bytes(['metric_log']) / total).toBeLessThan(0.01)
  })

  test('a chart touches a few rows, however long the series is', async () => {
    const { db, store } = openTestStore({ compactAtPoints: Infinity })
    const id = store.seriesFor(1, 'loss', 'logged')
    const n = 1_000_000
    for (let from = 0; from < n; from += 100_000) await store.append(trainingPoints(id, from, 100_000))
    await store.compactNow()
    const blocks = db.value<number>('SELECT count(*) FROM metric_block') ?? 0
    expect(blocks).toBe(Math.ceil(Math.floor(n / 4_096) / 16))
    const rowsRead = (): number =>
      db.statistics
        .statements()
        .filter(({ sql }) => /FROM metric_(chunk|level) WHERE (id|chunk_id) = |SELECT level[23]/.test(sql))
        .reduce((sum, { calls }) => sum + calls, 0)
    const width = 500
    for (const axis of ['step', 'time'] as const)
      for (const part of [1, 0.6, 0.3, 0.1, 0.03, 0.01, 0.001]) {
        const [low, high] = axis === 'step' ? [0, n] : [1.7e12, 1.7e12 + 250 * n]
        const from = low + (high - low) * (1 - part) * 0.4
        const view = { axis, from, to: from + (high - low) * part, width }
        const before = rowsRead()
        const level = store.level(id, view)
        // Buckets of each block once; then chunks by level 1 only while 256 points are more than half a pixel: an eighth of the width.
        expect([view, rowsRead() - before]).toEqual([
          view,
          expect.toSatisfy((rows: number) => rows <= blocks + width / 8 + 8),
        ])
        expect(level.x.length).toBeLessThanOrEqual(2 * width + 2)
      }
  })

  test('a late point rewrites one block, not the series', async () => {
    const { db, store } = openTestStore({ compactAtPoints: Infinity })
    const id = store.seriesFor(1, 'loss', 'logged')
    for (let from = 0; from < 400_000; from += 100_000) await store.append(trainingPoints(id, from, 100_000))
    await store.compactNow()
    const writes = (): number =>
      db.statistics
        .statements()
        .filter(({ sql }) => /^(INSERT INTO|UPDATE) metric_(chunk|block)/.test(sql))
        .reduce((sum, { calls }) => sum + calls, 0)
    const before = writes()
    await store.append(pointsOf(id, [[1_000, 5, 0.5]]))
    await store.compactNow()
    // The chunk in two and its block, full before, in two.
    expect(writes() - before).toBe(4)
    expect(store.summary(id).count).toBe(400_001)
  })
})
