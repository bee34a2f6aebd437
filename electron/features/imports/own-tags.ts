import type { ReadDb } from '#electron/db/connection.ts'
import { mlflowTags, tagsOf } from '#electron/features/runs/index.ts'
import type { RunState } from './run-queries.ts'

/** The tags of a run as its source would name them: those that are columns here too. */
export function ownTags(db: ReadDb, here: RunState): ReadonlyMap<string, string> {
  return new Map(mlflowTags(here, tagsOf(db, here.number)).map(({ key, value }) => [key, value]))
}
