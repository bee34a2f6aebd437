import type { ImportNote } from '#shared/contract/imports.ts'
import { TRASH_FOR } from '#electron/features/runs/index.ts'

/** What was deleted elsewhere stays at least so long in the trash here, milliseconds: somebody has to be able to see it. */
const SEEN_FOR = 7 * 24 * 3_600_000

/**
 * Since when something that was deleted in its source lies in the trash here: since it was deleted there, so that a project that goes back and forth keeps
 * nothing for ever. Where too little would be left of the trash's time, or the time is not known or has yet to come, since now; `wasOld` says the first.
 *
 * @param deletedAt milliseconds since 1970, as `now`.
 */
export function trashTime(deletedAt: number | null, now: number): { readonly at: number; readonly wasOld: boolean } {
  const wasOld = deletedAt !== null && deletedAt + TRASH_FOR < now + SEEN_FOR
  const at = deletedAt === null || wasOld || deletedAt > now ? now : deletedAt
  return { at: Math.round(at), wasOld }
}

/** Told once an import. */
export const TRASHED_ANEW: ImportNote = {
  kind: 'changed',
  what: 'runs deleted there long ago',
  why: 'they lie in the trash here, and its 30 days begin now: by their own time they would be gone before anybody sees them',
}
