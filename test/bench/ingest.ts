import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createCheckpointer } from '#electron/db/checkpointer.ts'
import { createCommitQueue, type CommitQueue } from '#electron/db/commit-queue.ts'
import { openWriter, type WriteDb } from '#electron/db/connection.ts'
import {
  createPlanner,
  type MetricStore,
  openMetricStore,
  type PointBatch,
  readInPortions,
  type SeriesId,
} from '#electron/features/metrics/index.ts'
import { cpuWait } from './cpu-wait.ts'
import { trainingSource } from './training-source.ts'

export type BenchRow = { readonly name: string; readonly value: number; readonly unit: string; readonly target: string }

const LIVE = 1_000
const INGESTED = 10_000_000
const LONG = 10_000_000
const PIXELS = 1_500

type Opened = { readonly db: WriteDb; readonly commits: CommitQueue; readonly store: MetricStore }

/**
 * The metric store without a server around it: points/s into 1,000 live series with compaction, checkpoints and all in the count; how
 * long it held the thread and let a commit wait; bytes a point; one series and one chart. Times of reads are medians.
 */
export async function ingestBench(): Promise<readonly BenchRow[]> {
  return [...(await ingestRows()), ...(await singleRows()), ...(await longSeriesRows())]
}

async function ingestRows(): Promise<readonly BenchRow[]> {
  return withStore(async ({ db, commits, store }, reopen) => {
    const series = Uint32Array.from({ length: LIVE }, (_, i) => store.seriesFor(1 + (i % 10), `metric ${i}`, 'logged'))
    const source = trainingSource(LIVE)
    const waits: number[] = []
    const own: number[] = []
    const without = cpuWait()
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const start = performance.now()
    for (let step = 0, lacked = 0; step < INGESTED / LIVE; step++) {
      const sent = performance.now()
      await store.append({ series, ...source(step) })
      const waited = performance.now() - sent
      const now = without()
      waits.push(waited)
      own.push(waited - (now - lacked))
      lacked = now
    }
    const seconds = (performance.now() - start) / 1_000
    delay.disable()
    const lacked = without() / 10 / seconds
    const { longestSliceMs, planned } = store.statistics()
    const left = store.statistics().logPoints
    const again = performance.now()
    const reopened = await reopen()
    const opening = performance.now() - again
    await reopened.store.compactNow()
    const size = (tables: string): number =>
      reopened.db.value<number>(`SELECT sum(pgsize) FROM dbstat WHERE name GLOB '${tables}'`) ?? 0
    void db
    return [
      row('ingest: 1,000 live series, 1,000 points a commit', INGESTED / seconds, 'points/s', '>= 1,000,000'),
      row('ingest: event loop, longest stall', delay.max / 1e6, 'ms', '< 50'),
      row('ingest: event loop, 99th percentile', delay.percentile(99) / 1e6, 'ms'),
      row('ingest: append until acknowledged, 99th percentile', quantile(waits, 0.99), 'ms', '< 5'),
      row('ingest: append until acknowledged, longest', Math.max(...waits), 'ms', '< 50'),
      row('ingest: the longest, without its wait for a core', Math.max(...own), 'ms'),
      row('ingest: longest commit', commits.statistics().longestMs, 'ms'),
      row('ingest: longest slice of compaction', longestSliceMs, 'ms'),
      row('ingest: series compacted through the worker', (100 * planned.beside) / (planned.beside + planned.here), '%'),
      row('ingest: share of the time that the machine had no core for it', lacked, '%'),
      row('ingest: bytes a point on disk, float32 values', size('metric_chunk*') / INGESTED, 'B', '<= 6'),
      row('ingest: bytes a point for the pyramid', (size('metric_level*') + size('metric_block*')) / INGESTED, 'B'),
      row(`ingest: opening with ${left.toLocaleString('en')} points in the log`, opening, 'ms', '< 150'),
    ]
  })
}

async function singleRows(): Promise<readonly BenchRow[]> {
  return withStore(async ({ store }) => {
    const rows: BenchRow[] = []
    for (const [size, commits] of [
      [1, 20_000],
      [100, 10_000],
    ] as const) {
      const series = Uint32Array.from({ length: size }, (_, i) => store.seriesFor(1, `metric ${size}/${i}`, 'logged'))
      const source = trainingSource(size)
      const start = performance.now()
      for (let step = 0; step < commits; step++) await store.append({ series, ...source(step) })
      rows.push(
        row(
          `ingest: ${size} points a commit, one after the other`,
          (size * commits * 1_000) / (performance.now() - start),
          'points/s',
        ),
      )
    }
    return rows
  })
}

async function longSeriesRows(): Promise<readonly BenchRow[]> {
  return withStore(async ({ store }) => {
    const long = store.seriesFor(1, 'long', 'logged')
    const million = store.seriesFor(1, 'million', 'logged')
    await fill(store, long, LONG)
    await fill(store, million, 1_000_000)
    await store.compactNow()
    const { startTime, endTime } = store.summary(long)
    const charts = (['step', 'time'] as const).flatMap((axis) =>
      [1, 0.5, 0.2, 0.1, 0.07, 0.05, 0.02, 0.01, 0.001].map((part) => {
        const [low, high] = axis === 'step' ? [0, LONG] : [startTime, endTime]
        const from = low + (high - low) * (1 - part) * 0.37
        const view = { axis, from, to: from + (high - low) * part, width: PIXELS }
        return { name: `${axis}, ${Math.round(part * 1_000) / 10} %`, ms: median(41, () => store.level(long, view)) }
      }),
    )
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const begun = performance.now()
    await readInPortions(store, long, new AbortController().signal)
    const reading = performance.now() - begun
    delay.disable()
    const worst = charts.reduce((left, right) => (left.ms > right.ms ? left : right))
    return [
      row(
        'series: all of 1M points',
        median(15, () => store.series(million)),
        'ms',
        '< 25',
      ),
      row('series: all of 10M points, in portions', reading, 'ms'),
      row('series: longest stall of that', delay.max / 1e6, 'ms', '< 50'),
      row('chart: all of 10M points on 1,500 px', charts[0]?.ms ?? Number.NaN, 'ms', '< 2'),
      row(`chart: slowest of 18 zooms of 10M points (${worst.name})`, worst.ms, 'ms', '< 2'),
    ]
  })
}

async function fill(store: MetricStore, id: SeriesId, points: number): Promise<void> {
  const size = 50_000
  const source = trainingSource(size)
  const series = new Uint32Array(size).fill(id)
  for (let from = 0; from < points; from += size) {
    const { time, value } = source(from)
    const step = Float64Array.from({ length: size }, (_, i) => from + i)
    const batch: PointBatch = { series, step, value, time: time.map((at, i) => at + 250 * i) }
    await store.append(batch)
  }
}

async function withStore<Result>(
  work: (opened: Opened, reopen: () => Promise<Opened>) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-bench-'))
  const checkpointer = createCheckpointer()
  const planner = createPlanner()
  const open = (): Opened => {
    const db = openWriter(join(folder, 'project.db'), { checkpointer })
    const commits = createCommitQueue(db)
    return { db, commits, store: openMetricStore(db, { commits, planner }) }
  }
  const close = async ({ db, commits, store }: Opened): Promise<void> => {
    await store.close()
    commits.close()
    db.close()
  }
  let opened = open()
  try {
    return await work(opened, async () => {
      await close(opened)
      return (opened = open())
    })
  } finally {
    await close(opened)
    await planner.close()
    await checkpointer.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function row(name: string, value: number, unit: string, target = ''): BenchRow {
  return { name, value, unit, target }
}

function median(times: number, work: () => unknown): number {
  return quantile(
    Array.from({ length: times }, () => {
      const start = performance.now()
      work()
      return performance.now() - start
    }),
    0.5,
  )
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((left, right) => left - right)[Math.floor(part * (values.length - 1))] ?? Number.NaN
}
