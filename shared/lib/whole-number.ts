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

/** By how much the whole number that a text spells is more than the double that it was read as; 0 for a text of anything else, or beyond int64. */
export function restOf(text: string, near: number): number {
  if (!isWide(near) || !/^[-+]?\d{1,40}$/.test(text)) return 0
  const whole = BigInt(text.replace('+', ''))
  return BigInt.asIntN(64, whole) === whole ? splitWhole(whole).rest : 0
}

/** The whole number of at most 64 bits that a text spells, a bigint where a double may stand for several; undefined for a text of anything else. */
export function wholeOf(text: string): number | bigint | undefined {
  if (!/^[-+]?\d{1,40}$/.test(text)) return undefined
  const near = Number(text)
  // No -0.
  if (!isWide(near)) return near + 0
  const whole = BigInt(text.replace('+', ''))
  return BigInt.asIntN(64, whole) === whole ? whole : undefined
}

/** A number as `wholeOf` has it: what is wide as a bigint, or undefined beyond int64. Others stay as they are, also those that are not whole. */
export function canonicalWhole(value: number | bigint): number | bigint | undefined {
  if (typeof value === 'bigint') return wholeOf(String(value))
  if (!isWide(value)) return value
  return Number.isInteger(value) ? wholeOf(String(BigInt(value))) : undefined
}

/** The whole number that was split. Throws RangeError for a `near` that is not whole. */
export function joinWhole(near: number, rest: number): bigint {
  return BigInt(near) + BigInt(rest)
}
