import { expect, test } from 'vitest'
import { openTestStore, pointsOf, trainingPoints } from '#test/fixtures/metrics/open-test-store.ts'
import { createPlanner } from './planner.ts'
import type { LevelView, MetricStore, SeriesId } from '../store.ts'
import { orphans } from './orphans.ts'

const LAYOUT = { layout: { chunkPoints: 100, linesABlock: 3 } }
const VIEWS: readonly LevelView[] = (['step', 'time'] as const).flatMap((axis) =>
  [1_000, 40].map((width) => ({ axis, from: -Infinity, to: Infinity, width })),
)

/** A series of 1,250 points in four blocks of three sealed chunks, and an open one. */
async function filled(options: Parameters<typeof openTestStore>[0] = LAYOUT) {
  const opened = openTestStore({ ...LAYOUT, ...options })
  const id = opened.store.seriesFor(1, 'loss', 'logged')
  await opened.store.append(trainingPoints(id, 0, 1_250))
  await opened.store.compactNow()
  return { ...opened, id }
}
const read = (store: MetricStore, id: SeriesId): unknown => [
  store.series(id),
  store.summary(id),
  VIEWS.map((view) => store.level(id, view)),
]
const block = (n: number): string => `(SELECT id FROM metric_block ORDER BY first LIMIT 1 OFFSET ${n})`

test.each([
  [
    'a directory that is cut short',
    `UPDATE metric_block SET directory = substr(directory, 1, 100) WHERE id = ${block(1)}`,
  ],
  ['a directory of nonsense', `UPDATE metric_block SET directory = zeroblob(length(directory)) WHERE id = ${block(2)}`],
  ['two empty directories', `UPDATE metric_block SET directory = x'' WHERE id IN (${block(0)}, ${block(3)})`],
  [
    'a directory of another block',
    `UPDATE metric_block SET directory = (SELECT directory FROM metric_block WHERE id = ${block(0)}) WHERE id = ${block(2)}; UPDATE metric_block SET directory = x'00' WHERE id = ${block(0)}`,
  ],
])('%s is made anew from its chunks by whoever reads it', async (_, damage) => {
  const { db, store, id } = await filled()
  const before = read(store, id)
  db.exec(damage)
  expect(read(store, id)).toEqual(before)
  expect([orphans(db), store.statistics().damaged]).toEqual([[], 0])
})

test.each(['directory', 'level3', 'level2'])('a damaged %s does not keep points from chunks', async (column) => {
  const planner = createPlanner()
  for (const beside of [true, false]) {
    const { db, store, id, close } = await filled(beside ? { ...LAYOUT, planner } : LAYOUT)
    db.exec(`UPDATE metric_block SET ${column} = x'0102' WHERE id IN (${block(1)}, ${block(3)})`)
    // Late ones for the damaged blocks, and more than the last one has room for.
    await store.append(
      pointsOf(id, [
        [350, 1, 1],
        [20, 1, 2],
      ]),
    )
    await store.append(trainingPoints(id, 1_250, 400))
    await store.compactNow()
    expect(store.statistics()).toMatchObject({ compactionProblem: null, logPoints: 0, damaged: 0 })
    expect([store.series(id).step.length, store.summary(id).count, orphans(db)]).toEqual([1_652, 1_652, []])
    await close()
  }
  await planner.close()
})

test('a block that lists a chunk that is gone is made anew without it', async () => {
  const { db, store, id } = await filled()
  db.exec('DELETE FROM metric_chunk WHERE id = (SELECT min(id) + 4 FROM metric_chunk WHERE sealed = 1)')
  expect(store.series(id).step).toEqual(Float64Array.from({ length: 1_150 }, (_, i) => (i < 400 ? i : i + 100)))
  expect([store.summary(id).count, orphans(db)]).toEqual([1_150, []])
})

test('with every chunk gone, what comes next is kept all the same', async () => {
  const { db, store, id } = await filled()
  db.exec('DELETE FROM metric_chunk')
  expect(store.series(id).step.length).toBe(0)
  await store.append(trainingPoints(id, 0, 300))
  await store.compactNow()
  expect([store.series(id).step.length, store.summary(id).count, orphans(db)]).toEqual([300, 300, []])
})
