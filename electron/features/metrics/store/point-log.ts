import { appError } from '#shared/rpc/errors.ts'
import type { CommitQueue } from '#electron/db/commit-queue.ts'
import type { PointBatch, SeriesId } from '../store.ts'
import { type LiveSeries, pushPoint } from './live-series.ts'
import { packLogRow } from './log-row.ts'
import type { Queries } from './queries.ts'
import type { SeriesRegistry } from './series-registry.ts'
import { type WideRow, wideRowsOf, writeWideRows } from './wide-rows.ts'

/** The log of committed points: written in groups, then handed to the tails of their series. */
export type PointLog = {
  /** Adds to the group of this turn of the event loop; resolves after its commit. */
  readonly append: (points: PointBatch) => Promise<void>
  /** Writes at once, as part of the transaction that is running. */
  readonly write: (points: PointBatch) => void
  /** Points and rows that are in the log table, and the last row's id. */
  readonly size: () => { readonly points: number; readonly rows: number; readonly last: number }
  /** After rows up to `last` were removed from the table. */
  readonly removed: (points: number, rows: number) => void
}

/** Room for points. */
type Columns = { step: Float64Array; time: Float64Array; value: Float64Array; series: Uint32Array }
/** Points that wait for their commit, in columns with room to grow. */
type Group = Columns & {
  n: number
  /** The series of each point, and each of them once. */
  readonly live: LiveSeries[]
  readonly distinct: LiveSeries[]
  /** Points whose step or time these columns round. */
  readonly wide: WideRow[]
  promise: Promise<void>
}

/** Longer groups become several rows: under 2 MB in one piece. */
const POINTS_A_ROW = 65_536
const FIRST_ROOM = 1_024
/** The longest columns that are kept for the next group: half a megabyte. */
const ROOM_KEPT = 16_384

export function createPointLog(
  queries: Queries,
  commits: CommitQueue,
  registry: SeriesRegistry,
  start: { readonly points: number; readonly rows: number; readonly last: number },
  onCommitted: (changed: readonly SeriesId[]) => void,
): PointLog {
  let { points: logPoints, rows: logRows, last } = start
  let open: Group | undefined
  /** The columns of a group that was committed: each group is short, and making new ones costs more than all else that is done with it. */
  let spare: Columns | undefined

  const settle = (group: Group): void => {
    for (const live of group.distinct) live.waiting--
    const { step, time, value, series } = group
    if (step.length <= ROOM_KEPT) spare = { step, time, value, series }
  }

  const writeGroup = (group: Group): void => {
    if (open === group) open = undefined
    const points = withoutDeleted(group)
    for (const live of points.distinct) registry.insertRow(live)
    const rows: number[] = []
    for (let from = 0; from < points.n; from += POINTS_A_ROW) {
      const to = Math.min(from + POINTS_A_ROW, points.n)
      rows.push(queries.insertLog.run(packLogRow(points, from, to)).lastId)
    }
    if (group.wide.length > 0) writeWideRows(queries, group.wide)
    commits.afterCommit(() => {
      last = rows.at(-1) ?? last
      logRows += rows.length
      logPoints += points.n
      handOver(points)
    })
  }

  /** Gives committed points to the tails of their series. */
  const handOver = (group: Group): void => {
    for (let i = 0; i < group.n; i++) {
      const live = group.live[i] as LiveSeries
      pushPoint(live, group.step[i] as number, group.time[i] as number, group.value[i] as number)
    }
    for (const live of group.distinct) registry.inserted(live)
    onCommitted(group.distinct.filter((live) => !live.deleted).map((live) => live.id))
  }

  return {
    append(points) {
      try {
        const reach = reachOf(points)
        if (points.step.length === 0) return Promise.resolve()
        const group = open ?? newGroup(points.step.length, spare)
        addTo(group, points, reach, registry)
        if (open === undefined) {
          open = group
          spare = undefined
          group.promise = commits.enqueue(() => writeGroup(group)).finally(() => settle(group))
        }
        return group.promise
      } catch (error) {
        return Promise.reject(error as Error)
      }
    },
    write(points) {
      const reach = reachOf(points)
      if (points.step.length === 0) return
      const group = newGroup(points.step.length)
      addTo(group, points, reach, registry)
      try {
        writeGroup(group)
      } finally {
        // A rollback of the running write is heard of by nobody here; tails are kept by their points alone from now on.
        for (const live of group.distinct) live.waiting--
      }
    },
    size: () => ({ points: logPoints, rows: logRows, last }),
    removed(points, rows) {
      logPoints -= points
      logRows -= rows
    },
  }
}

function newGroup(length: number, spare?: Columns): Group {
  const room = Math.max(FIRST_ROOM, length)
  const { step, time, value, series } = spare !== undefined && spare.step.length >= room ? spare : newColumns(room)
  return {
    n: 0,
    step,
    time,
    value,
    series,
    live: [],
    distinct: [],
    wide: [],
    promise: Promise.resolve(),
  }
}

function newColumns(room: number): Columns {
  return {
    step: new Float64Array(room),
    time: new Float64Array(room),
    value: new Float64Array(room),
    series: new Uint32Array(room),
  }
}

/** Copies a batch to the end of a group. Finds every series first, so that an unknown one leaves the group as it was. */
function addTo(group: Group, points: PointBatch, reach: number, registry: SeriesRegistry): void {
  const length = points.step.length
  const at = group.n
  try {
    let previous: LiveSeries | undefined
    for (let i = 0; i < length; i++) {
      const id = points.series[i] as SeriesId
      if (previous === undefined || previous.id !== id) previous = registry.inMemory(id) ?? registry.activate(id)
      group.live.push(previous)
    }
  } catch (error) {
    group.live.length = at
    throw error
  }
  makeRoom(group, at + length)
  group.step.set(points.step, at)
  group.time.set(points.time, at)
  group.value.set(points.value, at)
  group.series.set(points.series, at)
  for (let i = at; i < at + length; i++) {
    // Adding 0 turns -0 into 0: as a step or a time they are the same.
    group.step[i] = (group.step[i] as number) + 0
    group.time[i] = (group.time[i] as number) + 0
    const live = group.live[i] as LiveSeries
    if (live.group === group) continue
    live.group = group
    live.waiting++
    group.distinct.push(live)
  }
  if (reach > Number.MAX_SAFE_INTEGER) group.wide.push(...wideRowsOf(points, group.live, at))
  group.n = at + length
}

function makeRoom(group: Group, length: number): void {
  if (length <= group.step.length) return
  const room = Math.max(length, group.step.length * 2)
  const grown = (column: Float64Array): Float64Array => {
    const larger = new Float64Array(room)
    larger.set(column)
    return larger
  }
  group.step = grown(group.step)
  group.time = grown(group.time)
  group.value = grown(group.value)
  const series = new Uint32Array(room)
  series.set(group.series)
  group.series = series
}

/** The group, or what remains of it when some of its series were deleted meanwhile. */
function withoutDeleted(group: Group): Group {
  if (!group.distinct.some((live) => live.deleted)) return group
  const rest = newGroup(group.n)
  group.live.forEach((live, i) => {
    if (live.deleted) return
    rest.step[rest.n] = group.step[i] as number
    rest.time[rest.n] = group.time[i] as number
    rest.value[rest.n] = group.value[i] as number
    rest.series[rest.n] = live.id
    rest.live.push(live)
    rest.n++
  })
  rest.distinct.push(...group.distinct.filter((live) => !live.deleted))
  return rest
}

/** Throws for points that can't be kept; otherwise returns what the size of any step and time together is at most. */
function reachOf(points: PointBatch): number {
  const { step, time, rest } = points
  const { length } = step
  const isEven = time.length === length && points.value.length === length && points.series.length === length
  if (!isEven || (rest !== undefined && (rest.step.length !== length || rest.time.length !== length)))
    throw appError('invalid', 'The columns of a batch must have the same length.')
  let reach = 0
  for (let i = 0; i < length; i++) {
    const far = Math.abs(step[i] as number) + Math.abs(time[i] as number)
    // Not finite, or two that are but not together.
    if (far - far !== 0) checkPlace(points, i)
    if (far > reach) reach = far
  }
  return reach
}

function checkPlace({ step, time }: PointBatch, i: number): void {
  if (Number.isFinite(step[i]) && Number.isFinite(time[i])) return
  throw appError('invalid', `A point needs a finite step and time; point ${i} has neither or only one.`, {
    field: Number.isFinite(step[i]) ? 'timestamp' : 'step',
  })
}
