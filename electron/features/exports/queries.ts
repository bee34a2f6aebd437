import type { ReadDb } from '#electron/db/connection.ts'

export type ChosenRun = {
  readonly number: number
  readonly id: string
  readonly name: string
  readonly experiment: string
}

const RUN = 'SELECT number, id, name, experiment FROM run'
const VERSION_RUNS = `SELECT coalesce(logged_model.source_run, model_version.run) FROM model_version
  JOIN registered_model ON registered_model.id = model_version.model AND registered_model.deleted_at IS NULL
  LEFT JOIN logged_model ON logged_model.id = model_version.logged_model
  WHERE model_version.deleted_at IS NULL`

/** Runs that are not in the trash, and those in it that a version of a registered model was made from. In the order of their numbers. */
export function allRuns(db: ReadDb): readonly ChosenRun[] {
  return db.all<ChosenRun>(`${RUN} WHERE lifecycle <> 'deleted' OR id IN (${VERSION_RUNS}) ORDER BY number`)
}

/** The runs of these ids, in the trash or not. */
export function runsOf(db: ReadDb, ids: readonly string[]): readonly ChosenRun[] {
  return db.all<ChosenRun>(`${RUN} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY number`, JSON.stringify(ids))
}

export type ChosenModel = { readonly id: string; readonly experiment: string }

/** Logged models that the runs made or read, deleted ones only where a version was made from them. */
export function modelsOfRuns(db: ReadDb, runs: readonly ChosenRun[]): readonly ChosenModel[] {
  return db.all<ChosenModel>(
    `SELECT id, experiment FROM logged_model
      WHERE (lifecycle = 'active' OR id IN (SELECT logged_model FROM model_version WHERE deleted_at IS NULL AND logged_model IS NOT NULL))
        AND (source_run IN (SELECT value FROM json_each(@ids))
             OR id IN (SELECT model FROM run_model WHERE run IN (SELECT value FROM json_each(@numbers))))
      ORDER BY created_at, id`,
    { ids: JSON.stringify(runs.map(({ id }) => id)), numbers: JSON.stringify(runs.map(({ number }) => number)) },
  )
}

/** Logged models that no run made, or a run that is gone for good. */
export function modelsWithoutRun(db: ReadDb): readonly ChosenModel[] {
  return db.all<ChosenModel>(
    `SELECT id, experiment FROM logged_model
      WHERE (source_run IS NULL OR source_run NOT IN (SELECT id FROM run))
        AND (lifecycle = 'active' OR id IN (SELECT logged_model FROM model_version WHERE deleted_at IS NULL AND logged_model IS NOT NULL))
      ORDER BY created_at, id`,
  )
}

/** When a run that came deleted was deleted where it came from; undefined for one that was deleted here. Its time in the trash may have begun later. */
export function deletedElsewhere(db: ReadDb, run: string, deletedAt: number | null): number | undefined {
  return db.value<number>(
    `SELECT json_extract(came, '$.deletedAt') FROM import_run
      WHERE run = ? AND json_extract(came, '$.trashedAt') = ? AND json_extract(came, '$.deletedAt') IS NOT NULL ORDER BY source LIMIT 1`,
    run,
    deletedAt,
  )
}

/** What was found out about a run's parameters rather than logged. */
export function capturedParams(db: ReadDb, run: number): readonly { readonly key: string; readonly value: string }[] {
  return db.all(`SELECT key, value FROM param WHERE run = ? AND origin = 'captured' ORDER BY key`, run)
}
