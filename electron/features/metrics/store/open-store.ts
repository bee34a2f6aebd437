import type { CommitQueue } from '#electron/db/commit-queue.ts'
import type { WriteDb } from '#electron/db/connection.ts'
import type { Log } from '#electron/platform/log.ts'
import type { MetricStore, SeriesId, SeriesInfo } from '../store.ts'
import { type CompactionPlace, createCompactor } from './compactor.ts'
import { createDamage } from './damage.ts'
import { isDamagedBlock } from './directory.ts'
import type { LiveSeries } from './live-series.ts'
import { repairBlocks } from './repair.ts'
import type { Planner } from './planner.ts'
import { createPointLog } from './point-log.ts'
import { createQueries, type SeriesRow } from './queries.ts'
import { readLevelOf } from './read-level.ts'
import { countPoints, cutsOf, readPoints } from './read-points.ts'
import { readStretch } from './read-stretch.ts'
import { recover } from './recover.ts'
import { createSeriesRegistry, liveOf } from './series-registry.ts'
import { readKeys, readLatest, readStandings, standingsInLog } from './standings.ts'
import { readSummary } from './summary.ts'
import { layout, type Layout, type StoreTools } from './tools.ts'
import { countTwins, exactlyAs, exactLatest } from './wide-rows.ts'

export type MetricStoreOptions = {
  readonly commits: CommitQueue
  readonly log?: Log
  /** Compaction starts when the log holds this many points (524,288) or rows (8,192). */
  readonly compactAtPoints?: number
  readonly compactAtRows?: number
  /** Work of a compaction between two turns of the event loop, 3 ms. */
  readonly sliceMs?: number
  /** Does the larger part of compactions beside this thread; without one this thread does it. */
  readonly planner?: Planner
  /** Smaller than usual, so that tests meet splits and seals early. */
  readonly layout?: Layout
  /** Hears of each place that a compaction comes to, so that tests can end the process there. */
  readonly onPlace?: (place: CompactionPlace) => void
}

const DEFAULTS = { compactAtPoints: 524_288, compactAtRows: 8_192, sliceMs: 3 }
/**
 * How long after the last points a log that is worth it is compacted all the same, so that the next opening is quick and its points are not kept in
 * memory.
 */
const IDLE_MS = 10_000
const IDLE_POINTS = 16_384
const RETRY_MS = 5_000

/** Opens the metric store of a project's database; points that a crash left in the log are there at once. */
export function openMetricStore(db: WriteDb, options: MetricStoreOptions): MetricStore {
  const { commits } = options
  const { compactAtPoints, compactAtRows, sliceMs } = { ...DEFAULTS, ...options }
  const queries = createQueries(db)
  const damage = createDamage(queries, options.log)
  const tools: StoreTools = { queries, damage, layout: options.layout ?? layout }
  const registry = createSeriesRegistry(queries, (queries.lastSeriesId.value<number>() ?? 0) + 1)
  const listeners = new Set<(series: readonly SeriesId[]) => void>()
  let appendedAt = 0

  const log = createPointLog(queries, commits, registry, recover(db, queries, registry, damage), (changed) => {
    appendedAt = performance.now()
    compactor.consider()
    for (const listener of listeners) {
      try {
        listener(changed)
      } catch (error) {
        options.log?.error('a listener to metrics failed', { error })
      }
    }
  })
  // Another connection cannot read what is in memory.
  const planner = db.file === ':memory:' ? undefined : options.planner
  const compactor = createCompactor(db, tools, registry, log, {
    points: compactAtPoints,
    rows: compactAtRows,
    sliceMs,
    retryMs: RETRY_MS,
    planner,
    onPlace: options.onPlace ?? (() => {}),
  })
  const idle = setInterval(() => {
    registry.releaseIdle()
    if (performance.now() - appendedAt > IDLE_MS && log.size().points >= IDLE_POINTS) compactor.start()
  }, IDLE_MS / 2).unref()
  if (queries.deletedSeries.value() !== undefined) compactor.start()
  compactor.consider()

  /** Reads; where a block is damaged, makes the series' blocks anew from its chunks and reads again. */
  const mended = <Result>(live: LiveSeries, read: (live: LiveSeries) => Result): Result => {
    try {
      return read(live)
    } catch (error) {
      if (!isDamagedBlock(error)) throw error
      const found = registry.require(live.id)
      db.transaction(() => repairBlocks(tools, found))
      return read(found)
    }
  }
  const ofSeries = <Result>(id: SeriesId, read: (live: LiveSeries) => Result): Result =>
    mended(registry.require(id), read)

  const infoOf = (live: LiveSeries): SeriesInfo => {
    const count = mended(live, (found) => countPoints(tools, found)) + countTwins(queries, live)
    const { last, lastStep, lastTime } = exactLatest(queries, live.id, live.summary)
    return {
      id: live.id,
      run: live.run,
      key: live.key,
      origin: live.origin,
      summary: { ...readSummary(live.summary, count), last, lastStep, lastTime },
    }
  }
  const infoOfRow = (row: SeriesRow): SeriesInfo => infoOf(registry.inMemory(row[0] as SeriesId) ?? liveOf(row))
  const hasPoints = (info: SeriesInfo): boolean => info.summary.count > 0

  const deleted = (forget: () => void): void =>
    commits.afterCommit(() => {
      forget()
      compactor.start()
    })

  return {
    seriesFor: registry.seriesFor,
    find: registry.find,
    append: log.append,
    write: log.write,
    series: (id, range = {}) =>
      ofSeries(id, (live) => {
        const { from = -Infinity, to = Infinity } = range
        return exactlyAs(queries, live, readPoints(tools, live, from, to), from, to)
      }),
    stretch: (id, { from, count }) => ofSeries(id, (live) => readStretch(tools, live, from, count)),
    cuts: (id) => cutsOf(tools, registry.require(id)),
    level: (id, view) => ofSeries(id, (live) => readLevelOf(tools, live, view)),
    summary: (id) => infoOf(registry.require(id)).summary,
    info: (id) => infoOf(registry.require(id)),
    list: (run) => queries.seriesOfRun.rows<SeriesRow>(run).map(infoOfRow).filter(hasPoints),
    latest: (runs, key) => readLatest(queries, registry, runs, key),
    keys: (runs) => readKeys(tools, registry, runs),
    standings: (runs) => readStandings(queries, registry, runs),
    standingsInLog: () => standingsInLog(queries, registry),
    deleteRun(run) {
      // First points may be on their way behind this write: what is new must not outlive its run with them.
      registry.insertRows({ run })
      queries.markRunDeleted.run(run)
      deleted(() => registry.forgetRun(run))
    },
    deleteSeries(id) {
      registry.insertRows({ id })
      queries.markSeriesDeleted.run(id)
      deleted(() => registry.forgetSeries(id))
    },
    onAppend(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    compactNow: compactor.whole,
    statistics() {
      const { points, rows } = log.size()
      const { compacting, slices, longestSliceMs, problem, planned } = compactor.statistics()
      return {
        logPoints: points,
        logRows: rows,
        liveSeries: registry.liveCount(),
        compacting,
        slices,
        longestSliceMs,
        planned,
        damaged: damage.count(),
        compactionProblem: problem,
      }
    },
    async close() {
      commits.flush()
      clearInterval(idle)
      compactor.stop()
      await planner?.release(db.file)
    },
  }
}
