import { describe, expect, test } from 'vitest'
import { openTestStore, pointsOf, trainingPoints } from '#test/fixtures/metrics/open-test-store.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import type { SeriesId } from '../store.ts'
import { orphans } from './orphans.ts'

describe('deletion', () => {
  test('is at once for whoever reads, and gives the pages back without rewriting the file', async () => {
    const { db, store } = openTestStore({ compactAtPoints: 1_000 })
    const ids = [1, 2].map((run) => store.seriesFor(run, 'loss', 'logged'))
    for (const id of ids) await store.append(trainingPoints(id, 0, 60_000))
    await store.compactNow()
    const pages = db.value('PRAGMA page_count')
    const free = db.value<number>('PRAGMA freelist_count') ?? 0
    store.deleteRun(1)
    expect([store.list(1), store.find(1, 'loss', 'logged')]).toEqual([[], undefined])
    expect(() => store.series(ids[0] as SeriesId)).toThrow(expect.objectContaining({ code: 'not_found' }))
    await store.compactNow()
    expect(db.all('SELECT DISTINCT series_id AS id FROM metric_chunk')).toEqual([{ id: ids[1] }])
    expect(db.value('PRAGMA page_count')).toBe(pages)
    expect(db.value<number>('PRAGMA freelist_count')).toBeGreaterThan(free + 60)
    expect([orphans(db), store.summary(ids[1] as SeriesId).count]).toEqual([[], 60_000])
    expect(store.seriesFor(1, 'loss', 'logged')).not.toBe(ids[0])
  })

  test('writes a small part of what it frees', async () => {
    const { db, store } = openTestStore()
    const ids = [1, 2].map((run) => store.seriesFor(run, 'loss', 'logged'))
    for (const id of ids) await store.append(trainingPoints(id, 0, 500_000))
    await store.compactNow()
    const free = (): number => db.value<number>('PRAGMA freelist_count') ?? 0
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const before = free()
    store.deleteRun(1)
    await store.compactNow()
    const freed = free() - before
    // Pages in the log are pages written: it was empty before, and is too short to be carried over by itself.
    const written = db.get<{ log: number }>('PRAGMA wal_checkpoint(NOOP)')?.log ?? Infinity
    expect(freed).toBeGreaterThan(700)
    expect(written).toBeLessThan(freed / 4)
  })

  test('that is rolled back has not happened', async () => {
    const { commits, store } = openTestStore()
    const id = store.seriesFor(1, 'loss', 'logged')
    await store.append(pointsOf(id, [[0, 0, 1]]))
    const failed = commits.enqueue(() => {
      store.deleteRun(1)
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(store.summary(id).count).toBe(1)
    await commits.enqueue(() => store.deleteRun(1))
    expect(store.list(1)).toEqual([])
  })

  test('takes along points that are on their way to the log', async () => {
    const folder = tempFolder()
    const { store, close } = openTestStore({}, folder)
    const id = store.seriesFor(1, 'loss', 'logged')
    const other = store.seriesFor(2, 'loss', 'logged')
    await store.append(pointsOf(id, [[0, 0, 1]]))
    const late = store.append({
      series: Uint32Array.of(id, other),
      step: new Float64Array(2),
      time: new Float64Array(2),
      value: Float64Array.of(8, 9),
    })
    store.deleteRun(1)
    await late
    expect([store.list(1), store.series(other).value]).toEqual([[], Float64Array.of(9)])
    await close()
    const again = openTestStore({}, folder)
    expect([again.store.list(1), again.store.series(other).value]).toEqual([[], Float64Array.of(9)])
  })

  test.each(['run', 'series'] as const)(
    'of a %s leaves nothing of a new series whose first points come behind it',
    async (what) => {
      const folder = tempFolder()
      const { commits, store, close } = openTestStore({}, folder)
      const id = store.seriesFor(1, 'new', 'logged')
      const gone = commits.enqueue(() => (what === 'run' ? store.deleteRun(1) : store.deleteSeries(id)))
      await Promise.all([gone, store.append(trainingPoints(id, 0, 10))])
      expect(store.list(1)).toEqual([])
      await close()
      const again = openTestStore({}, folder)
      expect([again.store.list(1), [...again.store.standings()]]).toEqual([[], []])
      await again.store.compactNow()
      expect(again.db.value('SELECT count(*) FROM metric_series')).toBe(0)
    },
  )

  test('that is rolled back keeps a new series, whose first points come behind it', async () => {
    const folder = tempFolder()
    const { commits, store, close } = openTestStore({}, folder)
    const id = store.seriesFor(1, 'new', 'logged')
    const failed = commits.enqueue(() => {
      store.deleteRun(1)
      throw new Error('changed my mind')
    })
    const appended = store.append(trainingPoints(id, 0, 10))
    await expect(failed).rejects.toThrow('changed my mind')
    await appended
    expect(store.summary(id).count).toBe(10)
    await close()
    expect(
      openTestStore({}, folder)
        .store.list(1)
        .map(({ summary }) => summary.count),
    ).toEqual([10])
  })

  test('that was cut short is finished at the next opening', async () => {
    const folder = tempFolder()
    const before = openTestStore({ compactAtPoints: 1_000 }, folder)
    await before.store.append(trainingPoints(before.store.seriesFor(1, 'loss', 'logged'), 0, 30_000))
    await before.store.compactNow()
    before.store.deleteRun(1)
    await before.close()
    const { db, store } = openTestStore({}, folder)
    expect(db.value('SELECT count(*) FROM metric_chunk')).toBeGreaterThan(0)
    await store.compactNow()
    expect(
      ['metric_series', 'metric_chunk', 'metric_level', 'metric_block'].map((table) =>
        db.value(`SELECT count(*) FROM ${table}`),
      ),
    ).toEqual([0, 0, 0, 0])
  })
})
