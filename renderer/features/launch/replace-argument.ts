/**
 * The command with another value for a parameter, written as it was: `--lr 0.1`, `--lr=0.1`, `lr=0.1` (Hydra). The last one
 * counts, as for argument parsers. Undefined when the command has it in no such form, such as a flag.
 */
export function replaceArgument(
  words: readonly string[],
  key: string,
  before: string,
  after: string,
): readonly string[] | undefined {
  for (let index = words.length - 1; index > 0; index--) {
    const word = words[index] ?? ''
    const equals = word.indexOf('=')
    if (equals > 0 && named(word.slice(0, equals), key))
      return words.with(index, `${word.slice(0, equals + 1)}${after}`)
    if (word === before && named(words[index - 1] ?? '', key) && (words[index - 1] ?? '').startsWith('-'))
      return words.with(index, after)
  }
  return undefined
}

function named(word: string, key: string): boolean {
  const plain = (text: string): string => text.replace(/^(?:--?|\++|~)/, '').replaceAll('-', '_')
  return plain(word) === plain(key)
}
