import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { type ExperimentRecord, findExperiment, findExperimentByName } from './experiment-queries.ts'
import type { Tag } from './queries.ts'
import type { Touch } from './run-writes.ts'

export type NewExperiment = {
  readonly name: string
  readonly artifactLocation?: string | null
  readonly tags?: readonly Tag[]
  /** 18 decimal digits by default; imported ones keep theirs. */
  readonly id?: string
}

/** The experiment. Throws `not_found`. */
export function existingExperiment(project: ProjectContext, id: string): ExperimentRecord {
  const experiment = findExperiment(project.db, id)
  if (experiment === undefined) throw appError('not_found', `No Experiment with id=${id} exists.`)
  return experiment
}

/** Makes an experiment. Throws `conflict` when the name is taken, by a deleted one too, and `invalid` for an empty name. */
export function insertExperiment(project: ProjectContext, given: NewExperiment, touch: Touch): ExperimentRecord {
  if (given.name.trim() === '') throw appError('invalid', 'An experiment needs a name.', { field: 'name' })
  const taken = findExperimentByName(project.db, given.name)
  if (taken !== undefined) throw nameTaken(given.name, taken)
  const id = given.id ?? project.ids.experiment()
  const now = Math.round(project.clock.now())
  project.db.run(
    'INSERT INTO experiment (id, name, artifact_location, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
    id,
    given.name,
    given.artifactLocation ?? null,
    now,
    now,
  )
  setExperimentTags(project, id, given.tags ?? [], touch)
  touch('experiment', id)
  return existingExperiment(project, id)
}

/** The experiment of that name, made if it isn't there and restored if it was deleted. */
export function ensureExperiment(project: ProjectContext, name: string, touch: Touch): ExperimentRecord {
  const found = findExperimentByName(project.db, name)
  if (found === undefined) return insertExperiment(project, { name }, touch)
  if (found.lifecycle === 'deleted') setExperimentLifecycle(project, found.id, 'active', touch)
  return existingExperiment(project, found.id)
}

/** Renames an active experiment. Throws `conflict` when it is deleted or the name is taken. */
export function renameExperiment(project: ProjectContext, id: string, name: string, touch: Touch): void {
  const experiment = existingExperiment(project, id)
  if (experiment.lifecycle === 'deleted') throw appError('conflict', 'Cannot rename a non-active experiment.')
  if (name.trim() === '') throw appError('invalid', 'An experiment needs a name.', { field: 'name' })
  const taken = findExperimentByName(project.db, name)
  if (taken !== undefined && taken.id !== id) throw nameTaken(name, taken)
  project.db.run(
    'UPDATE experiment SET name = ?, updated_at = ? WHERE id = ?',
    name,
    Math.round(project.clock.now()),
    id,
  )
  touch('experiment', id)
}

/**
 * Deletes or restores an experiment, and with it its runs: those that went with it come back with it, those that were in the trash
 * before stay there.
 *
 * @param at When it was deleted, milliseconds since 1970; now by default.
 */
export function setExperimentLifecycle(
  project: ProjectContext,
  id: string,
  lifecycle: ExperimentRecord['lifecycle'],
  touch: Touch,
  at: number = project.clock.now(),
): void {
  const experiment = existingExperiment(project, id)
  if (experiment.lifecycle === lifecycle) return
  const { db } = project
  const now = Math.round(at)
  db.run('UPDATE experiment SET lifecycle = ?, updated_at = ? WHERE id = ?', lifecycle, now, id)
  if (lifecycle === 'deleted') {
    db.run(
      `UPDATE run SET lifecycle = 'deleted', deleted_at = ? WHERE experiment = ? AND lifecycle <> 'deleted'`,
      now,
      id,
    )
  } else {
    db.run(
      `UPDATE run SET lifecycle = 'active', deleted_at = NULL WHERE experiment = ? AND lifecycle = 'deleted' AND deleted_at = ?`,
      id,
      experiment.updatedAt,
    )
  }
  touch('experiment', id)
}

/** Sets tags of an experiment. */
export function setExperimentTags(project: ProjectContext, id: string, tags: readonly Tag[], touch: Touch): void {
  existingExperiment(project, id)
  for (const { key, value } of tags) {
    project.db.run(
      'INSERT INTO experiment_tag (experiment, key, value) VALUES (?, ?, ?) ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value',
      id,
      key,
      value,
    )
  }
  if (tags.length > 0) touch('experiment', id)
}

/** Removes a tag of an experiment. Throws `not_found` when it has none of that key. */
export function removeExperimentTag(project: ProjectContext, id: string, key: string, touch: Touch): void {
  existingExperiment(project, id)
  const { changes } = project.db.run('DELETE FROM experiment_tag WHERE experiment = ? AND key = ?', id, key)
  if (changes === 0) throw appError('not_found', `No tag with name: ${key} in experiment with id ${id}.`)
  touch('experiment', id)
}

function nameTaken(name: string, taken: ExperimentRecord): Error {
  return appError(
    'conflict',
    taken.lifecycle === 'deleted'
      ? `Experiment '${name}' already exists in deleted state. You can restore the experiment, or permanently delete the experiment to create a new one.`
      : `Experiment '${name}' already exists.`,
    { field: 'name' },
  )
}
