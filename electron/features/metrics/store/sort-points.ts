import type { SeriesColumns } from '../store.ts'
import { comparePoints, newPoints, slicePoints } from './points.ts'

/** The points in order, each once. Returns the given columns when they are so already. */
export function sortPoints(points: SeriesColumns): SeriesColumns {
  const order = mergeSort(points.step.length, (i, j) => comparePoints(points, i, points, j))
  if (order === undefined && !hasTwins(points)) return points
  return gather(points, order)
}

/** Positions of `keys` in ascending order, equal ones as they stood; undefined when they ascend already. */
export function sortOrder(keys: Float64Array): Uint32Array | undefined {
  return mergeSort(keys.length, (i, j) => (keys[i] as number) - (keys[j] as number))
}

function gather(points: SeriesColumns, order: Uint32Array | undefined): SeriesColumns {
  const length = points.step.length
  const result = newPoints(length)
  let n = 0
  for (let i = 0; i < length; i++) {
    const from = order === undefined ? i : (order[i] as number)
    if (n > 0 && comparePoints(result, n - 1, points, from) === 0) continue
    result.step[n] = points.step[from] as number
    result.time[n] = points.time[from] as number
    result.value[n] = points.value[from] as number
    n++
  }
  return n === length ? result : slicePoints(result, 0, n)
}

function hasTwins(points: SeriesColumns): boolean {
  for (let i = 1; i < points.step.length; i++) if (comparePoints(points, i - 1, points, i) === 0) return true
  return false
}

/**
 * Natural merge sort of positions 0..n-1: what is logged out of order mostly consists of a few ascending runs (a resumed
 * training, two workers), which this joins in linear time; stable. Undefined when there is but one run.
 */
export function mergeSort(n: number, compare: (i: number, j: number) => number): Uint32Array | undefined {
  let starts = ascendingRuns(n, compare)
  if (starts.length <= 2) return undefined
  let from = Uint32Array.from({ length: n }, (_, index) => index)
  let to = new Uint32Array(n)
  while (starts.length > 2) {
    const merged = [0]
    for (let run = 0; run < starts.length - 1; run += 2) {
      const start = starts[run] as number
      const middle = starts[run + 1] as number
      const end = starts[run + 2] ?? middle
      mergeRuns(from, to, start, middle, end, compare)
      merged.push(end)
    }
    starts = merged
    const swap = from
    from = to
    to = swap
  }
  return from
}

/** Where ascending runs start, and `n` at the end. */
function ascendingRuns(n: number, compare: (i: number, j: number) => number): number[] {
  const starts = [0]
  for (let i = 1; i < n; i++) if (compare(i - 1, i) > 0) starts.push(i)
  if (n > 0) starts.push(n)
  return starts
}

function mergeRuns(
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
  compare: (i: number, j: number) => number,
): void {
  let left = start
  let right = middle
  for (let at = start; at < end; at++) {
    const takeLeft = right >= end || (left < middle && compare(from[left] as number, from[right] as number) <= 0)
    to[at] = (takeLeft ? from[left++] : from[right++]) as number
  }
}
