import { expect, test } from 'vitest'
import { openTestStore, pointsOf, type TestStore, trainingPoints } from '#test/fixtures/metrics/open-test-store.ts'

/** Slices as long as their work is, so that what is written does not hang on the time that it takes. */
const LAYOUT = { layout: { chunkPoints: 64, linesABlock: 4 }, compactAtPoints: Infinity, sliceMs: Infinity }

/** Pages that the work wrote: the write-ahead log keeps each version of a page while nobody carries it over. */
async function pagesOf({ db }: TestStore, work: () => Promise<void>): Promise<number> {
  const pages = (): number => db.get<{ log: number }>('PRAGMA wal_checkpoint(NOOP)')?.log ?? 0
  db.exec('PRAGMA wal_autocheckpoint = 0')
  const before = pages()
  await work()
  return pages() - before
}

/** How often statements ran that read chunks, blocks or levels. */
function rowsRead({ db }: TestStore, work: () => void): number {
  const calls = (): number =>
    db.statistics
      .statements()
      .filter(({ sql }) => /^SELECT.*FROM metric_(chunk|block|level)/.test(sql))
      .reduce((sum, { calls: times }) => sum + times, 0)
  const before = calls()
  work()
  return calls() - before
}

/** Rounds of a live training: few points of each series at a time, moved to chunks each time. */
async function train({ store }: TestStore, series: number, rounds: number): Promise<void> {
  const ids = Array.from({ length: series }, (_, index) => store.seriesFor(1, `m${index}`, 'logged'))
  for (let round = 0; round < rounds; round++) {
    await Promise.all(ids.map((id) => store.append(trainingPoints(id, round * 10, 10))))
    await store.compactNow()
  }
}

test('ten times the rounds of a training write ten times the pages, however long its series are by then', async () => {
  const [short, long] = [openTestStore(LAYOUT), openTestStore(LAYOUT)]
  const few = await pagesOf(short, () => train(short, 3, 60))
  const many = await pagesOf(long, () => train(long, 3, 600))
  expect(many / few).toBeGreaterThan(8)
  expect(many / few).toBeLessThan(12)
})

test('ten times the series write at most ten times the pages', async () => {
  const [narrow, wide] = [openTestStore(LAYOUT), openTestStore(LAYOUT)]
  const few = await pagesOf(narrow, () => train(narrow, 20, 20))
  const many = await pagesOf(wide, () => train(wide, 200, 20))
  expect(many / few).toBeLessThan(11)
})

test('a part of a series, its latest point and its summary cost the same of one ten times as long', async () => {
  const costs: (readonly number[])[] = []
  for (const rounds of [60, 600]) {
    const opened = openTestStore(LAYOUT)
    await train(opened, 1, rounds)
    const { store } = opened
    const id = store.seriesFor(1, 'm0', 'logged')
    costs.push([
      rowsRead(opened, () => store.series(id, { from: 200, to: 260 })),
      rowsRead(opened, () => store.summary(id)),
      rowsRead(opened, () => store.latest([1])),
      rowsRead(opened, () => store.list(1)),
    ])
  }
  const [short, long] = costs
  expect(short?.[0]).toBeGreaterThan(0)
  expect(long).toEqual(short)
})

test('late points of one place are written in one go, and duplicates of what is there write no chunk', async () => {
  const opened = openTestStore(LAYOUT)
  const { store } = opened
  await train(opened, 1, 600)
  const id = store.seriesFor(1, 'm0', 'logged')
  const lateAt = async (points: number): Promise<number> =>
    pagesOf(opened, async () => {
      const rows = Array.from({ length: points }, (_, index) => [1_000, index + points * 1e6, 1] as const)
      await store.append(pointsOf(id, rows))
      await store.compactNow()
    })
  const [one, ten] = [await lateAt(1), await lateAt(10)]
  expect(ten).toBeLessThan(2 * one)
  const changes: string[] = []
  const again = openTestStore({
    ...LAYOUT,
    onPlace: (place) => void (place === 'change written' && changes.push(place)),
  })
  const same = trainingPoints(again.store.seriesFor(1, 'm0', 'logged'), 0, 640)
  await again.store.append(same)
  await again.store.compactNow()
  expect(changes.length).toBeGreaterThan(0)
  changes.length = 0
  await again.store.append(same)
  await again.store.compactNow()
  expect([changes, again.store.summary(again.store.seriesFor(1, 'm0', 'logged')).count]).toEqual([[], 640])
})

test.each([
  ['ordinary', 0],
  ['wide', 2 ** 60],
])('a page of a series of %s steps reads the same of one ten times as long', async (_, first) => {
  const costs: (readonly number[])[] = []
  for (const rounds of [60, 600]) {
    const opened = openTestStore(LAYOUT)
    const { store, db } = opened
    const id = store.seriesFor(1, 'm0', 'logged')
    for (let round = 0; round < rounds; round++) {
      const rows = Array.from({ length: 10 }, (__, i) => round * 10 + i)
      await store.append(
        pointsOf(
          id,
          rows.map((row) => [first + row * 512, row, row / 2] as const),
        ),
      )
      await store.compactNow()
    }
    const wideRows = (): number =>
      db.statistics.statements().find(({ sql }) => sql.includes('FROM metric_wide WHERE series_id = ? AND point > ?'))
        ?.calls ?? 0
    const page = (row: number): number =>
      rowsRead(opened, () => {
        const { points, ended } = store.stretch(id, { from: { step: first + row * 512, time: row }, count: 100 })
        expect([points.step.length, points.value[0], ended]).toEqual([100, row / 2, false])
      })
    const before = wideRows()
    costs.push([page(0), page(100), page(300), wideRows() - before])
  }
  const [short, long] = costs
  expect(short?.[0]).toBeGreaterThan(0)
  expect(long).toEqual(short)
})
