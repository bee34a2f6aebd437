import type { SeriesColumns } from '../store.ts'

/**
 * Points are a set, ordered by step, then time, then value: numbers ascending with -0 before 0, NaN last. Everything in the
 * store that merges, drops duplicates or splits does so by this one order.
 */
export function compareValues(left: number, right: number): number {
  if (left < right) return -1
  if (left > right) return 1
  if (left !== left || right !== right) return (left === left ? 0 : 1) - (right === right ? 0 : 1)
  if (left !== 0) return 0
  return Math.sign(1 / left - 1 / right) || 0
}

/** Compares point `i` of one set of columns with point `j` of another: negative, 0 or positive. */
export function comparePoints(left: SeriesColumns, i: number, right: SeriesColumns, j: number): number {
  const leftStep = left.step[i] as number
  const rightStep = right.step[j] as number
  if (leftStep !== rightStep) return leftStep < rightStep ? -1 : 1
  const leftTime = left.time[i] as number
  const rightTime = right.time[j] as number
  if (leftTime !== rightTime) return leftTime < rightTime ? -1 : 1
  return compareValues(left.value[i] as number, right.value[j] as number)
}

export const noPoints: SeriesColumns = {
  step: new Float64Array(0),
  time: new Float64Array(0),
  value: new Float64Array(0),
}

/** Uninitialised columns for `n` points. */
export function newPoints(n: number): SeriesColumns {
  return { step: new Float64Array(n), time: new Float64Array(n), value: new Float64Array(n) }
}

/** Points [from, to) as views of the same memory. */
export function slicePoints(points: SeriesColumns, from: number, to: number): SeriesColumns {
  return {
    step: points.step.subarray(from, to),
    time: points.time.subarray(from, to),
    value: points.value.subarray(from, to),
  }
}

/** The columns one after the other; their order is the caller's business. */
export function concatPoints(parts: readonly SeriesColumns[]): SeriesColumns {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const result = newPoints(parts.reduce((sum, part) => sum + part.step.length, 0))
  let at = 0
  for (const part of parts) {
    result.step.set(part.step, at)
    result.time.set(part.time, at)
    result.value.set(part.value, at)
    at += part.step.length
  }
  return result
}

/** Number of points before or, with `including`, up to and including the given one. `points` must be in order. */
export function countBefore(points: SeriesColumns, other: SeriesColumns, index: number, including: boolean): number {
  let low = 0
  let high = points.step.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = comparePoints(points, middle, other, index)
    if (order < 0 || (including && order === 0)) low = middle + 1
    else high = middle
  }
  return low
}

/** The set union of two ordered columns. */
export function mergePoints(left: SeriesColumns, right: SeriesColumns): SeriesColumns {
  const leftLength = left.step.length
  const rightLength = right.step.length
  if (leftLength === 0) return right
  if (rightLength === 0) return left
  if (comparePoints(left, leftLength - 1, right, 0) < 0) return concatPoints([left, right])
  const result = newPoints(leftLength + rightLength)
  let i = 0
  let j = 0
  let n = 0
  while (i < leftLength || j < rightLength) {
    const order = i === leftLength ? 1 : j === rightLength ? -1 : comparePoints(left, i, right, j)
    if (order <= 0) copyPoint(left, i++, result, n++)
    else copyPoint(right, j++, result, n++)
    if (order === 0) j++
  }
  return n === result.step.length ? result : slicePoints(result, 0, n)
}

/** Points of `points` that are not in `others`; both ordered. */
export function subtractPoints(points: SeriesColumns, others: SeriesColumns): SeriesColumns {
  const length = points.step.length
  const result = newPoints(length)
  let n = 0
  let j = 0
  for (let i = 0; i < length; i++) {
    let order = 1
    while (j < others.step.length && (order = comparePoints(points, i, others, j)) > 0) j++
    if (j === others.step.length || order !== 0) copyPoint(points, i, result, n++)
  }
  return n === length ? points : slicePoints(result, 0, n)
}

function copyPoint(from: SeriesColumns, i: number, to: SeriesColumns, j: number): void {
  to.step[j] = from.step[i] as number
  to.time[j] = from.time[i] as number
  to.value[j] = from.value[i] as number
}
