import type { Signatures } from './signatures.ts'

/** Runs that are equal in everything but their seed, in typed arrays: there may be as many groups as runs. */
export type Groups = {
  readonly count: number
  /** Rows of group g stand at `offsets[g]` to `offsets[g + 1] - 1`, in the order that they were given in. */
  readonly offsets: Uint32Array
  readonly rows: Uint32Array
  readonly high: Uint32Array
  readonly low: Uint32Array
}

/** Rows by their fingerprint; groups are numbered in the order in which their first row comes. Linear, by open addressing. */
export function groupRows(rows: Uint32Array, signatures: Signatures): Groups {
  const { length } = rows
  const mask = 2 ** Math.ceil(Math.log2(Math.max(2, length * 2))) - 1
  // 0 is an empty place, otherwise a group plus one.
  const places = new Uint32Array(mask + 1)
  const groupOf = new Uint32Array(length)
  const high = new Uint32Array(length)
  const low = new Uint32Array(length)
  const sizes = new Uint32Array(length)
  let count = 0
  for (let index = 0; index < length; index++) {
    const row = rows[index] ?? 0
    const [upper, lower] = [signatures.high[row] ?? 0, signatures.low[row] ?? 0]
    let place = lower & mask
    let group = (places[place] ?? 0) - 1
    while (group >= 0 && (high[group] !== upper || low[group] !== lower)) {
      place = (place + 1) & mask
      group = (places[place] ?? 0) - 1
    }
    if (group < 0) {
      group = count++
      places[place] = group + 1
      high[group] = upper
      low[group] = lower
    }
    groupOf[index] = group
    sizes[group] = (sizes[group] ?? 0) + 1
  }
  const offsets = new Uint32Array(count + 1)
  for (let group = 0; group < count; group++) offsets[group + 1] = (offsets[group] ?? 0) + (sizes[group] ?? 0)
  const next = offsets.slice()
  const members = new Uint32Array(length)
  for (let index = 0; index < length; index++) {
    const group = groupOf[index] ?? 0
    const place = next[group] ?? 0
    members[place] = rows[index] ?? 0
    next[group] = place + 1
  }
  return { count, offsets, rows: members, high: high.subarray(0, count), low: low.subarray(0, count) }
}

/** The rows of a group. */
export function rowsOf({ offsets, rows }: Groups, group: number): Uint32Array {
  return rows.subarray(offsets[group] ?? 0, offsets[group + 1] ?? 0)
}

/** `group:` and the fingerprint: the same for as long as the runs' parameters are. */
export function groupId({ high, low }: Groups, group: number): string {
  const hex = (word: number | undefined): string => (word ?? 0).toString(16).padStart(8, '0')
  return `group:${hex(high[group])}${hex(low[group])}`
}
