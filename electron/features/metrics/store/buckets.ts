import type { SeriesColumns } from '../store.ts'

/**
 * Buckets of a fixed number of consecutive points, eight doubles each: where it starts (step, time), the first, smallest,
 * largest and last finite value, how many finite values, and which odd ones (1 NaN, 2 +infinity, 4 -infinity).
 * Without a finite value the four are NaN.
 */
export type Buckets = Float64Array

export const STEP = 0
export const TIME = 1
export const FIRST = 2
export const MIN = 3
export const MAX = 4
export const LAST = 5
export const FINITE = 6
export const ODD = 7
export const FIELDS = 8

export const ODD_NAN = 1
export const ODD_PLUS = 2
export const ODD_MINUS = 4

/** Points in a bucket of level 1, and how many buckets of a level make one of the next. */
export const LEVEL_1 = 16
export const FACTOR = 4

/** Which odd value this is; 0 for a finite one. */
export function oddKind(value: number): number {
  if (value - value === 0) return 0
  return value !== value ? ODD_NAN : value > 0 ? ODD_PLUS : ODD_MINUS
}

/** Level 1: buckets of 16 points. */
export function bucketsOfPoints(points: SeriesColumns): Buckets {
  const n = points.step.length
  const buckets = new Float64Array(Math.ceil(n / LEVEL_1) * FIELDS)
  for (let start = 0, at = 0; start < n; start += LEVEL_1, at += FIELDS) {
    let first = Number.NaN
    let last = Number.NaN
    let min = Infinity
    let max = -Infinity
    let finite = 0
    let odd = 0
    const end = Math.min(start + LEVEL_1, n)
    for (let i = start; i < end; i++) {
      const value = points.value[i] as number
      if (value - value !== 0) {
        odd |= oddKind(value)
        continue
      }
      if (finite++ === 0) first = value
      last = value
      if (value < min) min = value
      if (value > max) max = value
    }
    buckets[at + STEP] = points.step[start] as number
    buckets[at + TIME] = points.time[start] as number
    buckets[at + FIRST] = first
    buckets[at + MIN] = finite === 0 ? Number.NaN : min
    buckets[at + MAX] = finite === 0 ? Number.NaN : max
    buckets[at + LAST] = last
    buckets[at + FINITE] = finite
    buckets[at + ODD] = odd
  }
  return buckets
}

/** The next level. */
export function coarser(fine: Buckets): Buckets {
  const n = fine.length / FIELDS
  const buckets = new Float64Array(Math.ceil(n / FACTOR) * FIELDS)
  for (let start = 0, at = 0; start < n; start += FACTOR, at += FIELDS) {
    const from = start * FIELDS
    buckets.set(fine.subarray(from, from + FIELDS), at)
    const end = Math.min(start + FACTOR, n) * FIELDS
    for (let next = from + FIELDS; next < end; next += FIELDS) join(buckets, at, fine, next)
  }
  return buckets
}

/** Takes bucket `next` of `fine` into bucket `at`, which precedes it. */
function join(buckets: Buckets, at: number, fine: Buckets, next: number): void {
  buckets[at + ODD] = (buckets[at + ODD] as number) | (fine[next + ODD] as number)
  if (fine[next + FINITE] === 0) return
  const empty = buckets[at + FINITE] === 0
  if (empty) buckets[at + FIRST] = fine[next + FIRST] as number
  if (empty || (fine[next + MIN] as number) < (buckets[at + MIN] as number))
    buckets[at + MIN] = fine[next + MIN] as number
  if (empty || (fine[next + MAX] as number) > (buckets[at + MAX] as number))
    buckets[at + MAX] = fine[next + MAX] as number
  buckets[at + LAST] = fine[next + LAST] as number
  buckets[at + FINITE] = (buckets[at + FINITE] as number) + (fine[next + FINITE] as number)
}
