import type { ReadDb, WriteDb } from '#electron/db/connection.ts'
import type { Pair } from '#electron/features/models/index.ts'

export type ExperimentRow = {
  readonly id: string
  readonly name: string
  readonly lifecycle: 'active' | 'deleted'
  readonly artifactLocation: string | null
  readonly createdAt: number | null
  readonly updatedAt: number | null
}

export function experimentOf(db: ReadDb, id: string): ExperimentRow | undefined {
  return db.get<ExperimentRow>(
    `SELECT id, name, lifecycle, artifact_location AS artifactLocation, created_at AS createdAt, updated_at AS updatedAt
       FROM experiment WHERE id = ?`,
    id,
  )
}

/** The id of the experiment of that name, deleted or not. */
export function experimentOfName(db: ReadDb, name: string): string | undefined {
  return db.value<string>('SELECT id FROM experiment WHERE name = ?', name)
}

export function insertExperiment(db: WriteDb, row: ExperimentRow): void {
  db.run(
    'INSERT INTO experiment (id, name, lifecycle, artifact_location, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
    row.id,
    row.name,
    row.lifecycle,
    row.artifactLocation,
    row.createdAt === null ? null : Math.round(row.createdAt),
    row.updatedAt === null ? null : Math.round(row.updatedAt),
  )
}

/** A tag that is here already stays as it is. */
export function addExperimentTag(db: WriteDb, experiment: string, { key, value }: Pair): void {
  db.run(
    'INSERT INTO experiment_tag (experiment, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    experiment,
    key,
    value,
  )
}

/** What an experiment of the source is here; undefined when it never came, or is not here any more. */
export function experimentHere(db: ReadDb, source: number, foreign: string): string | undefined {
  return db.value<string>(
    `SELECT experiment FROM import_experiment JOIN experiment ON experiment.id = experiment
      WHERE source = ? AND foreign_id = ?`,
    source,
    foreign,
  )
}

export function putExperiment(db: WriteDb, source: number, foreign: string, experiment: string): void {
  db.run(
    `INSERT INTO import_experiment (source, foreign_id, experiment) VALUES (?, ?, ?)
       ON CONFLICT (source, foreign_id) DO UPDATE SET experiment = excluded.experiment`,
    source,
    foreign,
    experiment,
  )
}
