import { createHash } from 'node:crypto'
import type { CodeDifference } from '#shared/contract/runs.ts'
import { maskText } from '#shared/domain/secrets/mask-text.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { gitOf } from '../detail.ts'
import { diffOf, tagsOf } from '../queries.ts'
import type { RunRecord } from '../records.ts'
import { codeDifference, type RecordedCode } from './code-difference.ts'

export type CodeComparer = {
  /** The difference of two runs' code, secrets masked; null where nothing is recorded of either. */
  readonly compare: (
    project: ProjectContext,
    from: RunRecord,
    to: RunRecord,
    signal: AbortSignal,
  ) => Promise<CodeDifference | null>
}

/** Differences that are kept: a page asks for the same few again and again, and git costs processes. */
const KEPT = 64
const KEPT_SIZE = 256 << 10

/** Makes the comparer. What it keeps is found by the content of both states, so that it is right for as long as it is kept. */
export function createCodeComparer(): CodeComparer {
  const known = new Map<string, CodeDifference>()
  return {
    async compare(project, from, to, signal) {
      const [before, after] = [recordedCode(project, from), recordedCode(project, to)]
      if (before.git === null && after.git === null) return null
      const key = createHash('sha1')
        .update(JSON.stringify([project.folder, before, after]))
        .digest('hex')
      const kept = known.get(key)
      if (kept !== undefined) return kept
      const found = await codeDifference(before, after, project.folder, signal)
      signal.throwIfAborted()
      const masked = found.diff === null ? found : { ...found, diff: maskText(found.diff) }
      // A failure may be gone at the next try: the repository is back, the machine less busy.
      if (masked.diff === null || masked.diff.length > KEPT_SIZE) return masked
      if (known.size >= KEPT) for (const oldest of known.keys()) if (known.delete(oldest)) break
      known.set(key, masked)
      return masked
    },
  }
}

function recordedCode(project: ProjectContext, { number, name }: RunRecord): RecordedCode {
  return { name, git: gitOf(project, number, tagsOf(project.db, number)), diff: diffOf(project.db, number) }
}
