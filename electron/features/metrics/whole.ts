/** A whole number as the nearest double and the rest to it, 0 below 2^53. */
export type Whole = { readonly near: number; readonly rest: number }

const WIDE = 2 ** 53

/** Whether a double may stand for several whole numbers. */
export function isWide(near: number): boolean {
  return near >= WIDE || near <= -WIDE
}

/** Splits a whole number of at most 64 bits. */
export function splitWhole(value: bigint): Whole {
  const near = Number(value)
  return { near, rest: Number(value - BigInt(near)) }
}

/** The whole number that was split. Throws RangeError for a `near` that is not whole. */
export function joinWhole(near: number, rest: number): bigint {
  return BigInt(near) + BigInt(rest)
}
