/**
 * A command line as words, by the rules of a POSIX shell for quotes and backslashes (XCU 2.2). Nothing is expanded: `$HOME`, `*` and `|` are
 * letters. `open` says that a quote was not closed.
 */
export function splitCommand(text: string): { readonly words: readonly string[]; readonly open: boolean } {
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? ''
    if (quote === "'") {
      if (letter === "'") quote = undefined
      else word += letter
    } else if (letter === '\\') {
      const next = text[index + 1]
      // Inside double quotes a backslash is itself but before these.
      if (next === undefined || (quote === '"' && !/["\\$`\n]/.test(next))) word = (word ?? '') + letter
      else {
        if (next !== '\n') word = (word ?? '') + next
        index++
      }
    } else if (quote === '"') {
      if (letter === '"') quote = undefined
      else word += letter
    } else if (letter === '"' || letter === "'") {
      quote = letter
      word ??= ''
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + letter
  }
  if (word !== undefined) words.push(word)
  return { words, open: quote !== undefined }
}

/** Words as one line that `splitCommand`, and a shell, splits into them again. */
export function joinCommand(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}
