import type { z } from 'zod'
import type { CodeDifference, GitFacts } from '#shared/contract/runs.ts'
import { type CodeState, diffTrees } from '#electron/platform/git/diff-trees.ts'
import { type FileDiff, reverseFileDiff, splitDiff } from './unified-diff.ts'

/** What is known of the code that a run had. */
export type RecordedCode = {
  readonly name: string
  readonly git: z.infer<typeof GitFacts> | null
  /** The uncommitted changes; null when they were not recorded. */
  readonly diff: string | null
}

const SAME: CodeDifference = { diff: '', added: 0, removed: 0, files: 0, why: null }

/**
 * The difference from one run's code to another's, uncommitted changes included. Exact where the repository still has both commits; else, of two
 * runs of one commit, as exact as the recorded changes tell. `why` says what is missing.
 */
export async function codeDifference(
  from: RecordedCode,
  to: RecordedCode,
  folder: string,
  signal?: AbortSignal,
): Promise<CodeDifference> {
  for (const { name, git } of [from, to]) {
    if (git === null) return unknown(`Nothing is recorded of the code of ${name}.`)
  }
  const sameCommit = from.git?.commit === to.git?.commit
  const notes = [...leftOut(from), ...leftOut(to)]
  if (sameCommit && from.diff === to.diff) return withNotes(SAME, notes)
  const [before, after] = [stateOf(from), stateOf(to)]
  const roots = [...new Set([to.git?.root ?? '', from.git?.root ?? '', folder].filter((root) => root !== ''))]
  let failure = ''
  for (const root of roots) {
    const found = await diffTrees(root, before.state, after.state, signal === undefined ? {} : { signal })
    if (!found.ok) {
      failure = found.error
      continue
    }
    const { truncated, ...difference } = found.value
    const cut = truncated ? ['Only the beginning is shown: it is larger than 4 MiB.'] : []
    return withNotes({ ...difference, why: null }, [...before.notes, ...after.notes, ...cut, ...notes])
  }
  if (!sameCommit) return unknown(failure)
  return withNotes(fromRecorded(splitDiff(from.diff ?? ''), splitDiff(to.diff ?? '')), [failure, ...notes])
}

function unknown(why: string): CodeDifference {
  return { diff: null, added: 0, removed: 0, files: 0, why }
}

function withNotes(difference: CodeDifference, notes: readonly string[]): CodeDifference {
  const all = [...(difference.why === null ? [] : [difference.why]), ...notes].filter((note) => note !== '')
  return { ...difference, why: all.length === 0 ? null : [...new Set(all)].join(' ') }
}

/** A recorded diff has no bytes of binary files, so git could not apply that part. */
function stateOf({ git, diff }: RecordedCode): { readonly state: CodeState; readonly notes: readonly string[] } {
  const files = splitDiff(diff ?? '')
  const binary = files.filter((file) => file.binary)
  return {
    state: {
      commit: git?.commit ?? null,
      diff: files
        .filter((file) => !file.binary)
        .map(({ text }) => text)
        .join(''),
    },
    notes:
      binary.length === 0
        ? []
        : [`Changes of ${binary.length === 1 ? 'a binary file' : 'binary files'} are not compared.`],
  }
}

function leftOut({ name, git, diff }: RecordedCode): readonly string[] {
  if (git === null) return []
  return [
    ...(diff === null && git.files > 0 ? [`The uncommitted changes of ${name} were not recorded.`] : []),
    ...(git.leftOut.length > 0 ? [`Of the uncommitted changes of ${name} not all were recorded.`] : []),
    ...(git.untrackedCount > 0 ? ['Files that git does not track are not compared.'] : []),
  ]
}

/**
 * Two sets of changes on one commit. A file that only one of them touches leads from its changes to the commit, or back: that is exact. A file that
 * both change differently can't be told without the commit's own text.
 */
function fromRecorded(from: readonly FileDiff[], to: readonly FileDiff[]): CodeDifference {
  const before = new Map(from.map((file) => [file.head, file]))
  const after = new Map(to.map((file) => [file.head, file]))
  const parts: { readonly text: string; readonly added: number; readonly removed: number }[] = []
  const untold: string[] = []
  for (const head of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(head), after.get(head)]
    if (old?.text === now?.text) continue
    if (old === undefined && now !== undefined) parts.push(now)
    else if (now === undefined && old !== undefined) {
      parts.push({ text: reverseFileDiff(old), added: old.removed, removed: old.added })
    } else untold.push(pathOf(head))
  }
  return {
    diff: parts.map(({ text }) => text).join(''),
    added: parts.reduce((sum, part) => sum + part.added, 0),
    removed: parts.reduce((sum, part) => sum + part.removed, 0),
    files: parts.length + untold.length,
    why:
      untold.length === 0
        ? null
        : `Both runs had changes of their own in ${untold.slice(0, 3).join(', ')}${untold.length > 3 ? ` and ${untold.length - 3} more` : ''}, which can't be compared without the repository.`,
  }
}

/** `x` of `diff --git a/x b/x`: both halves are the same but for the prefix. */
function pathOf(head: string): string {
  const names = head.slice('diff --git '.length)
  return names.slice((names.length + 1) / 2).replace(/^"?b\//, '')
}
