import type { PointBatch, Rests, SeriesColumns } from '../store.ts'
import { isWide } from '#shared/lib/whole-number.ts'
import { comparePoints, compareValues, newPoints, slicePoints, subtractPoints } from './points.ts'
import { mergeSort, sortPoints } from './sort-points.ts'

/** Whether a point is kept exactly beside its nearest doubles. */
export function isWidePoint({ step, time }: SeriesColumns | PointBatch, i: number): boolean {
  return isWide(step[i] as number) || isWide(time[i] as number)
}

const none = (length: number): Rests => ({ step: new Int16Array(length), time: new Int16Array(length) })

/** By step, then time, both exact, then value. */
function compareExact(left: SeriesColumns, i: number, right: SeriesColumns, j: number): number {
  return (
    (left.step[i] as number) - (right.step[j] as number) ||
    (left.rest?.step[i] ?? 0) - (right.rest?.step[j] ?? 0) ||
    (left.time[i] as number) - (right.time[j] as number) ||
    (left.rest?.time[i] ?? 0) - (right.rest?.time[j] ?? 0) ||
    compareValues(left.value[i] as number, right.value[j] as number)
  )
}

/**
 * Points by their nearest doubles, of which those in `exact` stand for several or for others: in order, each once. `exact` comes as its keys sort. A point
 * that is not in `exact` is what its doubles say.
 */
export function joinExact(near: SeriesColumns, exact: Required<SeriesColumns>): SeriesColumns {
  const { length } = near.step
  const room = length + exact.step.length
  const joined = { ...newPoints(room), rest: none(room) }
  let i = 0
  let n = 0
  for (let j = 0; j < exact.step.length; j++, n++) {
    while (i < length && comparePoints(near, i, exact, j) < 0) copy(near, i++, joined, n++)
    if (i < length && comparePoints(near, i, exact, j) === 0) i++
    copy(exact, j, joined, n)
  }
  while (i < length) copy(near, i++, joined, n++)
  return withoutNeedlessRest(inOrder(sliceExact(joined, 0, n)))
}

/** The points in order, each once. */
export function sortExact(points: SeriesColumns): SeriesColumns {
  if (points.rest === undefined) return sortPoints(points)
  const sorted = inOrder(points)
  const kept = Uint32Array.from(sorted.step, (_, i) => i).filter(
    (i) => i === 0 || compareExact(sorted, i - 1, sorted, i) !== 0,
  )
  return kept.length === sorted.step.length ? sorted : gather(sorted, kept)
}

/** Points of `points` that are not in `others`; both in order. */
export function subtractExact(points: SeriesColumns, others: SeriesColumns): SeriesColumns {
  if (points.rest === undefined && others.rest === undefined) return subtractPoints(points, others)
  let j = 0
  const kept = Uint32Array.from(points.step, (_, i) => i).filter((i) => {
    let order = 1
    while (j < others.step.length && (order = compareExact(points, i, others, j)) > 0) j++
    return j === others.step.length || order !== 0
  })
  return gather(points, kept)
}

/** Points [from, to) as views of the same memory. */
export function sliceExact(points: SeriesColumns, from: number, to: number): SeriesColumns {
  const { rest } = points
  const near = slicePoints(points, from, to)
  if (rest === undefined) return near
  return { ...near, rest: { step: rest.step.subarray(from, to), time: rest.time.subarray(from, to) } }
}

function inOrder(points: SeriesColumns): SeriesColumns {
  const order = mergeSort(points.step.length, (i, j) => compareExact(points, i, points, j))
  return order === undefined ? points : gather(points, order)
}

function gather(points: SeriesColumns, order: Uint32Array): SeriesColumns {
  const { length } = order
  const gathered = { ...newPoints(length), rest: none(length) }
  order.forEach((from, at) => copy(points, from, gathered, at))
  return withoutNeedlessRest(gathered)
}

function copy(from: SeriesColumns, i: number, to: Required<SeriesColumns>, at: number): void {
  to.step[at] = from.step[i] as number
  to.time[at] = from.time[i] as number
  to.value[at] = from.value[i] as number
  to.rest.step[at] = from.rest?.step[i] ?? 0
  to.rest.time[at] = from.rest?.time[i] ?? 0
}

function withoutNeedlessRest({ step, time, value, rest }: SeriesColumns): SeriesColumns {
  const needed = rest !== undefined && (rest.step.some((one) => one !== 0) || rest.time.some((one) => one !== 0))
  return needed ? { step, time, value, rest } : { step, time, value }
}
