import type { ReadDb, WriteDb } from '#electron/db/connection.ts'

export type Counts = {
  readonly runs: number
  readonly running: number
  readonly queued: number
  readonly archived: number
  readonly trashed: number
  readonly models: number
}

/** Runs by what a rail shows of them, and registered models without prompts. A run that came from another tracker does not run here. */
export function countRuns(db: ReadDb): Counts {
  const counts = db.get<Omit<Counts, 'models'>>(
    `SELECT coalesce(sum(lifecycle = 'active'), 0) AS runs,
              coalesce(sum(lifecycle = 'active' AND status IN ('running', 'stopping') AND source <> 'import'), 0) AS running,
              coalesce(sum(lifecycle = 'active' AND status = 'queued'), 0) AS queued,
              coalesce(sum(lifecycle = 'archived'), 0) AS archived,
              coalesce(sum(lifecycle = 'deleted'), 0) AS trashed
         FROM run`,
  )
  const models = db.value<number>(
    `SELECT count(*) FROM registered_model
      WHERE deleted_at IS NULL AND id NOT IN (
        SELECT model FROM registered_model_tag WHERE key = 'mlflow.prompt.is_prompt' AND lower(value) = 'true')`,
  )
  return { ...(counts ?? { runs: 0, running: 0, queued: 0, archived: 0, trashed: 0 }), models: models ?? 0 }
}

/** A value of the project's own table; undefined when it was never set. */
export function metaOf(db: ReadDb, key: string): string | undefined {
  return db.value<string>('SELECT value FROM project_meta WHERE key = ?', key)
}

export function setMeta(db: WriteDb, key: string, value: string): void {
  db.run(
    'INSERT INTO project_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    value,
  )
}

/** Makes the experiment that MLflow's clients expect to be there. */
export function ensureDefaultExperiment(db: WriteDb, now: number): void {
  db.run(
    `INSERT INTO experiment (id, name, created_at, updated_at) VALUES ('0', 'Default', ?, ?) ON CONFLICT DO NOTHING`,
    now,
    now,
  )
}
