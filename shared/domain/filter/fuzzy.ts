/** How well a name matches what was typed: the lower the rank the better. */
export interface FuzzyMatch {
  /** 0 the whole name, 1 its start, 2 the start of a part of it, 3 anywhere, 4 its letters in order. */
  readonly rank: 0 | 1 | 2 | 3 | 4
  /** Offsets in the name of the matched letters. */
  readonly letters: readonly number[]
}

const SEPARATOR = /[^\p{L}\p{N}]/u

/** Matches what was typed against a name, case ignored; null where not even the letters appear in order. */
export function fuzzyMatch(typed: string, name: string): FuzzyMatch | null {
  if (typed === '') return { rank: 1, letters: [] }
  const needle = typed.toLowerCase()
  const hay = name.toLowerCase()
  // Lower case can be longer than the original (İ), and then offsets would point beside the letters.
  if (hay.length !== name.length) return hay.includes(needle) ? { rank: 3, letters: [] } : null
  const at = partStart(hay, needle)
  if (at >= 0) {
    const rank = at > 0 ? (SEPARATOR.test(hay.charAt(at - 1)) ? 2 : 3) : hay === needle ? 0 : 1
    return { rank, letters: Array.from({ length: needle.length }, (_, index) => at + index) }
  }
  const letters: number[] = []
  for (const letter of needle) {
    const next = hay.indexOf(letter, (letters.at(-1) ?? -1) + 1)
    if (next === -1) return null
    letters.push(next)
  }
  return { rank: 4, letters }
}

/** The first occurrence at the start of a part, else the first at all. */
function partStart(hay: string, needle: string): number {
  const first = hay.indexOf(needle)
  for (let at = first; at >= 0; at = hay.indexOf(needle, at + 1)) {
    if (at === 0 || SEPARATOR.test(hay.charAt(at - 1))) return at
  }
  return first
}
