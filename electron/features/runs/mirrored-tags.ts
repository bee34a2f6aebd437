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

/**
 * The user that MLflow's client writes into a run when nobody told it one; then it sends no tag. So this name is a tag only where it was sent as one, which
 * is a row of its own: it counts while the column says the same.
 */
const UNTOLD_USER = 'unknown'

/** Whether a column stands for the tag, with nothing else kept of it. */
export function isMirrored({ key, value }: Tag): boolean {
  return MIRRORED_TAGS.has(key) && !(key === 'mlflow.user' && value === UNTOLD_USER)
}

/** Whether a run's user is told by a tag only where that was sent. */
export function isUntold(user: string | null | undefined): boolean {
  return user === UNTOLD_USER
}

/** A run's tags as MLflow's client expects them: its own, and those that mirror columns. Sorted by key. */
export function mlflowTags(run: Pick<RunRecord, MirroredTag>, own: readonly Tag[]): readonly Tag[] {
  const mirrored = [...MIRRORED_TAGS].flatMap(([key, column]) => {
    const value = run[column]
    return value === null || value === '' || (column === 'user' && isUntold(value)) ? [] : [{ key, value }]
  })
  const sent = isUntold(run.user) ? own : own.filter(({ key }) => key !== 'mlflow.user')
  return [...mirrored, ...sent].sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
}

/** True for tags that programs leave for each other; a person sees them only when asking. */
export function isInternalTag(key: string): boolean {
  return key.startsWith('mlflow.')
}
