import type { WriteDb } from '#electron/db/connection.ts'
import type { SqlValue } from '#electron/db/statement.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { RunRecord } from './records.ts'

type Row = Readonly<Record<string, SqlValue>>

/** Inserts the bare run into the other project, in its trash until the copy is whole. Returns its number there. */
export function insertRunRow(
  source: ProjectContext,
  target: ProjectContext,
  run: RunRecord,
  experiment: string,
): number {
  const { number: _, ...row } =
    source.db.get<Row>(
      // Times of 64 bits as texts, which their columns read as numbers again: JavaScript would round them.
      'SELECT *, CAST(started_at AS TEXT) AS started_at, CAST(ended_at AS TEXT) AS ended_at FROM run WHERE number = ?',
      run.number,
    ) ?? {}
  insert(target.db, 'run', {
    ...row,
    experiment,
    lifecycle: 'deleted',
    deleted_at: Math.round(target.clock.now()),
  })
  return target.db.value<number>('SELECT number FROM run WHERE id = ?', run.id) ?? 0
}

/** Copies all that hangs on the run, and gives it the state that it had. Part of the target's transaction. */
export function copyRunRows(
  source: ProjectContext,
  target: ProjectContext,
  run: RunRecord,
  number: number,
  experiment: string,
): void {
  const { db } = target
  const rows = (sql: string, ...values: readonly SqlValue[]): readonly Row[] => source.db.all<Row>(sql, ...values)
  for (const table of ['param', 'tag', 'run_fact', 'written_file']) {
    for (const row of rows(`SELECT * FROM ${table} WHERE run = ?`, run.number))
      insert(db, table, { ...row, run: number })
  }
  for (const use of rows('SELECT *, CAST(step AS TEXT) AS step FROM run_model WHERE run = ?', run.number))
    insert(db, 'run_model', { ...use, run: number })
  for (const { tags, ...dataset } of rows(
    `SELECT name, digest, source_type, source, schema, profile, tags
       FROM run_dataset JOIN dataset ON dataset.id = run_dataset.dataset WHERE run = ?`,
    run.number,
  )) {
    insert(db, 'dataset', { ...dataset, experiment })
    db.run(
      `INSERT INTO run_dataset (run, dataset, tags)
         SELECT ?, id, ? FROM dataset WHERE experiment = ? AND name = ? AND digest = ?`,
      number,
      tags ?? '{}',
      experiment,
      dataset['name'] ?? null,
      dataset['digest'] ?? null,
    )
  }
  for (const model of rows('SELECT * FROM logged_model WHERE source_run = ?', run.id)) {
    insert(db, 'logged_model', { ...model, experiment })
    for (const table of ['logged_model_param', 'logged_model_tag']) {
      for (const row of rows(`SELECT * FROM ${table} WHERE model = ?`, model['id'] ?? null)) insert(db, table, row)
    }
    for (const row of rows(
      `SELECT *, CAST(time AS TEXT) AS time, CAST(step AS TEXT) AS step FROM logged_model_metric WHERE model = ?`,
      model['id'] ?? null,
    )) {
      insert(db, 'logged_model_metric', row)
    }
  }
  for (const row of rows(
    `SELECT * FROM artifact_root
      WHERE (owner_kind = 'run' AND owner = ?)
         OR (owner_kind = 'model' AND owner IN (SELECT id FROM logged_model WHERE source_run = ?))`,
    run.id,
    run.id,
  )) {
    insert(db, 'artifact_root', row)
  }
  for (const row of rows('SELECT * FROM launch WHERE run = ?', run.id)) insert(db, 'launch', row)
  db.run('UPDATE run SET lifecycle = ?, deleted_at = ? WHERE number = ?', run.lifecycle, run.deletedAt, number)
}

/** Both databases have the same schema, so a row's own columns are the statement's. */
function insert(db: WriteDb, table: string, row: Row): void {
  const names = Object.keys(row)
  db.run(
    `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`,
    ...Object.values(row),
  )
}
