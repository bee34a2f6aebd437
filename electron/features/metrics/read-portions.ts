import { setImmediate } from 'node:timers/promises'
import type { MetricStore, Rests, SeriesColumns, SeriesId } from './store.ts'

/** Columns that own their memory. */
type OwnColumns = Readonly<Record<'step' | 'time' | 'value', Float64Array<ArrayBuffer>>>
/** The same with what steps and times are more than these doubles, where that is anything. */
export type ReadColumns = OwnColumns & {
  readonly rest?: Readonly<Record<'step' | 'time', Float64Array<ArrayBuffer>>>
}

/** Reading between two turns of the event loop, milliseconds. */
const TURN = 8

/**
 * The points of a series with a step of at least `from`, sorted, some ten thousand at a time (more where one step has more). Each portion is read when it
 * is asked for. Throws `not_found`, also when the series is deleted meanwhile.
 */
export function* portionsOf(
  metrics: Pick<MetricStore, 'cuts' | 'series'>,
  id: SeriesId,
  from = -Infinity,
): Generator<SeriesColumns> {
  const cuts = metrics.cuts(id).filter((cut) => cut > from)
  for (let part = 0; part <= cuts.length; part++) {
    const next = cuts[part]
    yield metrics.series(id, { from: cuts[part - 1] ?? from, to: next === undefined ? Infinity : below(next) })
  }
}

/**
 * All points of a series, sorted, read a portion at a time: ten million of them must not hold up the points that come in meanwhile. Has every
 * point that was acknowledged before the call, and of later ones those that a portion still met. Throws `not_found`, also when the
 * series is deleted meanwhile, and what `signal` aborts with.
 */
export async function readInPortions(
  metrics: MetricStore,
  id: SeriesId,
  signal: AbortSignal,
  turnMs = TURN,
): Promise<ReadColumns> {
  let columns = room(metrics.summary(id).count)
  const rests: { readonly at: number; readonly rest: Rests }[] = []
  let n = 0
  let turn = performance.now()
  for (const points of portionsOf(metrics, id)) {
    if (n + points.step.length > columns.step.length) columns = moved(columns, n, 2 * (n + points.step.length))
    columns.step.set(points.step, n)
    columns.time.set(points.time, n)
    columns.value.set(points.value, n)
    if (points.rest !== undefined) rests.push({ at: n, rest: points.rest })
    n += points.step.length
    if (performance.now() - turn < turnMs) continue
    await setImmediate()
    signal.throwIfAborted()
    turn = performance.now()
  }
  const read = n === columns.step.length ? columns : moved(columns, n, n)
  if (rests.length === 0) return read
  const rest = { step: new Float64Array(n), time: new Float64Array(n) }
  for (const one of rests) {
    rest.step.set(one.rest.step, one.at)
    rest.time.set(one.rest.time, one.at)
  }
  return { ...read, rest }
}

function room(length: number): OwnColumns {
  return { step: new Float64Array(length), time: new Float64Array(length), value: new Float64Array(length) }
}

function moved(columns: OwnColumns, n: number, length: number): OwnColumns {
  const larger = room(length)
  larger.step.set(columns.step.subarray(0, n))
  larger.time.set(columns.time.subarray(0, n))
  larger.value.set(columns.value.subarray(0, n))
  return larger
}

/** The largest double below a finite one. */
function below(value: number): number {
  if (value === 0) return -Number.MIN_VALUE
  const bits = new BigInt64Array(Float64Array.of(value).buffer)
  bits[0] = (bits[0] as bigint) - (value > 0 ? 1n : -1n)
  return new Float64Array(bits.buffer)[0] as number
}
