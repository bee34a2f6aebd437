/**
 * Compiles a LIKE pattern: `%` stands for any text, `_` for one character, all else for itself.
 *
 * @returns a test of whole texts; its time is at most the product of both lengths, whatever the pattern.
 */
export function compileLike(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const fold = ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text
  const folded = fold(pattern)
  const inner = folded.slice(1, -1)
  // `%word%` is by far the commonest, and the engine's own search is the fastest.
  if (folded.length > 2 && folded.startsWith('%') && folded.endsWith('%') && !/[%_]/.test(inner)) {
    return (text) => fold(text).includes(inner)
  }
  if (!/[%_]/.test(folded)) return (text) => fold(text) === folded
  const parts = Array.from(folded)
  return (text) => matches(parts, Array.from(fold(text)))
}

/** Greedy matching with one point to come back to: the last `%`. */
function matches(pattern: readonly string[], text: readonly string[]): boolean {
  let [at, from] = [0, 0]
  let [starAt, starFrom] = [-1, 0]
  while (from < text.length) {
    const part = pattern[at]
    if (part === '%') {
      starAt = at
      starFrom = from
      at += 1
    } else if (part === '_' || (part !== undefined && part === text[from])) {
      at += 1
      from += 1
    } else if (starAt >= 0) {
      starFrom += 1
      at = starAt + 1
      from = starFrom
    } else {
      return false
    }
  }
  while (pattern[at] === '%') at += 1
  return at === pattern.length
}
