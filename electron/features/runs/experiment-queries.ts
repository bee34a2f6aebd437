import type { ReadDb } from '#electron/db/connection.ts'
import type { Tag } from './queries.ts'

/** An experiment as stored. Times are milliseconds since 1970. */
export type ExperimentRecord = {
  readonly id: string
  readonly name: string
  readonly lifecycle: 'active' | 'deleted'
  /** MLflow's artifact root when the client named one; null for our own place. */
  readonly artifactLocation: string | null
  readonly createdAt: number | null
  readonly updatedAt: number | null
}

const COLUMNS = `id, name, lifecycle, artifact_location AS artifactLocation, created_at AS createdAt, updated_at AS updatedAt`

export function findExperiment(db: ReadDb, id: string): ExperimentRecord | undefined {
  return db.get<ExperimentRecord>(`SELECT ${COLUMNS} FROM experiment WHERE id = ?`, id)
}

/** Finds deleted ones too: a name is taken until its experiment is deleted for good. */
export function findExperimentByName(db: ReadDb, name: string): ExperimentRecord | undefined {
  return db.get<ExperimentRecord>(`SELECT ${COLUMNS} FROM experiment WHERE name = ?`, name)
}

/** All experiments, newest first; equal ages by id. */
export function listExperiments(db: ReadDb): readonly ExperimentRecord[] {
  return db.all<ExperimentRecord>(`SELECT ${COLUMNS} FROM experiment ORDER BY created_at DESC, id`)
}

export function experimentTagsOf(db: ReadDb, id: string): readonly Tag[] {
  return db.all<Tag>('SELECT key, value FROM experiment_tag WHERE experiment = ? ORDER BY key', id)
}

/** Tags of all experiments in one reading, by experiment. */
export function allExperimentTags(db: ReadDb): ReadonlyMap<string, readonly Tag[]> {
  const tags = new Map<string, Tag[]>()
  for (const { experiment, key, value } of db.all<Tag & { readonly experiment: string }>(
    'SELECT experiment, key, value FROM experiment_tag ORDER BY experiment, key',
  )) {
    const list = tags.get(experiment)
    if (list === undefined) tags.set(experiment, [{ key, value }])
    else list.push({ key, value })
  }
  return tags
}

/** Runs of each experiment that are not in the trash. */
export function runsPerExperiment(db: ReadDb): ReadonlyMap<string, number> {
  return new Map(
    db
      .prepare(`SELECT experiment, count(*) FROM run WHERE lifecycle <> 'deleted' GROUP BY experiment`)
      .rows<readonly [string, number]>(),
  )
}
