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

export function experimentTags(db: ReadDb, experiment: string): readonly Pair[] {
  return db.all<Pair>('SELECT key, value FROM experiment_tag WHERE experiment = ? ORDER BY key', experiment)
}

export function putExperimentTag(db: WriteDb, experiment: string, { key, value }: Pair): void {
  db.run(
    'INSERT INTO experiment_tag (experiment, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    experiment,
    key,
    value,
  )
}

export function removeExperimentTag(db: WriteDb, experiment: string, key: string): void {
  db.run('DELETE FROM experiment_tag WHERE experiment = ? AND key = ?', experiment, key)
}

/** A deleted one keeps its time, by which its runs come back with it. */
export function setExperimentName(db: WriteDb, id: string, name: string, at: number): void {
  db.run(
    `UPDATE experiment SET name = ?, updated_at = CASE lifecycle WHEN 'deleted' THEN updated_at ELSE ? END WHERE id = ?`,
    name,
    Math.round(at),
    id,
  )
}

/** Runs of an experiment that are not in the trash and did not come from the source. */
export function othersIn(db: ReadDb, experiment: string, source: number): number {
  return (
    db.value<number>(
      `SELECT count(*) FROM run WHERE experiment = ? AND lifecycle <> 'deleted'
          AND NOT EXISTS (SELECT 1 FROM import_run WHERE import_run.run = run.id AND source = ? AND made = 1)`,
      experiment,
      source,
    ) ?? 0
  )
}

/** What an experiment of the source is here, and what came with it last, as JSON; undefined when it never came, or is not here any more. */
export function experimentHere(
  db: ReadDb,
  source: number,
  foreign: string,
): { readonly id: string; readonly came: string | null } | undefined {
  return db.get(
    `SELECT experiment AS id, came FROM import_experiment JOIN experiment ON experiment.id = experiment
      WHERE source = ? AND foreign_id = ?`,
    source,
    foreign,
  )
}

export function putExperiment(
  db: WriteDb,
  row: { readonly source: number; readonly foreign: string; readonly here: string; readonly came: string },
): void {
  db.run(
    `INSERT INTO import_experiment (source, foreign_id, experiment, came) VALUES (?, ?, ?, ?)
       ON CONFLICT (source, foreign_id) DO UPDATE SET experiment = excluded.experiment, came = excluded.came`,
    row.source,
    row.foreign,
    row.here,
    row.came,
  )
}

/** Whether an experiment lies in the trash because a source says that it was deleted there. */
export function isTrashedBySource(db: ReadDb, id: string): boolean {
  const found = db.value<number>(
    `SELECT 1 FROM experiment JOIN import_experiment ON import_experiment.experiment = experiment.id
      WHERE experiment.id = ? AND lifecycle = 'deleted' AND came ->> '$.moved' = 1 LIMIT 1`,
    id,
  )
  return found === 1
}

/** Makes an experiment active by itself: its runs stay where they are. */
export function reviveExperiment(db: WriteDb, id: string, now: number): void {
  db.run(`UPDATE experiment SET lifecycle = 'active', updated_at = ? WHERE id = ?`, now, id)
}
