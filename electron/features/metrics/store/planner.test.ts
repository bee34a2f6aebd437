import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { openTestStore, pointsOf, trainingPoints } from '#test/fixtures/metrics/open-test-store.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import type { SeriesId } from '../store.ts'
import { orphans } from './orphans.ts'
import { createPlanner, type Planner, type PlannerOptions } from './planner.ts'
import { eventuallyTrue } from '#test/setup/eventually.ts'

const DYING = new URL('../../../../test/fixtures/metrics/dying-worker.ts', import.meta.url)

function planning(options: PlannerOptions = {}): Planner {
  const planner = createPlanner(options)
  onTestFinished(() => planner.close())
  return planner
}

test('compacts many series through the thread, and reads the same as without it', async () => {
  const planner = planning()
  const [beside, here] = [openTestStore({ planner, compactAtPoints: Infinity }), openTestStore()]
  const read = async ({ store }: typeof here): Promise<unknown> => {
    const ids = Array.from({ length: 150 }, (_, i) => store.seriesFor(1, `m${i}`, 'logged'))
    for (const [i, id] of ids.entries()) await store.append(trainingPoints(id, 0, 40 * (i + 1)))
    await store.compactNow()
    for (const id of ids)
      await store.append(
        pointsOf(id, [
          [3, 1, Number.NaN],
          [90_000, 1, -0],
        ]),
      )
    await store.compactNow()
    const view = { axis: 'step', from: -Infinity, to: Infinity, width: 50 } as const
    return ids.map((id) => [store.series(id), store.summary(id), store.level(id, view)])
  }
  expect(await read(beside)).toEqual(await read(here))
  expect([beside.store.statistics().planned, here.store.statistics().planned]).toEqual([
    { beside: 300, here: 0 },
    { beside: 0, here: 300 },
  ])
  expect([orphans(beside.db), beside.store.statistics().logPoints]).toEqual([[], 0])
})

test('moves a long tail in pieces, while it grows', async () => {
  const { db, store } = openTestStore({ planner: planning(), compactAtPoints: Infinity })
  const id = store.seriesFor(1, 'long', 'logged')
  for (let from = 0; from < 300_000; from += 50_000) await store.append(trainingPoints(id, from, 50_000))
  const compacted = store.compactNow()
  for (let from = 300_000; from < 340_000; from += 5_000) await store.append(trainingPoints(id, from, 5_000))
  await compacted
  await store.compactNow()
  const { step } = store.series(id)
  expect(step).toEqual(Float64Array.from({ length: 340_000 }, (_, i) => i))
  expect([orphans(db), store.statistics().logPoints, store.statistics().planned.beside > 3]).toEqual([[], 0, true])
})

test.each([true, false])(
  'keeps every point of long and short tails for the next opening (beside: %s)',
  async (beside) => {
    const folder = tempFolder()
    const options = { compactAtPoints: Infinity, ...(beside ? { planner: planning() } : {}) }
    const { store, close } = openTestStore(options, folder)
    const ids = ['long', 'short', 'longer', 'shorter'].map((key) => store.seriesFor(1, key, 'logged'))
    const lengths = [150_000, 300, 280_000, 20]
    for (const [i, id] of ids.entries()) await store.append(trainingPoints(id, 0, lengths[i] as number))
    await store.compactNow()
    expect(store.statistics()).toMatchObject({ logPoints: 0, liveSeries: 0 })
    await close()
    const again = openTestStore({}, folder)
    expect(ids.map((id) => again.store.series(id).step.length)).toEqual(lengths)
  },
)

test('a thread that dies is told of, and the writer compacts by itself', async () => {
  const deaths: string[] = []
  const planner = planning({ entry: DYING, onDeath: (reason) => deaths.push((reason as Error).message) })
  const { db, store } = openTestStore({ planner, compactAtPoints: Infinity })
  const id = store.seriesFor(1, 'loss', 'logged')
  for (let round = 0; round < 5; round++) {
    await store.append(trainingPoints(id, round * 6_000, 6_000))
    await store.compactNow()
  }
  // It is started again twice, then no more.
  expect(deaths).toEqual(Array.from({ length: 3 }, () => 'the planning thread gave up'))
  expect(store.statistics()).toMatchObject({ planned: { beside: 0, here: 5 }, logPoints: 0, compactionProblem: null })
  expect([store.series(id).step.length, orphans(db)]).toEqual([30_000, []])
})

test('lets go of the file when its store is closed, also with plans on their way', async () => {
  const planner = planning()
  const { file, store, close } = openTestStore({ planner, compactAtPoints: Infinity })
  const ids = Array.from({ length: 200 }, (_, i) => store.seriesFor(1, `m${i}`, 'logged'))
  for (const id of ids) await store.append(trainingPoints(id, 0, 3_000))
  const compacted = store.compactNow()
  await new Promise(setImmediate)
  await close()
  await compacted
  // Whoever closes a database last takes its log away.
  expect(existsSync(`${file}-wal`)).toBe(false)
})

test('a run that is deleted while its plans are on their way stays deleted', async () => {
  const { db, store } = openTestStore({ planner: planning(), compactAtPoints: Infinity })
  const ids = [1, 2].map((run) => store.seriesFor(run, 'loss', 'logged'))
  for (const id of ids) await store.append(trainingPoints(id, 0, 20_000))
  const compacted = store.compactNow()
  store.deleteRun(1)
  await compacted
  await store.compactNow()
  expect(db.all('SELECT DISTINCT series_id AS id FROM metric_chunk')).toEqual([{ id: ids[1] }])
  expect([store.series(ids[1] as SeriesId).step.length, orphans(db)]).toEqual([20_000, []])
})

test('ends when nothing is planned, and is started again for the next plan', async () => {
  const planner = planning({ idleMs: 0 })
  const { store } = openTestStore({ planner, compactAtPoints: Infinity })
  const id = store.seriesFor(1, 'loss', 'logged')
  expect(planner.running()).toBe(false)
  for (let round = 1; round <= 3; round++) {
    await store.append(trainingPoints(id, round * 100, 100))
    const compacted = store.compactNow()
    await eventuallyTrue(planner.running, { interval: 0 })
    await compacted
    expect(store.statistics().planned).toEqual({ beside: round, here: 0 })
    await eventuallyTrue(() => !planner.running(), { interval: 1 })
  }
})

test('stays as long as somebody waits for a plan, and lets go of a file that it is about to leave', async () => {
  const planner = planning({ idleMs: 0 })
  const folder = tempFolder()
  const { file, store, close } = openTestStore({ planner, compactAtPoints: Infinity }, folder)
  const ids = Array.from({ length: 200 }, (_, i) => store.seriesFor(1, `m${i}`, 'logged'))
  for (const id of ids) await store.append(trainingPoints(id, 0, 3_000))
  await store.compactNow()
  expect(store.statistics().planned).toEqual({ beside: 200, here: 0 })
  await close()
  expect(existsSync(`${file}-wal`)).toBe(false)
})
