/** One file's part of a unified diff as git writes it. */
export type FileDiff = {
  /** The line `diff --git a/x b/x`: the same for the same file. */
  readonly head: string
  /** All of its text, with the line break at the end. */
  readonly text: string
  readonly binary: boolean
  readonly added: number
  readonly removed: number
}

/** Splits a diff into its files. What stands before the first file (nothing, from git) is dropped. */
export function splitDiff(diff: string): readonly FileDiff[] {
  const starts = [...diff.matchAll(/^diff --git .*$/gm)].map(({ index }) => index)
  return starts.map((start, place) => {
    const text = diff.slice(start, starts[place + 1] ?? diff.length)
    const lines = text.split('\n')
    const firstHunk = lines.findIndex((line) => line.startsWith('@@ '))
    const hunks = firstHunk < 0 ? [] : lines.slice(firstHunk)
    return {
      head: lines[0] ?? '',
      text: text.endsWith('\n') ? text : `${text}\n`,
      binary: firstHunk < 0 && /^(?:Binary files .* differ|GIT binary patch)$/m.test(text),
      added: hunks.filter((line) => line.startsWith('+')).length,
      removed: hunks.filter((line) => line.startsWith('-')).length,
    }
  })
}

/** The diff that leads back: from the file after it to the file before it. */
export function reverseFileDiff({ text }: FileDiff): string {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const firstHunk = lines.findIndex((line) => line.startsWith('@@ '))
  const head = firstHunk < 0 ? lines : lines.slice(0, firstHunk)
  const body = firstHunk < 0 ? [] : lines.slice(firstHunk)
  return `${[...reverseHead(head), ...reverseBody(body)].join('\n')}\n`
}

function reverseHead(lines: readonly string[]): readonly string[] {
  const value = (prefix: string): string | undefined =>
    lines.find((line) => line.startsWith(prefix))?.slice(prefix.length)
  const [oldMode, newMode, minus, plus] = [value('old mode '), value('new mode '), value('--- '), value('+++ ')]
  return lines.map((line) => {
    if (line.startsWith('new file mode ')) return line.replace('new', 'deleted')
    if (line.startsWith('deleted file mode ')) return line.replace('deleted', 'new')
    if (line.startsWith('old mode ')) return `old mode ${newMode ?? ''}`
    if (line.startsWith('new mode ')) return `new mode ${oldMode ?? ''}`
    if (line.startsWith('index ')) return line.replace(/^index (\w+)\.\.(\w+)/, 'index $2..$1')
    if (line.startsWith('--- ')) return `--- ${withPrefix(plus ?? '', 'a')}`
    if (line.startsWith('+++ ')) return `+++ ${withPrefix(minus ?? '', 'b')}`
    return line
  })
}

/** `b/x` as `a/x`, quoted names too; `/dev/null` has no prefix. */
function withPrefix(name: string, prefix: 'a' | 'b'): string {
  return name.replace(/^("?)[ab]\//, `$1${prefix}/`)
}

/** Taken and given lines change places; within a change the removed ones stand first, as git writes them. */
function reverseBody(lines: readonly string[]): readonly string[] {
  const reversed: string[] = []
  let removed: string[] = []
  let added: string[] = []
  // "\ No newline at end of file" belongs to the line before it.
  let latest = reversed
  const flush = (): void => {
    reversed.push(...removed, ...added)
    removed = []
    added = []
    latest = reversed
  }
  for (const line of lines) {
    if (line.startsWith('+')) {
      removed.push(`-${line.slice(1)}`)
      latest = removed
    } else if (line.startsWith('-')) {
      added.push(`+${line.slice(1)}`)
      latest = added
    } else if (line.startsWith('\\')) latest.push(line)
    else {
      flush()
      reversed.push(line.replace(/^@@ -(\S+) \+(\S+) @@/, '@@ -$2 +$1 @@'))
    }
  }
  flush()
  return reversed
}
