import type { WriteDb } from '#electron/db/connection.ts'
import { removeLastBlock } from './block.ts'
import { compactSeries } from './compact-series.ts'
import { forgetOrder, type LiveSeries, restoreLive, trimTail } from './live-series.ts'
import type { PointLog } from './point-log.ts'
import type { SeriesRow } from './queries.ts'
import type { SeriesRegistry } from './series-registry.ts'
import { packSummary, unpackSummary } from './summary.ts'
import type { StoreTools } from './tools.ts'

export type CompactorOptions = {
  /** A round starts when the log holds this many points, or rows. */
  readonly points: number
  readonly rows: number
  /** Work between two turns of the event loop, milliseconds. */
  readonly sliceMs: number
  /** Milliseconds until a failed round is tried again. */
  readonly retryMs: number
}

/** Moves points from the log into chunks, a slice at a time, between which the backend goes on serving. */
export type Compactor = {
  /** Starts a round if the log is long enough. */
  readonly consider: () => void
  /** Starts a round at once if none is going. */
  readonly start: () => void
  /** Resolves after a whole round that began after this call. */
  readonly whole: () => Promise<void>
  readonly stop: () => void
  readonly statistics: () => {
    readonly compacting: boolean
    readonly slices: number
    readonly longestSliceMs: number
    readonly problem: string | null
  }
}

type Round = {
  readonly series: LiveSeries[]
  /** Log rows up to this one are superfluous once all series are done. */
  readonly through: number
  readonly points: number
  readonly rows: number
  at: number
  phase: 'series' | 'log' | 'deleted'
  working: { readonly live: LiveSeries; readonly steps: Generator<void, number>; readonly through: number } | undefined
  readonly waiters: readonly Waiter[]
}
type Waiter = { readonly resolve: () => void; readonly reject: (error: unknown) => void }
/** What a slice has changed: to be written at its end, and done in memory after its commit. */
type Slice = { readonly touched: Set<LiveSeries>; readonly effects: (() => void)[] }

export function createCompactor(
  db: WriteDb,
  tools: StoreTools,
  registry: SeriesRegistry,
  log: PointLog,
  options: CompactorOptions,
): Compactor {
  const { queries } = tools
  let round: Round | undefined
  let waiters: Waiter[] = []
  let stopped = false
  let retry: NodeJS.Timeout | undefined
  let slices = 0
  let longestSliceMs = 0
  let problem: string | null = null

  const begin = (): void => {
    if (round !== undefined || stopped) return
    const { points, rows, last } = log.size()
    round = {
      series: [...registry.live()].filter((live) => live.n > 0),
      through: last,
      points,
      rows,
      at: 0,
      phase: 'series',
      working: undefined,
      waiters,
    }
    waiters = []
    setImmediate(() => db.whenFree(runSlice))
  }

  /** One step of the round; false when there is nothing left to do. */
  const step = (current: Round, slice: Slice): boolean => {
    if (current.phase === 'series') return seriesStep(current, slice)
    if (current.phase === 'log') return logStep(current, slice)
    return deletedStep()
  }

  const seriesStep = (current: Round, slice: Slice): boolean => {
    if (current.working === undefined) {
      const live = current.series[current.at++]
      if (live === undefined) current.phase = 'log'
      else if (!live.deleted) current.working = { live, steps: compactSeries(tools, live), through: log.size().last }
      return true
    }
    const { live, steps, through } = current.working
    if (live.deleted) {
      current.working = undefined
      return true
    }
    slice.touched.add(live)
    const result = steps.next()
    if (result.done !== true) return true
    current.working = undefined
    live.sealedThrough = through
    slice.effects.push(() => trimTail(live, result.value))
    return true
  }

  const logStep = (current: Round, slice: Slice): boolean => {
    const removed = queries.removeSomeLog.run(current.through).changes
    if (removed > 0) return true
    // The newest row stays, emptied, so that ids never start again from 1.
    if (log.size().last > current.through) queries.removeLog.run(current.through)
    else queries.emptyLog.run(current.through)
    slice.effects.push(() => log.removed(current.points, current.rows))
    current.phase = 'deleted'
    return true
  }

  const deletedStep = (): boolean => {
    const series = queries.deletedSeries.value<number>()
    if (series === undefined) return false
    if (removeLastBlock(queries, series) || queries.removeSomeChunks.run(series).changes > 0) return true
    queries.removeSeries.run(series)
    return true
  }

  const runSlice = (): void => {
    const current = round
    if (current === undefined || stopped) return
    const start = performance.now()
    const slice: Slice = { touched: new Set(), effects: [] }
    let more = true
    try {
      db.transaction(() => {
        const until = start + budget()
        do more = step(current, slice)
        while (more && performance.now() < until)
        for (const live of slice.touched)
          if (!live.deleted) queries.updateSeries.run(packSummary(live.summary), live.sealedThrough, live.id)
      })
    } catch (error) {
      fail(current, slice, error)
      return
    } finally {
      slices++
      longestSliceMs = Math.max(longestSliceMs, performance.now() - start)
    }
    for (const live of slice.touched) forgetOrder(live)
    for (const effect of slice.effects) effect()
    if (more) setImmediate(() => db.whenFree(runSlice))
    else finish(current)
  }

  /** The longer the log has become, the more of each turn goes to compaction, so that it can't grow without end. */
  const budget = (): number => {
    const load = log.size().points / options.points
    return options.sliceMs * (load < 2 ? 1 : load < 4 ? 2 : 4)
  }

  const finish = (current: Round): void => {
    round = undefined
    problem = null
    registry.releaseIdle()
    for (const waiter of current.waiters) waiter.resolve()
    if (waiters.length > 0) begin()
    else consider()
  }

  const fail = (current: Round, slice: Slice, error: unknown): void => {
    round = undefined
    problem = error instanceof Error ? error.message : String(error)
    for (const live of slice.touched) restore(live)
    for (const waiter of current.waiters) waiter.reject(error)
    retry ??= setTimeout(() => {
      retry = undefined
      begin()
    }, options.retryMs).unref()
  }

  const restore = (live: LiveSeries): void => {
    try {
      const row = queries.seriesById.row<SeriesRow>(live.id)
      if (row !== undefined) restoreLive(live, row[4], unpackSummary(row[5]))
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
  }

  const consider = (): void => {
    if (round !== undefined || retry !== undefined) return
    const { points, rows } = log.size()
    if (points >= options.points || rows >= options.rows) begin()
  }

  return {
    consider,
    start: begin,
    whole: () =>
      new Promise<void>((resolve, reject) => {
        if (stopped) return resolve()
        waiters.push({ resolve, reject })
        begin()
      }),
    stop() {
      stopped = true
      clearTimeout(retry)
      for (const waiter of [...waiters, ...(round?.waiters ?? [])]) waiter.resolve()
    },
    statistics: () => ({ compacting: round !== undefined, slices, longestSliceMs, problem }),
  }
}
