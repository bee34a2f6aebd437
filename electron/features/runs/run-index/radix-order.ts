/** A sort key: for each position an unsigned number of 32 bits, or of 64 bits as two. */
export type SortKey = { readonly high: Uint32Array | null; readonly low: Uint32Array }

const DIGIT = 11
const BUCKETS = 1 << DIGIT
const MASK = BUCKETS - 1

/**
 * The stable order of the positions 0..length-1 by several keys, the first one weighing most. A radix sort: linear in the positions, no
 * comparator, and digits that are the same everywhere cost one counting pass only.
 */
export function orderByKeys(length: number, keys: readonly SortKey[]): Uint32Array {
  let order = new Uint32Array(length)
  for (let position = 0; position < length; position++) order[position] = position
  let spare = new Uint32Array(length)
  const counts = new Uint32Array(BUCKETS)
  for (const { high, low } of keys.toReversed()) {
    for (const words of high === null ? [low] : [low, high]) {
      for (let shift = 0; shift < 32; shift += DIGIT) {
        if (!countDigits(words, length, shift, counts)) continue
        scatter(words, shift, counts, order, spare)
        const swap = order
        order = spare
        spare = swap
      }
    }
  }
  return order
}

/** Counts the digit's values and turns the counts into places; false when all positions have the same one. */
function countDigits(words: Uint32Array, length: number, shift: number, counts: Uint32Array): boolean {
  counts.fill(0)
  for (let position = 0; position < length; position++) {
    const digit = ((words[position] ?? 0) >>> shift) & MASK
    counts[digit] = (counts[digit] ?? 0) + 1
  }
  if (length > 0 && counts[((words[0] ?? 0) >>> shift) & MASK] === length) return false
  let place = 0
  for (let digit = 0; digit < BUCKETS; digit++) {
    const count = counts[digit] ?? 0
    counts[digit] = place
    place += count
  }
  return true
}

function scatter(words: Uint32Array, shift: number, places: Uint32Array, from: Uint32Array, to: Uint32Array): void {
  for (let index = 0; index < from.length; index++) {
    const position = from[index] ?? 0
    const digit = ((words[position] ?? 0) >>> shift) & MASK
    const place = places[digit] ?? 0
    to[place] = position
    places[digit] = place + 1
  }
}

const MISSING = 0xffff_ffff
const ODD = 0xffff_fffe

/**
 * Keys of numbers. NaN comes after all numbers and a missing value last, whatever the direction.
 *
 * @param values may be reused by the caller afterwards. `present` is 0 where the value is missing.
 */
export function numberKeys(values: Float64Array, present: Uint8Array, descending: boolean): SortKey {
  const length = values.length
  const high = new Uint32Array(length)
  const low = new Uint32Array(length)
  const plain = new Float64Array(length)
  // Adding 0 turns -0 into 0, which equals it.
  for (let position = 0; position < length; position++) plain[position] = (values[position] ?? 0) + 0
  const words = new Uint32Array(plain.buffer)
  const [lowAt, highAt] = LITTLE_ENDIAN ? [0, 1] : [1, 0]
  for (let position = 0; position < length; position++) {
    if (present[position] !== 1) {
      high[position] = MISSING
      low[position] = MISSING
      continue
    }
    if (Number.isNaN(plain[position])) {
      high[position] = MISSING
      low[position] = ODD
      continue
    }
    const top = words[position * 2 + highAt] ?? 0
    const bottom = words[position * 2 + lowAt] ?? 0
    // Negative doubles order backwards, positive ones lie above them. Neither direction reaches the words of NaN and missing.
    const flip = top >>> 31 === 1 ? 0xffff_ffff : 0
    const upper = flip === 0 ? top ^ 0x8000_0000 : ~top
    const lower = bottom ^ flip
    high[position] = descending ? ~upper : upper
    low[position] = descending ? ~lower : lower
  }
  return { high, low }
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

/**
 * Keys of ranks. A rank of `odd` and above (the texts `nan`) comes after all others and a missing one last, whatever the direction.
 */
export function rankKeys(ranks: Uint32Array, present: Uint8Array, odd: number, descending: boolean): SortKey {
  const low = new Uint32Array(ranks.length)
  for (let position = 0; position < ranks.length; position++) {
    const rank = ranks[position] ?? 0
    low[position] = present[position] !== 1 ? MISSING : rank >= odd ? ODD : descending ? ODD - 1 - rank : rank
  }
  return { high: null, low }
}
