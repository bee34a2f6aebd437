/** The middle one of some figures. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** The median of some calls, in milliseconds. */
export function time(calls: number, work: () => void): number {
  return medianOf(
    Array.from({ length: calls }, () => {
      const start = performance.now()
      work()
      return performance.now() - start
    }),
  )
}
