import type { Row } from '#electron/db/foreign/connection.ts'
import { restOf } from '#shared/lib/whole-number.ts'
import type { SourceSeries } from '../source.ts'
import { numberOf, textOf, valueOf } from './cells.ts'

/** Points of several metrics as they come, row by row. */
export type Collector = {
  readonly add: (row: Row) => void
  /** Metrics in the order in which they came first; each is given once, and then forgotten. */
  readonly take: () => Iterable<SourceSeries>
  /** Rows that were no points: without a name, or with something else than numbers. */
  readonly refused: () => number
  readonly inSeconds: () => number
}

type Growing = {
  length: number
  step: Float64Array
  time: Float64Array
  value: Float64Array
  /** Of points whose step or time a double rounds: which it is, and what they are more. */
  readonly rests: (readonly [at: number, step: number, time: number])[]
}

const FIRST = 16

export type CollectorOptions = {
  /** Others are passed over. */
  readonly wanted: ReadonlySet<string> | undefined
  /** When the run began, in milliseconds: it tells whether times are in seconds. */
  readonly startedAt: number | null
  /** False for the first schema: points then get their order as their step. */
  readonly hasSteps: boolean
}

/** Rows are key, value, time, step, whether it is NaN. */
export function createCollector({ wanted, startedAt, hasSteps }: CollectorOptions): Collector {
  const metrics = new Map<string, Growing>()
  let refused = 0
  let inSeconds = 0
  return {
    add(row) {
      const key = typeof row[0] === 'string' ? row[0] : textOf(row[0])
      if (key === null || key === '') {
        refused++
        return
      }
      if (wanted !== undefined && !wanted.has(key)) return
      const value = row[4] === 1 ? Number.NaN : valueOf(row[1])
      const time = row[2] === null ? 0 : numberOf(row[2])
      const step = row[3] === null ? 0 : numberOf(row[3])
      if (value === undefined || time === null || step === null) {
        refused++
        return
      }
      let points = metrics.get(key)
      if (points === undefined) {
        points = {
          length: 0,
          step: new Float64Array(FIRST),
          time: new Float64Array(FIRST),
          value: new Float64Array(FIRST),
          rests: [],
        }
        metrics.set(key, points)
      }
      const at = points.length++
      if (at === points.value.length) grow(points)
      points.step[at] = step
      points.time[at] = time
      points.value[at] = value
      // Whole numbers beyond 2^53 come as texts.
      if (typeof row[2] === 'string' || typeof row[3] === 'string') {
        const rest = [restOf(textOf(row[3]) ?? '', step), restOf(textOf(row[2]) ?? '', time)] as const
        if (rest[0] !== 0 || rest[1] !== 0) points.rests.push([at, ...rest])
      }
    },
    *take() {
      for (const [key, points] of metrics) {
        metrics.delete(key)
        const series = {
          key,
          step: points.step.subarray(0, points.length),
          time: points.time.subarray(0, points.length),
          value: points.value.subarray(0, points.length),
          ...restsOf(points),
        }
        if (series.time.every((time) => isInSeconds(time, startedAt))) {
          for (let at = 0; at < series.time.length; at++) series.time[at] = (series.time[at] ?? 0) * 1000
          inSeconds++
        }
        const inOrder = ordered(series)
        if (hasSteps) yield inOrder
        else {
          const { rest: _, ...points } = inOrder
          yield { ...points, step: inOrder.step.map((_, index) => index) }
        }
      }
    },
    refused: () => refused,
    inSeconds: () => inSeconds,
  }
}

function restsOf({ length, rests }: Growing): Pick<SourceSeries, 'rest'> {
  if (rests.length === 0) return {}
  const rest = { step: new Int16Array(length), time: new Int16Array(length) }
  for (const [at, step, time] of rests) {
    rest.step[at] = step
    rest.time[at] = time
  }
  return { rest }
}

function grow(points: Growing): void {
  for (const column of ['step', 'time', 'value'] as const) {
    const wider = new Float64Array(points[column].length * 2)
    wider.set(points[column])
    points[column] = wider
  }
}

/** Clients before MLflow 1.0 sent seconds: a thousand times less than the run's start, give or take what a run lasts. */
function isInSeconds(time: number, startedAt: number | null): boolean {
  const ratio = startedAt === null ? 0 : startedAt / time
  return ratio > 500 && ratio < 2000
}

/** By time, step and value, as MLflow gives a metric's history; it keeps NaN as zero. */
function ordered(series: SourceSeries): SourceSeries {
  const { key, step, time, value, rest } = series
  const compare = (a: number, b: number): number =>
    (time[a] ?? 0) - (time[b] ?? 0) ||
    (rest?.time[a] ?? 0) - (rest?.time[b] ?? 0) ||
    (step[a] ?? 0) - (step[b] ?? 0) ||
    (rest?.step[a] ?? 0) - (rest?.step[b] ?? 0) ||
    order(value[a] ?? 0) - order(value[b] ?? 0)
  let isOrdered = true
  for (let at = 1; at < value.length && isOrdered; at++) isOrdered = !(compare(at - 1, at) > 0)
  if (isOrdered) return series
  const places = Uint32Array.from(value, (_, index) => index).sort(compare)
  const arranged = (column: Float64Array): Float64Array => Float64Array.from(places, (place) => column[place] ?? 0)
  const near = { key, step: arranged(step), time: arranged(time), value: arranged(value) }
  if (rest === undefined) return near
  const rests = (column: Int16Array): Int16Array => Int16Array.from(places, (place) => column[place] ?? 0)
  return { ...near, rest: { step: rests(rest.step), time: rests(rest.time) } }
}

function order(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE)
}
