import { entryNumbers, type TextCells } from './text-column.ts'

/**
 * The order of a text column's entries, so that sorting rows compares small integers rather than texts. Numbers come first by value, then
 * texts in natural order (`run-2` before `run-10`, case set aside), then `nan`. Entries that are equal in this order share a rank.
 */
export type Ranking = {
  /** Codes in order. */
  readonly order: Uint32Array
  /** For each code its rank; equal entries have equal ranks. */
  readonly ranks: Uint32Array
  /** Ranks from this one on are `nan`: last in both directions. */
  readonly odd: number
  readonly keys: readonly string[]
}

type Entries = {
  readonly dictionary: readonly string[]
  readonly numbers: readonly number[]
  readonly numeric: readonly number[]
}

/** Past this share of new entries a fresh sort is cheaper than placing each. */
const FEW = 64

/** The order of a column's entries, kept with them. */
export function rankTexts(cells: TextCells): Ranking {
  cells.ranking = rankEntries({ dictionary: cells.dictionary, ...entryNumbers(cells) }, cells.ranking)
  return cells.ranking
}

/** Ranks all entries; with an earlier ranking only the new ones are placed. */
function rankEntries(entries: Entries, before: Ranking | undefined): Ranking {
  const count = entries.dictionary.length
  if (before !== undefined && before.order.length === count) return before
  const known = before?.order.length ?? 0
  const keys = before === undefined ? [] : [...before.keys]
  for (let code = known; code < count; code++) keys.push(naturalKey(entries.dictionary[code] ?? ''))
  const compare = comparison(entries, keys)
  const order = new Uint32Array(count)
  if (before !== undefined && count - known <= FEW) {
    order.set(before.order)
    for (let code = known; code < count; code++) place(order, code, compare)
  } else {
    for (let code = 0; code < count; code++) order[code] = code
    order.sort(compare)
  }
  const ranks = new Uint32Array(count)
  let rank = 0
  let odd = count
  for (let index = 0; index < count; index++) {
    const code = order[index] ?? 0
    if (index > 0 && compare(order[index - 1] ?? 0, code) !== 0) rank++
    ranks[code] = rank
    if (odd === count && isNan(entries, code)) odd = rank
  }
  return { order, ranks, odd, keys }
}

/** Puts a code into the sorted first `code` entries. */
function place(order: Uint32Array, code: number, compare: (left: number, right: number) => number): void {
  let low = 0
  let high = code
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(order[middle] ?? 0, code) <= 0) low = middle + 1
    else high = middle
  }
  order.copyWithin(low + 1, low, code)
  order[low] = code
}

function comparison(entries: Entries, keys: readonly string[]): (left: number, right: number) => number {
  const group = (code: number): number => (entries.numeric[code] !== 1 ? 1 : isNan(entries, code) ? 2 : 0)
  return (left, right) => {
    const groups = group(left) - group(right)
    if (groups !== 0) return groups
    if (group(left) === 0) return compareNumbers(entries.numbers[left] ?? 0, entries.numbers[right] ?? 0)
    if (group(left) === 2) return 0
    const [one = '', other = ''] = [keys[left], keys[right]]
    return one < other ? -1 : one > other ? 1 : 0
  }
}

/** Subtraction would make NaN of two infinities. */
function compareNumbers(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function isNan(entries: Entries, code: number): boolean {
  return entries.numeric[code] === 1 && Number.isNaN(entries.numbers[code])
}

/**
 * A text whose plain order is the natural order of the original: each number in it stands behind the count of its digits.
 */
export function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => {
    const plain = digits.replace(/^0+(?=\d)/, '')
    return `${String.fromCodePoint(0x30 + Math.min(plain.length, 0x2000))}${plain}`
  })
}
