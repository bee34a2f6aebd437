import { createPlanWriter } from './apply-plan.ts'
import { catchUp, type LiveSeries, tailRows } from './live-series.ts'
import type { PlanStep } from './plan.ts'
import { columnsOfRows, type JobItem, type JobPlan } from './plan-job.ts'
import { planSeries } from './plan-series.ts'
import type { Planner } from './planner.ts'
import type { StoreTools } from './tools.ts'

/** A series whose first `taken` points of its tail are planned, ready to be written step by step. */
export type PlannedSeries = {
  readonly live: LiveSeries
  readonly taken: number
  /** All of its points in log rows up to this one are then in chunks; undefined when more of the tail is still to be planned. */
  readonly through: number | undefined
  readonly steps: Iterator<PlanStep, void>
  readonly write: (step: PlanStep) => void
}

/** The series of a round, one planned after the other: beside the writer's thread where that can be, and otherwise on it. */
export type Supply = {
  /** Has more planned when little is ready. */
  readonly order: () => void
  /** The next; `wait` while plans are on their way and none is ready, undefined after the last. */
  readonly next: () => PlannedSeries | 'wait' | undefined
  /** Has the rest of a series planned, or all of it anew. */
  readonly again: (live: LiveSeries) => void
  /** Plans that are still on their way are of no use any more. */
  readonly drop: () => void
  readonly counts: () => { readonly beside: number; readonly here: number }
}

export type SupplyOptions = {
  readonly tools: StoreTools
  readonly file: string
  readonly planner: Planner | undefined
  readonly lastRow: () => number
  readonly onReady: () => void
  /** The log grows faster than plans come: then this thread plans too, which also slows down whoever appends. */
  readonly inHurry: () => boolean
  /** Hears of each change of the tables. */
  readonly onChange: () => void
}

type Order = {
  readonly live: LiveSeries
  readonly taken: number
  readonly through: number | undefined
  readonly epoch: number
}

/** A long tail is planned in pieces of this many chunks: folding and copying one takes a few milliseconds. */
const CHUNKS_A_PIECE = 16
/** What is planned at once: enough that a message's cost does not count, and little enough that both threads keep busy. */
const CHUNKS_AN_ORDER = 8
const SERIES_AN_ORDER = 64
const ORDERS = 2

export function createSupply(series: readonly LiveSeries[], options: SupplyOptions): Supply {
  const { tools, file, planner, lastRow, onReady, inHurry, onChange } = options
  const { chunkPoints } = tools.layout
  const piece = CHUNKS_A_PIECE * chunkPoints
  const queue = [...series]
  const ready: (Order & { readonly plan: readonly PlanStep[] })[] = []
  const here: LiveSeries[] = []
  let at = 0
  let onTheirWay = 0
  let dropped = false
  let counts = { beside: 0, here: 0 }

  /** Never steps beyond the end: series are put there again. */
  const nextQueued = (): LiveSeries | undefined => (at < queue.length ? queue[at++] : undefined)

  const take = (live: LiveSeries): Order => {
    const whole = live.n <= 2 * piece
    const taken = whole ? live.n : piece
    catchUp(live, taken)
    return { live, taken, through: whole ? lastRow() : undefined, epoch: live.epoch }
  }
  const itemOf = ({ live, taken }: Order): JobItem => ({
    series: live.id,
    rows: tailRows(live, taken),
    summary: live.summary,
  })
  const usable = (live: LiveSeries): boolean => !live.deleted && live.n > 0

  const send = (to: Planner): void => {
    const orders: Order[] = []
    let points = 0
    while (orders.length < SERIES_AN_ORDER && points < CHUNKS_AN_ORDER * chunkPoints) {
      const live = nextQueued()
      if (live === undefined) break
      if (!usable(live)) continue
      const order = take(live)
      orders.push(order)
      points += order.taken
    }
    if (orders.length === 0) return
    onTheirWay++
    void to
      .plan(file, tools.layout, orders.map(itemOf))
      .catch(() => undefined)
      .then((plans) => {
        onTheirWay--
        if (dropped) return
        orders.forEach((order, index) => receive(order, plans?.[index]))
        onReady()
      })
  }

  const receive = (order: Order, plan: JobPlan): void => {
    if (plan === undefined) here.push(order.live)
    else ready.push({ ...order, plan })
  }

  const planHere = (live: LiveSeries): PlannedSeries => {
    const order = take(live)
    const { series: id, rows, summary } = itemOf(order)
    counts = { ...counts, here: counts.here + 1 }
    const work = { series: id, points: columnsOfRows(rows), summary: summary.slice() }
    return {
      ...order,
      steps: planSeries(tools.queries, tools.layout, work),
      write: createPlanWriter(tools, id, onChange),
    }
  }

  const nextReady = (): PlannedSeries | undefined => {
    for (let one = ready.shift(); one !== undefined; one = ready.shift()) {
      const { live, plan } = one
      if (!usable(live)) continue
      // Its chunks have changed since.
      if (live.epoch !== one.epoch) return planHere(live)
      counts = { ...counts, beside: counts.beside + 1 }
      return {
        ...one,
        steps: plan[Symbol.iterator]() as Iterator<PlanStep, void>,
        write: createPlanWriter(tools, live.id, onChange),
      }
    }
    return undefined
  }

  const nextHere = (): PlannedSeries | undefined => {
    const waiting = (): LiveSeries | undefined => here.shift() ?? (inHurry() ? nextQueued() : undefined)
    for (let live = waiting(); live !== undefined; live = waiting()) if (usable(live)) return planHere(live)
    return undefined
  }

  const order = (): void => {
    if (planner === undefined) {
      const live = here.length === 0 ? nextQueued() : undefined
      if (live !== undefined) here.push(live)
      return
    }
    while (at < queue.length && onTheirWay < ORDERS && ready.length < SERIES_AN_ORDER) send(planner)
  }

  return {
    order,
    next() {
      for (;;) {
        order()
        const found = nextReady() ?? nextHere()
        if (found !== undefined) return found
        if (onTheirWay > 0) return 'wait'
        if (at >= queue.length && here.length === 0) return undefined
      }
    },
    again: (live) => void (planner === undefined ? here : queue).push(live),
    drop: () => void (dropped = true),
    counts: () => counts,
  }
}
