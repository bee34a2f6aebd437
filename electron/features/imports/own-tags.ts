import type { ReadDb } from '#electron/db/connection.ts'
import { MIRRORED_TAGS, tagsOf } from '#electron/features/runs/index.ts'
import type { RunState } from './run-queries.ts'

/** The tags of a run as its source would name them: those that are columns here too. */
export function ownTags(db: ReadDb, here: RunState): ReadonlyMap<string, string> {
  const own = new Map(tagsOf(db, here.number).map(({ key, value }) => [key, value]))
  for (const [key, column] of MIRRORED_TAGS) {
    const value = here[column]
    if (value !== null && value !== '') own.set(key, value)
  }
  return own
}
