/** Mean and spread of a group's values. */
export type Spread = {
  readonly mean: number
  /** Of a sample (n - 1); null for a single value. */
  readonly sd: number | null
  readonly count: number
}

/** Mean and sample standard deviation in two passes, which is exact where one pass cancels. NaN and infinities make both what they make them. */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length
  if (count === 0) return { mean: Number.NaN, sd: null, count: 0 }
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  if (count === 1) return { mean, sd: null, count }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / (count - 1)), count }
}
