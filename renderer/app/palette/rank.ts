/** How well a query fits a text, and which of its letters fit, as indexes into the text. */
export interface Fit {
  readonly score: number
  readonly at: readonly number[]
}

const isStart = (text: string, at: number): boolean => {
  const before = text[at - 1]
  if (before === undefined) return true
  if (/[\s\-_/.:]/.test(before)) return true
  return before === before.toLowerCase() && before !== before.toUpperCase() && text[at] !== text[at]?.toLowerCase()
}

/** Letters of a word found in a row from `at` on. */
const run = (length: number, at: number): readonly number[] => Array.from({ length }, (_, step) => at + step)

/**
 * One word of a query in a text: in one piece if it can be (best at the start of the text, then at the start of a
 * word), else letter by letter in order, beginning at the start of a word.
 */
const fitWord = (word: string, text: string, lower: string): Fit | undefined => {
  let piece: Fit | undefined
  for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) {
    const score = at === 0 ? 100 : isStart(text, at) ? 80 : 50
    if (piece === undefined || score > piece.score) piece = { score, at: run(word.length, at) }
  }
  if (piece !== undefined) return piece
  for (let begin = 0; begin < lower.length; begin++) {
    if (lower[begin] !== word[0] || !isStart(text, begin)) continue
    const at = [begin]
    for (let next = begin + 1; next < lower.length && at.length < word.length; next++) {
      if (lower[next] === word[at.length]) at.push(next)
    }
    if (at.length === word.length) return { score: 20 - Math.min(15, (at.at(-1) ?? 0) - begin - word.length), at }
  }
  return undefined
}

/** All words of a query in a text, in any order; undefined when one is missing. An empty query fits all alike. */
export const fit = (query: string, text: string): Fit | undefined => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const lower = text.toLowerCase()
  // Lengths differ for a few letters whose small form is two: then positions would be off, and are left out.
  const same = lower.length === text.length
  let score = 0
  const at = new Set<number>()
  for (const word of words) {
    const found = fitWord(word, text, lower)
    if (found === undefined) return undefined
    score += found.score
    if (same) for (const index of found.at) at.add(index)
  }
  return {
    score: words.length === 0 ? 0 : score / words.length - text.length * 0.01,
    at: [...at].toSorted((a, b) => a - b),
  }
}

export interface Searchable {
  readonly label: string
  readonly note?: string | undefined
  readonly words?: string | undefined
}

export interface Ranked<Item> {
  readonly item: Item
  readonly label: readonly number[]
  readonly note: readonly number[]
}

/**
 * Items that fit, best first; among equals as they came. The label counts most, then the note, then further words;
 * words of the query may be spread over them.
 */
export const rank = <Item extends Searchable>(query: string, items: readonly Item[]): readonly Ranked<Item>[] => {
  if (query.trim() === '') return items.map((item) => ({ item, label: [], note: [] }))
  return items
    .flatMap((item, order) => {
      const label = fit(query, item.label)
      if (label !== undefined)
        return [{ item, order, score: label.score, label: label.at, note: [] as readonly number[] }]
      const note = item.note === undefined ? undefined : fit(query, item.note)
      if (note !== undefined)
        return [{ item, order, score: note.score - 60, label: [] as readonly number[], note: note.at }]
      const whole = fit(query, `${item.label} ${item.note ?? ''} ${item.words ?? ''}`)
      if (whole === undefined || whole.score < 20) return []
      return [
        {
          item,
          order,
          score: whole.score - 80,
          label: whole.at.filter((at) => at < item.label.length),
          note: [] as readonly number[],
        },
      ]
    })
    .toSorted((a, b) => b.score - a.score || a.order - b.order)
    .map(({ item, label, note }) => ({ item, label, note }))
}

/** A text in pieces that fit and pieces that do not. */
export const pieces = (
  text: string,
  at: readonly number[],
): readonly { readonly text: string; readonly fits: boolean }[] => {
  const fits = new Set(at)
  const out: { text: string; fits: boolean }[] = []
  for (let index = 0; index < text.length; index++) {
    const last = out.at(-1)
    if (last?.fits === fits.has(index)) last.text += text[index] ?? ''
    else out.push({ text: text[index] ?? '', fits: fits.has(index) })
  }
  return out
}
