import { createHash } from 'node:crypto'
import type { WriteDb } from '#electron/db/connection.ts'
import type { SqlValue } from '#electron/db/statement.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'

type Row = Readonly<Record<string, SqlValue>>
type Rows = readonly Row[]

/** All rows of a run but its points, without what is its project's alone: its number, and ids of its experiment and its datasets. */
export type RunRows = {
  readonly run: Row
  /** The name of its experiment. */
  readonly experiment: string
  /** By table, without the run's number. */
  readonly ofRun: readonly (readonly [table: string, rows: Rows])[]
  readonly datasets: Rows
  readonly models: Rows
  /** By table: what hangs on the models, and where files lie, and launches. As they are. */
  readonly others: readonly (readonly [table: string, rows: Rows])[]
}

/** What hangs on a run alone: columns besides all of them, and an order of its rows. */
const OF_RUN = {
  param: ['', '2, 3'],
  tag: ['', '2'],
  run_fact: ['', '2'],
  written_file: ['', '2'],
  run_model: [', CAST(step AS TEXT) AS step', '2, 3, run_model.step'],
} as const

/** Reads all rows of a run; undefined when there is none. */
export function readRunRows({ db }: ProjectContext, id: string): RunRows | undefined {
  // Steps and times of 64 bits as texts, which their columns read as numbers again: JavaScript would round them.
  const row = db.get<Row>(
    'SELECT *, CAST(started_at AS TEXT) AS started_at, CAST(ended_at AS TEXT) AS ended_at FROM run WHERE id = ?',
    id,
  )
  if (row === undefined) return undefined
  const { number = null, experiment = null, ...run } = row
  const rows = (sql: string, ...values: readonly SqlValue[]): Rows => db.all<Row>(sql, ...values)
  const models = 'SELECT id FROM logged_model WHERE source_run = ?'
  return {
    run,
    experiment: db.value<string>('SELECT name FROM experiment WHERE id = ?', experiment) ?? 'Default',
    ofRun: Object.entries(OF_RUN).map(([table, [more, order]]) => [
      table,
      rows(`SELECT *${more} FROM ${table} WHERE run = ? ORDER BY ${order}`, number).map((found) =>
        without(found, 'run'),
      ),
    ]),
    datasets: rows(
      `SELECT name, digest, source_type, source, schema, profile, tags
         FROM run_dataset JOIN dataset ON dataset.id = run_dataset.dataset WHERE run = ? ORDER BY name, digest`,
      number,
    ),
    models: rows('SELECT * FROM logged_model WHERE source_run = ? ORDER BY id', id).map((model) =>
      without(model, 'experiment'),
    ),
    others: [
      ...['logged_model_param', 'logged_model_tag'].map(
        (table) => [table, rows(`SELECT * FROM ${table} WHERE model IN (${models}) ORDER BY model, key`, id)] as const,
      ),
      [
        'logged_model_metric',
        rows(
          `SELECT *, CAST(time AS TEXT) AS time, CAST(step AS TEXT) AS step
             FROM logged_model_metric WHERE model IN (${models}) ORDER BY rowid`,
          id,
        ),
      ],
      [
        'artifact_root',
        rows(
          `SELECT * FROM artifact_root
            WHERE (owner_kind = 'run' AND owner = ?) OR (owner_kind = 'model' AND owner IN (${models}))
            ORDER BY owner_kind, owner`,
          id,
          id,
        ),
      ],
      ['launch', rows('SELECT * FROM launch WHERE run = ? ORDER BY id', id)],
    ],
  }
}

/** Inserts the bare run into the other project, in its trash until the copy is whole. Returns its number there. */
export function insertRunRow({ db, clock }: ProjectContext, { run }: RunRows, experiment: string): number {
  insert(db, 'run', { ...run, experiment, lifecycle: 'deleted', deleted_at: Math.round(clock.now()) })
  return db.value<number>('SELECT number FROM run WHERE id = ?', run['id'] ?? null) ?? 0
}

/** Makes the bare run what it was, with all that hangs on it. Part of the target's write. */
export function putRunRows({ db }: ProjectContext, rows: RunRows, number: number, experiment: string): void {
  const columns = { ...rows.run, experiment }
  db.run(
    `UPDATE run SET ${Object.keys(columns)
      .map((name) => `"${name}" = ?`)
      .join(', ')} WHERE number = ?`,
    ...Object.values(columns),
    number,
  )
  for (const [table, those] of rows.ofRun) for (const row of those) insert(db, table, { ...row, run: number })
  for (const { tags, ...dataset } of rows.datasets) {
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
  for (const model of rows.models) insert(db, 'logged_model', { ...model, experiment })
  for (const [table, those] of rows.others) for (const row of those) insert(db, table, row)
}

/** How many points there are of a metric. */
export type PointCount = { readonly key: string; readonly origin: string; readonly count: number }

/** What two copies of a run have in common as long as neither is changed. Points are only ever added, so that their number tells. */
export function digestOf(rows: RunRows, points: readonly PointCount[]): string {
  const counts = points
    .filter(({ count }) => count > 0)
    .map(({ key, origin, count }) => JSON.stringify([key, origin, count]))
    .toSorted()
  // Infinities and bytes are not JSON's.
  const text = JSON.stringify([rows, counts], (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  )
  return createHash('sha256').update(text).digest('base64url')
}

function without(row: Row, name: string): Row {
  const { [name]: left, ...others } = row
  return left === undefined ? row : others
}

/** Both databases have the same schema, so a row's own columns are the statement's. */
function insert(db: WriteDb, table: string, row: Row): void {
  const names = Object.keys(row)
  db.run(
    `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`,
    ...Object.values(row),
  )
}
