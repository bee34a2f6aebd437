export type Spread = {
  readonly count: number
  readonly mean: number
  /** Sample standard deviation, n − 1; null for fewer than two values. */
  readonly sd: number | null
  readonly min: number
  readonly max: number
}

/**
 * Mean and spread of the finite values; null when there is none.
 * Welford's recurrence (Technometrics 4, 1962), which does not lose the spread of values that are far from zero.
 */
export function spreadOf(values: Iterable<number>): Spread | null {
  let count = 0
  let mean = 0
  let squares = 0
  let min = Infinity
  let max = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    count++
    const before = value - mean
    mean += before / count
    squares += before * (value - mean)
    if (value < min) min = value
    if (value > max) max = value
  }
  if (count === 0) return null
  return { count, mean, sd: count < 2 ? null : Math.sqrt(squares / (count - 1)), min, max }
}

/**
 * A difference in units of the spread between seeds: "2.6 sd". Null where the spread is not known or is nothing.
 */
export function gapInSd(difference: number, sd: number | null | undefined): number | null {
  return sd === null || sd === undefined || sd === 0 || !Number.isFinite(difference) ? null : Math.abs(difference) / sd
}
