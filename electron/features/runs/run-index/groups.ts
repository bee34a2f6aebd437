import type { Signatures } from './signatures.ts'

/** Runs that are equal in everything but their seed. */
export type Group = {
  /** `group:` and the fingerprint: the same for as long as the runs' parameters are. */
  readonly id: string
  /** In the order that the rows were given in. */
  readonly rows: readonly number[]
}

/** Rows by their fingerprint, groups in the order in which their first row comes. */
export function groupRows(rows: Uint32Array, { high, low }: Signatures): readonly Group[] {
  const groups = new Map<number, { readonly id: string; readonly rows: number[] }>()
  for (const row of rows) {
    const [upper, lower] = [high[row] ?? 0, low[row] ?? 0]
    // 53 bits fit a number's mantissa, and a Map of numbers is much faster than one of texts.
    const key = (upper & 0x1f_ffff) * 0x1_0000_0000 + lower
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { id: groupId(upper, lower), rows: [row] })
    else group.rows.push(row)
  }
  return [...groups.values()]
}

function groupId(high: number, low: number): string {
  return `group:${high.toString(16).padStart(8, '0')}${low.toString(16).padStart(8, '0')}`
}
