/** Digits of the longest int64, with its sign and some zeros before. */
const LONGEST = 40

/** Whether JSON's reading may have rounded a number. */
export function isRounded(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
}

/**
 * JSON with bigints for whole numbers of int64 that a double rounds; several times slower than `JSON.parse`. Throws what that does, and RangeError for
 * what is nested too deeply.
 */
export function wholeJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source ?? ''
    // What has more digits is no int64, whatever they are.
    return isRounded(value) && source.length <= LONGEST && /^-?\d+$/.test(source) ? BigInt(source) : value
  })
}
