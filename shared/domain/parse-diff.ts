/** A line of a hunk with its numbers on either side; `null` where the side does not have it. */
export type DiffLine = {
  readonly kind: 'same' | 'added' | 'removed'
  readonly before: number | null
  readonly after: number | null
  readonly text: string
  /** Stretches of the text that differ from the line that it replaces: UTF-16 offsets, end exclusive. */
  readonly changed: readonly (readonly [from: number, to: number])[]
}

export type DiffHunk = { readonly header: string; readonly lines: readonly DiffLine[] }

export type DiffFile = {
  /** The path after the change; before it, for a deleted file. */
  readonly path: string
  readonly renamedFrom: string | null
  readonly what: 'changed' | 'added' | 'deleted' | 'renamed' | 'binary'
  readonly added: number
  readonly removed: number
  readonly hunks: readonly DiffHunk[]
}

/**
 * Reads a unified diff as git writes it (git-diff, "Generating patch text with -p"). What is not a diff gives no files; a diff that was cut
 * off gives what it still has. Never throws.
 */
export function parseDiff(text: string): readonly DiffFile[] {
  const lines = text.split('\n')
  const files: DiffFile[] = []
  let index = 0
  while (index < lines.length) {
    if (!(lines[index] ?? '').startsWith('diff --git ')) {
      index++
      continue
    }
    const { file, next } = parseFile(lines, index)
    files.push(file)
    index = next
  }
  return files
}

function parseFile(lines: readonly string[], start: number): { readonly file: DiffFile; readonly next: number } {
  const named = namesOf(lines[start] ?? '')
  let before = named.before
  let after = named.after
  let what: DiffFile['what'] = 'changed'
  let renamedFrom: string | null = null
  let index = start + 1
  for (; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (line.startsWith('@@ ') || line.startsWith('diff --git ')) break
    if (line.startsWith('new file')) what = 'added'
    else if (line.startsWith('deleted file')) what = 'deleted'
    else if (line.startsWith('rename from ')) {
      what = 'renamed'
      renamedFrom = unquoted(line.slice('rename from '.length))
    } else if (line.startsWith('Binary files ') || line === 'GIT binary patch') what = 'binary'
    else if (line.startsWith('--- ') && !line.startsWith('--- /dev/null')) before = unprefixed(line.slice(4))
    else if (line.startsWith('+++ ') && !line.startsWith('+++ /dev/null')) after = unprefixed(line.slice(4))
  }
  const hunks: DiffHunk[] = []
  let added = 0
  let removed = 0
  while ((lines[index] ?? '').startsWith('@@ ')) {
    const hunk = parseHunk(lines, index)
    hunks.push(hunk.hunk)
    for (const { kind } of hunk.hunk.lines) {
      if (kind === 'added') added++
      else if (kind === 'removed') removed++
    }
    index = hunk.next
  }
  while (index < lines.length && !(lines[index] ?? '').startsWith('diff --git ')) index++
  return { file: { path: what === 'deleted' ? before : after, renamedFrom, what, added, removed, hunks }, next: index }
}

function parseHunk(lines: readonly string[], start: number): { readonly hunk: DiffHunk; readonly next: number } {
  const header = lines[start] ?? ''
  const match = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(header)
  let before = Number(match?.[1] ?? 0)
  let after = Number(match?.[3] ?? 0)
  let leftBefore = Number(match?.[2] ?? 1)
  let leftAfter = Number(match?.[4] ?? 1)
  const parsed: DiffLine[] = []
  let index = start + 1
  // The counts of the header say where the hunk ends: a removed line may itself begin with "diff --git".
  for (; index < lines.length && (leftBefore > 0 || leftAfter > 0); index++) {
    const line = lines[index] ?? ''
    const text = line.slice(1)
    if (line.startsWith('+')) {
      parsed.push({ kind: 'added', before: null, after: after++, text, changed: [] })
      leftAfter--
    } else if (line.startsWith('-')) {
      parsed.push({ kind: 'removed', before: before++, after: null, text, changed: [] })
      leftBefore--
    } else if (line.startsWith(' ') || line === '') {
      parsed.push({ kind: 'same', before: before++, after: after++, text, changed: [] })
      leftBefore--
      leftAfter--
    } else if (!line.startsWith('\\')) break
  }
  if ((lines[index] ?? '').startsWith('\\')) index++
  return { hunk: { header, lines: markChanges(parsed) }, next: index }
}

/** Pairs the removed lines of a change with the added ones that follow them, and marks what differs between the two. */
function markChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  const marked = [...lines]
  for (let index = 0; index < lines.length;) {
    let removed = index
    while (lines[removed]?.kind === 'removed') removed++
    let added = removed
    while (lines[added]?.kind === 'added') added++
    const pairs = Math.min(removed - index, added - removed)
    for (let pair = 0; pair < pairs; pair++) {
      const before = marked[index + pair]
      const after = marked[removed + pair]
      if (before === undefined || after === undefined) continue
      const [from, to] = changedSpans(before.text, after.text)
      marked[index + pair] = { ...before, changed: from }
      marked[removed + pair] = { ...after, changed: to }
    }
    index = Math.max(added, index + 1)
  }
  return marked
}

type Spans = readonly (readonly [number, number])[]

/** The middle of either line that the other does not share, to whole words. None where hardly anything is shared: the line is new. */
function changedSpans(before: string, after: string): readonly [Spans, Spans] {
  const limit = Math.min(before.length, after.length)
  let start = 0
  while (start < limit && before[start] === after[start]) start++
  let end = 0
  while (end < limit - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const isWord = (text: string, at: number): boolean => /[\p{L}\p{N}_]/u.test(text[at] ?? '')
  while (start > 0 && isWord(before, start - 1) && (isWord(before, start) || isWord(after, start))) start--
  while (
    end > 0 &&
    isWord(before, before.length - end) &&
    (isWord(before, before.length - end - 1) || isWord(after, after.length - end - 1))
  )
    end--
  const shared = before.slice(0, start).trim().length + before.slice(before.length - end).trim().length
  if (shared < Math.max(before.trim().length, after.trim().length) * 0.3) return [[], []]
  const span = (text: string): Spans => (text.length - end > start ? [[start, text.length - end]] : [])
  return [span(before), span(after)]
}

function namesOf(line: string): { readonly before: string; readonly after: string } {
  const rest = line.slice('diff --git '.length)
  const quotedNames = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest)
  if (quotedNames !== null) return { before: unprefixed(quotedNames[1] ?? ''), after: unprefixed(quotedNames[2] ?? '') }
  // Names with spaces: both halves are the same but for their prefix.
  const half = rest.slice(0, (rest.length - 1) / 2)
  return { before: unprefixed(half), after: unprefixed(half) }
}

function unprefixed(name: string): string {
  return unquoted(name.replace(/\t.*$/, '')).replace(/^[abciwo]\//, '')
}

/** Git quotes names that hold control characters or bytes beyond ASCII: `"\303\244.py"`. */
function unquoted(name: string): string {
  if (!name.startsWith('"') || !name.endsWith('"') || name.length < 2) return name
  const bytes: number[] = []
  const simple: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 }
  const body = name.slice(1, -1)
  for (let index = 0; index < body.length; index++) {
    const octal = /^\\([0-7]{3})/.exec(body.slice(index, index + 4))
    if (octal !== null) {
      bytes.push(Number.parseInt(octal[1] ?? '0', 8))
      index += 3
    } else if (body[index] === '\\') {
      index++
      bytes.push(simple[body[index] ?? ''] ?? body.charCodeAt(index))
    } else bytes.push(...new TextEncoder().encode(body[index]))
  }
  return new TextDecoder().decode(Uint8Array.from(bytes))
}
