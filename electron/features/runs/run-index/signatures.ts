import { canonicalValue, isSeedName } from '#shared/domain/compare/seeds.ts'
import type { RunColumns } from './run-columns.ts'
import { ABSENT, textCells, type TextColumn } from './text-column.ts'

export type Signatures = { readonly high: Uint32Array; readonly low: Uint32Array }

/**
 * For each row a fingerprint of its experiment, its script and all its parameters but seeds: rows that agree are runs that are equal in everything but their
 * seed. Two words of 32 bits a row; that two of 100,000 different runs agree by chance has odds of one in 3 thousand million.
 *
 * A row's word is the sum over its cells of a hash of column and text, so that neither the order of the columns nor columns that the row lacks matter.
 */
export function signatures(columns: RunColumns): Signatures {
  const high = new Uint32Array(columns.length)
  const low = new Uint32Array(columns.length)
  const add = (column: TextColumn, name: string): void => {
    const cells = textCells(column)
    // 1e-3 on a command line and 0.001 in a log are one value.
    const texts = cells.dictionary.map(canonicalValue)
    const [highSeed, lowSeed] = [hash(name, 0x9e37_79b9), hash(name, 0x85eb_ca6b)]
    const highs = Uint32Array.from(texts, (text) => hash(text, highSeed))
    const lows = Uint32Array.from(texts, (text) => hash(text, lowSeed))
    const mix = (row: number, code: number): void => {
      high[row] = ((high[row] ?? 0) + (highs[code] ?? 0)) >>> 0
      low[row] = ((low[row] ?? 0) + (lows[code] ?? 0)) >>> 0
    }
    if (cells.sparse !== null) {
      for (const [row, code] of cells.sparse) mix(row, code)
      return
    }
    for (let row = 0; row < columns.length; row++) {
      const code = cells.codes[row] ?? ABSENT
      if (code !== ABSENT) mix(row, code)
    }
  }
  add(columns.experiments, 'experiment')
  add(columns.texts.script, 'script')
  for (const [key, column] of columns.params) if (!isSeedName(key)) add(column, `param:${key}`)
  return { high, low }
}

/** MurmurHash3 over UTF-16 units, 32 bits: Austin Appleby's x86 variant with its own mixing constants. */
function hash(text: string, seed: number): number {
  let state = seed
  for (let index = 0; index < text.length; index++) {
    let unit = Math.imul(text.charCodeAt(index), 0xcc9e_2d51)
    unit = (unit << 15) | (unit >>> 17)
    state ^= Math.imul(unit, 0x1b87_3593)
    state = (state << 13) | (state >>> 19)
    state = (Math.imul(state, 5) + 0xe654_6b64) | 0
  }
  state ^= text.length
  state = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2_ae35)
  return (state ^ (state >>> 16)) >>> 0
}
