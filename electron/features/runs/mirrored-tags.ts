import type { Tag } from './queries.ts'
import type { RunRecord } from './records.ts'

export type MirroredTag = 'name' | 'user' | 'note' | 'parent'

/**
 * MLflow keeps these as tags; here they are columns of the run and nothing else, so that the two can't disagree. They are accepted as tags, and
 * shown as tags to MLflow's clients.
 */
export const MIRRORED_TAGS: ReadonlyMap<string, MirroredTag> = new Map([
  ['mlflow.runName', 'name'],
  ['mlflow.user', 'user'],
  ['mlflow.note.content', 'note'],
  ['mlflow.parentRunId', 'parent'],
])

/** A run's tags as MLflow's client expects them: its own, and those that mirror columns. Sorted by key. */
export function mlflowTags(run: Pick<RunRecord, MirroredTag>, own: readonly Tag[]): readonly Tag[] {
  const mirrored = [...MIRRORED_TAGS].flatMap(([key, column]) => {
    const value = run[column]
    return value === null || value === '' ? [] : [{ key, value }]
  })
  return [...mirrored, ...own].sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
}

/** True for tags that programs leave for each other; a person sees them only when asking. */
export function isInternalTag(key: string): boolean {
  return key.startsWith('mlflow.')
}
