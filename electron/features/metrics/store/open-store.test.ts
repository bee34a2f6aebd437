import { describe, expect, test } from 'vitest'
import { openReader } from '#electron/db/connection.ts'
import { openTestStore, pointsOf, trainingPoints } from '#test/fixtures/metrics/open-test-store.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import type { PointBatch, SeriesId } from '../store.ts'
import { orphans } from './orphans.ts'

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error as { code?: string }).code,
  )

describe('appending', () => {
  test('resolves once another process would find the points, and is one log row a turn', async () => {
    const { file, store } = openTestStore()
    const id = store.seriesFor(1, 'loss', 'logged')
    const reader = openReader(file)
    const rows = (): unknown => reader.value('SELECT count(*) FROM metric_log')
    const first = store.append(pointsOf(id, [[0, 1, 5]]))
    const second = store.append(pointsOf(id, [[1, 2, 4]]))
    expect([rows(), store.find(1, 'loss', 'logged')]).toEqual([0, undefined])
    await first
    expect(rows()).toBe(1)
    await second
    expect([rows(), store.find(1, 'loss', 'logged')]).toEqual([1, id])
    reader.close()
  })

  test('copies the columns, so that they may be used again at once', async () => {
    const { store } = openTestStore()
    const points = pointsOf(store.seriesFor(1, 'loss', 'logged'), [[0, 1, 5]])
    const done = store.append(points)
    points.value[0] = 99
    await done
    expect(store.series(points.series[0] as SeriesId).value).toEqual(Float64Array.of(5))
  })

  test.each([
    ['columns of different lengths', { time: new Float64Array(1) }, 'invalid'],
    ['a step that is NaN', { step: Float64Array.of(0, Number.NaN) }, 'invalid'],
    ['a time that is infinite', { time: Float64Array.of(Infinity, 0) }, 'invalid'],
    ['a series that never was', { series: Uint32Array.of(1, 4_000_000) }, 'not_found'],
  ])('refuses %s, and writes nothing of that batch', async (_, change, code) => {
    const { store } = openTestStore()
    const id = store.seriesFor(1, 'loss', 'logged')
    const good = pointsOf(id, [
      [0, 1, 5],
      [1, 1, 4],
    ])
    const [bad, fine] = [
      codeOf(store.append({ ...good, ...change } as PointBatch)),
      store.append(pointsOf(id, [[7, 7, 7]])),
    ]
    expect(await bad).toBe(code)
    await fine
    expect(store.series(id).step).toEqual(Float64Array.of(7))
  })

  test('takes an empty batch, and one that is longer than a log row', async () => {
    const { db, store } = openTestStore({ compactAtPoints: Infinity })
    const id = store.seriesFor(1, 'loss', 'logged')
    await store.append(pointsOf(id, []))
    expect(store.list(1)).toEqual([])
    await store.append(trainingPoints(id, 0, 150_000))
    expect(db.value('SELECT count(*) FROM metric_log')).toBe(3)
    expect(store.summary(id).count).toBe(150_000)
  })

  test('inside a queued write lives and dies with it', async () => {
    const { commits, store } = openTestStore()
    const id = store.seriesFor(1, 'loss', 'logged')
    const lost = commits.enqueue(() => {
      store.write(pointsOf(id, [[0, 0, 0]]))
      throw new Error('no')
    })
    await expect(lost).rejects.toThrow('no')
    expect([store.find(1, 'loss', 'logged'), store.list(1)]).toEqual([undefined, []])
    await commits.enqueue(() => store.write(pointsOf(id, [[1, 1, 1]])))
    expect([store.find(1, 'loss', 'logged'), store.series(id).step]).toEqual([id, Float64Array.of(1)])
  })

  test('tells which series have grown, after the commit', async () => {
    const { store } = openTestStore()
    const [a, b] = [store.seriesFor(1, 'a', 'logged'), store.seriesFor(1, 'b', 'logged')]
    const heard: unknown[] = []
    const stop = store.onAppend((series) => heard.push([...series], store.summary(a).count))
    const both = {
      series: Uint32Array.of(a, b, a),
      step: Float64Array.of(0, 0, 1),
      time: new Float64Array(3),
      value: new Float64Array(3),
    }
    await Promise.all([store.append(both), store.append(pointsOf(a, [[2, 0, 0]]))])
    stop()
    await store.append(both)
    expect(heard).toEqual([[a, b], 3])
  })

  test('many series at once are found again by name and by run', async () => {
    const { store } = openTestStore()
    const names = Array.from(
      { length: 300 },
      (_, i) => [1 + (i % 3), `layer ${i} größe`, i % 2 === 0 ? 'logged' : 'log'] as const,
    )
    for (const name of names) await store.append(pointsOf(store.seriesFor(...name), [[0, 0, 1]]))
    expect(new Set(names.map((name) => store.find(...name))).size).toBe(300)
    expect([1, 2, 3].map((run) => store.list(run).length)).toEqual([100, 100, 100])
    expect([...store.standings()].map(({ run, key, origin }) => [run, key, origin])).toEqual(names)
  })
})

describe('the summary', () => {
  // MLflow 3: `_update_latest_metric_if_necessary` compares (step, timestamp, value), where a NaN is stored as 0.
  test.each([
    [
      'the highest step wins over a later time',
      [
        [1, 200, 5],
        [2, 100, 6],
      ],
      6,
    ],
    [
      'then the latest time',
      [
        [2, 100, 9],
        [2, 200, 1],
      ],
      1,
    ],
    [
      'then the largest value',
      [
        [2, 200, 3],
        [2, 200, 8],
        [2, 200, 4],
      ],
      8,
    ],
    [
      'NaN counts as 0 against a negative value',
      [
        [2, 200, -1],
        [2, 200, Number.NaN],
      ],
      Number.NaN,
    ],
    [
      'NaN counts as 0 against a positive value',
      [
        [2, 200, 1],
        [2, 200, Number.NaN],
      ],
      1,
    ],
    [
      'NaN at a later time is the latest',
      [
        [2, 200, 1],
        [2, 201, Number.NaN],
      ],
      Number.NaN,
    ],
    [
      'infinity is the largest value',
      [
        [2, 200, Infinity],
        [2, 200, 1e300],
      ],
      Infinity,
    ],
  ] as const)('last: %s', async (_, rows, last) => {
    const { store } = openTestStore()
    const id = store.seriesFor(1, 'm', 'logged')
    for (const row of rows) await store.append(pointsOf(id, [row]))
    expect(store.summary(id).last).toBe(last)
    await store.compactNow()
    expect(store.summary(id).last).toBe(last)
  })

  test('an exact duplicate counts once, several values a step all count', async () => {
    const { store } = openTestStore()
    const id = store.seriesFor(1, 'm', 'logged')
    const rows = [
      [0, 1, 5],
      [0, 1, 5],
      [0, 1, 6],
      [0, 2, 5],
    ] as const
    await store.append(pointsOf(id, rows))
    expect(store.summary(id).count).toBe(3)
    await store.compactNow()
    await store.append(pointsOf(id, rows))
    expect([store.summary(id).count, store.series(id).value]).toEqual([3, Float64Array.of(5, 6, 5)])
  })
})

describe('faults', () => {
  test('a full disk rejects appends and stops compaction; nothing acknowledged is lost', async () => {
    const { db, store } = openTestStore({ layout: { chunkPoints: 64, linesABlock: 3 }, compactAtPoints: Infinity })
    const id = store.seriesFor(1, 'loss', 'logged')
    let acknowledged = 0
    await store.append(trainingPoints(id, 0, 500))
    acknowledged += 500
    db.exec(`PRAGMA max_page_count = ${(db.value<number>('PRAGMA page_count') ?? 0) + 12}`)
    let code: unknown = 'no error'
    while (code === 'no error') {
      code = await codeOf(store.append(trainingPoints(id, acknowledged, 100)))
      if (code === 'no error') acknowledged += 100
    }
    expect(code).toBe('disk_full')
    expect(await codeOf(store.compactNow())).toBe('disk_full')
    expect(store.statistics().compactionProblem).toMatch(/full/)
    const steps = Float64Array.from({ length: acknowledged }, (_, step) => step)
    expect([store.series(id).step, store.summary(id).count, orphans(db)]).toEqual([steps, acknowledged, []])
    db.exec('PRAGMA max_page_count = 1000000')
    await store.append(trainingPoints(id, acknowledged, 100))
    await store.compactNow()
    expect([store.summary(id).count, store.statistics().compactionProblem, orphans(db)]).toEqual([
      acknowledged + 100,
      null,
      [],
    ])
  })

  test.each([
    ['cut short', (body: Uint8Array) => body.slice(0, -5)],
    ['with a changed byte', (body: Uint8Array) => body.map((byte, i) => (i === 30 ? byte ^ 1 : byte))],
    ['of another program', () => new TextEncoder().encode('{"step": 1, "value": 3}')],
    ['of three bytes', () => Uint8Array.of(1, 2, 3)],
  ])('a log row %s is put aside, and the others are read', async (_, damage) => {
    const folder = tempFolder()
    const before = openTestStore({}, folder)
    const id = before.store.seriesFor(1, 'loss', 'logged')
    const lost = before.store.seriesFor(1, 'lost', 'logged')
    for (let step = 0; step < 3; step++) {
      const appended = [before.store.append(pointsOf(id, [[step, step, step]]))]
      if (step === 1) appended.push(before.store.append(pointsOf(lost, [[1, 1, 1]])))
      await Promise.all(appended)
    }
    expect(before.store.keys([1]).map(({ key }) => key)).toEqual(['loss', 'lost'])
    await before.store.close()
    const body = before.db.value<Uint8Array>('SELECT body FROM metric_log WHERE id = 2') as Uint8Array
    before.db.run('UPDATE metric_log SET body = ? WHERE id = 2', damage(body))
    await before.close()

    const { db, store } = openTestStore({}, folder)
    expect(store.series(id).step).toEqual(Float64Array.of(0, 2))
    expect(store.keys([1])).toEqual([{ key: 'loss', origin: 'logged', runs: 1 }])
    expect(store.statistics().damaged).toBe(1)
    expect(db.all('SELECT source, body FROM metric_damaged')).toEqual([
      { source: 'log', body: Buffer.from(damage(body)) },
    ])
    await store.append(pointsOf(id, [[3, 3, 3]]))
    await store.compactNow()
    expect(store.series(id).step).toEqual(Float64Array.of(0, 2, 3))
  })

  test('the newest log row being damaged does not let its id be given again', async () => {
    const folder = tempFolder()
    const before = openTestStore({}, folder)
    const id = before.store.seriesFor(1, 'loss', 'logged')
    await before.store.append(pointsOf(id, [[0, 0, 0]]))
    await before.store.compactNow()
    await before.store.append(pointsOf(id, [[1, 1, 1]]))
    await before.store.close()
    before.db.run(`UPDATE metric_log SET body = x'00' WHERE id = 2`)
    await before.close()
    const middle = openTestStore({}, folder)
    await middle.store.append(pointsOf(id, [[2, 2, 2]]))
    await middle.close()
    const { store } = openTestStore({}, folder)
    expect(store.series(id).step).toEqual(Float64Array.of(0, 2))
  })

  test('a damaged chunk is left out of reads, and put aside when late points fall into it', async () => {
    const { db, store } = openTestStore({ layout: { chunkPoints: 100, linesABlock: 16 } })
    const id = store.seriesFor(1, 'loss', 'logged')
    await store.append(trainingPoints(id, 0, 350))
    await store.compactNow()
    db.run(`UPDATE metric_chunk SET vals = x'99' WHERE id = (SELECT min(id) + 1 FROM metric_chunk WHERE sealed = 1)`)
    const without = Float64Array.from({ length: 250 }, (_, i) => (i < 100 ? i : i + 100))
    expect(store.series(id).step).toEqual(without)
    expect(store.level(id, { axis: 'step', from: 0, to: 349, width: 400 }).x).toEqual(without)
    await store.append(pointsOf(id, [[150, 7, 7]]))
    await store.compactNow()
    expect(Array.from(store.series(id).step)).toEqual([...without.slice(0, 100), 150, ...without.slice(100)])
    expect([store.summary(id).count, orphans(db), db.value('SELECT count(*) FROM metric_damaged')]).toEqual([
      251,
      [],
      1,
    ])
  })

  test('a damaged open chunk is put aside when its series grows', async () => {
    const { db, store } = openTestStore()
    const id = store.seriesFor(1, 'loss', 'logged')
    await store.append(trainingPoints(id, 0, 10))
    await store.compactNow()
    db.exec(`UPDATE metric_chunk SET steps = x''`)
    await store.append(trainingPoints(id, 10, 10))
    await store.compactNow()
    expect(store.series(id).step).toEqual(Float64Array.from({ length: 10 }, (_, i) => 10 + i))
    expect([store.summary(id).count, orphans(db), store.statistics().damaged > 0]).toEqual([10, [], true])
  })
})
