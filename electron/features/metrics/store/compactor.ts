import type { WriteDb } from '#electron/db/connection.ts'
import { removeLastBlock } from './block.ts'
import { forgetOrder, type LiveSeries, restoreLive, trimTail } from './live-series.ts'
import type { PointLog } from './point-log.ts'
import type { SeriesRow } from './queries.ts'
import type { SeriesRegistry } from './series-registry.ts'
import type { PlanStep } from './plan.ts'
import { repairBlocks } from './repair.ts'
import { isDamagedBlock } from './directory.ts'
import { packSummary, restoreChunks, unpackSummary } from './summary.ts'
import type { Planner } from './planner.ts'
import { createSupply, type PlannedSeries, type Supply } from './supply.ts'
import type { StoreTools } from './tools.ts'

export type CompactorOptions = {
  /** A round starts when the log holds this many points, or rows. */
  readonly points: number
  readonly rows: number
  /** Work between two turns of the event loop, milliseconds. */
  readonly sliceMs: number
  /** Milliseconds until a failed round is tried again. */
  readonly retryMs: number
  /** Plans beside this thread; without one this thread does. */
  readonly planner: Planner | undefined
  /** Hears of each place that the work comes to. */
  readonly onPlace: (place: CompactionPlace) => void
}

/** Places inside a compaction: what a process that ends there must not lose. */
export type CompactionPlace =
  | 'change written'
  | 'plans arrived'
  | 'step written'
  | 'slice written'
  | 'slice committed'
  | 'log removed'
  | 'deleted some'

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
    /** Series planned beside this thread, and on it. */
    readonly planned: { readonly beside: number; readonly here: number }
  }
}

type Round = {
  readonly supply: Supply
  /** Series that are not wholly in chunks yet. */
  readonly left: Set<LiveSeries>
  /** Log rows up to this one are superfluous once all series are done. */
  readonly through: number
  readonly points: number
  readonly rows: number
  phase: 'series' | 'log' | 'deleted'
  working: PlannedSeries | undefined
  /** A slice is about to run. */
  scheduled: boolean
  readonly waiters: readonly Waiter[]
}
type Waiter = { readonly resolve: () => void; readonly reject: (error: unknown) => void }
/** Rounds' worth of points in the log from which on both threads plan. */
const HURRY = 3

/** `wait`: for plans; `pause`: the rest needs this slice to be committed first. */
type Progress = 'more' | 'pause' | 'wait' | 'end'
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
  let repaired = new WeakSet<LiveSeries>()
  let waiters: Waiter[] = []
  let stopped = false
  let retry: NodeJS.Timeout | undefined
  let slices = 0
  let longestSliceMs = 0
  /** How much of a slice its commit takes, by the slices before: a write that comes meanwhile waits for that too. */
  let commitShare = 0
  let problem: string | null = null
  let planned = { beside: 0, here: 0 }

  const begin = (): void => {
    if (round !== undefined || stopped) return
    const { points, rows, last } = log.size()
    const series = [...registry.live()].filter((live) => live.n > 0)
    const begun: Round = {
      supply: createSupply(series, {
        tools,
        file: db.file,
        planner: options.planner,
        lastRow: () => log.size().last,
        inHurry: () => log.size().points > HURRY * options.points,
        onChange: () => options.onPlace('change written'),
        onReady: () => {
          options.onPlace('plans arrived')
          schedule(begun)
        },
      }),
      left: new Set(series),
      through: last,
      points,
      rows,
      phase: 'series',
      working: undefined,
      scheduled: false,
      waiters,
    }
    round = begun
    repaired = new WeakSet()
    waiters = []
    schedule(begun)
  }

  const schedule = (current: Round): void => {
    if (current.scheduled || stopped) return
    current.scheduled = true
    setImmediate(() =>
      db.whenFree(() => {
        current.scheduled = false
        if (round === current) runSlice(current)
      }),
    )
  }

  /** One step of the round: whether there is more to do, at once or once plans have come. */
  const step = (current: Round, slice: Slice): Progress => {
    if (current.phase === 'series') return seriesStep(current, slice)
    if (current.phase === 'log') return logStep(current, slice)
    return deletedStep()
  }

  const seriesStep = (current: Round, slice: Slice): Progress => {
    current.supply.order()
    if (current.working === undefined) {
      const next = current.supply.next()
      if (next === 'wait') return 'wait'
      if (next === undefined) {
        checkNoneLeft(current)
        current.phase = 'log'
      }
      current.working = next
      return 'more'
    }
    const { live, taken, through, write } = current.working
    if (live.deleted) {
      current.working = undefined
      return 'more'
    }
    slice.touched.add(live)
    const next = nextStep(current.working)
    if (next === 'damaged') {
      current.working = undefined
      repairBlocks(tools, live)
      slice.effects.push(() => current.supply.again(live))
      // Planning beside this thread sees what is committed.
      return 'pause'
    }
    if (next !== undefined) {
      write(next)
      restoreChunks(live.summary, next.summary)
      options.onPlace('step written')
      return 'more'
    }
    current.working = undefined
    live.sealedThrough = through ?? live.sealedThrough
    if (through !== undefined) current.left.delete(live)
    slice.effects.push(() => {
      trimTail(live, taken)
      if (through === undefined) current.supply.again(live)
    })
    // What is left of its tail is known only after that.
    return through === undefined ? 'pause' : 'more'
  }

  /** The log is the only place of points that no chunk has: it goes when there are none, whatever mistake was made before. */
  const checkNoneLeft = ({ left }: Round): void => {
    for (const live of left)
      if (!live.deleted && live.n > 0) throw new Error(`Compaction has passed over series ${live.id}.`)
  }

  /** A series is made whole once a round: damage that comes back ends the round. */
  const nextStep = ({ live, steps }: PlannedSeries): PlanStep | 'damaged' | undefined => {
    try {
      const { done, value } = steps.next()
      return done === true ? undefined : value
    } catch (error) {
      if (!isDamagedBlock(error) || repaired.has(live)) throw error
      repaired.add(live)
      return 'damaged'
    }
  }

  const logStep = (current: Round, slice: Slice): Progress => {
    const removed = queries.removeSomeLog.run(current.through).changes
    options.onPlace('log removed')
    if (removed > 0) return 'more'
    // The newest row stays, emptied, so that ids never start again from 1.
    if (log.size().last > current.through) queries.removeLog.run(current.through)
    else queries.emptyLog.run(current.through)
    slice.effects.push(() => log.removed(current.points, current.rows))
    current.phase = 'deleted'
    return 'more'
  }

  const deletedStep = (): Progress => {
    const series = queries.deletedSeries.value<number>()
    if (series === undefined) return 'end'
    if (
      !removeLastBlock(queries, series) &&
      queries.removeSomeChunks.run(series).changes === 0 &&
      queries.removeSomeWide.run({ id: series }).changes === 0
    )
      queries.removeSeries.run(series)
    options.onPlace('deleted some')
    return 'more'
  }

  const runSlice = (current: Round): void => {
    if (stopped) return
    const start = performance.now()
    let written = start
    const slice: Slice = { touched: new Set(), effects: [] }
    let progress = 'more' as Progress
    try {
      db.transaction(() => {
        const until = start + budget() * (1 - commitShare)
        do progress = step(current, slice)
        while (progress === 'more' && performance.now() < until)
        for (const live of slice.touched)
          if (!live.deleted) queries.updateSeries.run(packSummary(live.summary), live.sealedThrough, live.id)
        options.onPlace('slice written')
        written = performance.now()
      })
    } catch (error) {
      fail(current, slice, error)
      return
    } finally {
      slices++
      longestSliceMs = Math.max(longestSliceMs, performance.now() - start)
    }
    commitShare += (shareOf(start, written, performance.now()) - commitShare) / 4
    for (const live of slice.touched) forgetOrder(live)
    for (const effect of slice.effects) effect()
    options.onPlace('slice committed')
    if (progress === 'end') finish(current)
    else if (progress !== 'wait') schedule(current)
  }

  /**
   * The longer the log has become, the more of each turn goes to compaction, so that it can't grow without end. Not before it is far too long: whoever
   * appends waits for a slice, and what keeps compaction back mostly is the thread that plans.
   */
  const budget = (): number => {
    const load = log.size().points / options.points
    return options.sliceMs * (load < 4 ? 1 : load < 8 ? 2 : 4)
  }

  const finish = (current: Round): void => {
    round = undefined
    problem = null
    count(current)
    registry.releaseIdle()
    for (const waiter of current.waiters) waiter.resolve()
    if (waiters.length > 0) begin()
    else consider()
  }

  const count = ({ supply }: Round): void => {
    const { beside, here } = supply.counts()
    planned = { beside: planned.beside + beside, here: planned.here + here }
  }

  const fail = (current: Round, slice: Slice, error: unknown): void => {
    round = undefined
    current.supply.drop()
    count(current)
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
      round?.supply.drop()
      for (const waiter of [...waiters, ...(round?.waiters ?? [])]) waiter.resolve()
    },
    statistics: () => ({ compacting: round !== undefined, slices, longestSliceMs, problem, planned }),
  }
}

/** The part of a slice that its commit took; half at most, so that there is always time for the work itself. */
function shareOf(start: number, written: number, committed: number): number {
  return committed > start ? Math.min(0.5, (committed - written) / (committed - start)) : 0
}
