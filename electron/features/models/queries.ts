import type { ReadDb } from '#electron/db/connection.ts'
import { splitWhole, type Whole } from '#shared/lib/whole-number.ts'
import type { LoggedModelBundle, LoggedModelRecord, ModelMetric, Pair } from './records.ts'

const COLUMNS = `id, experiment, name, type, status, status_message AS statusMessage, source_run AS sourceRun, lifecycle,
  artifact_location AS artifactLocation, created_at AS createdAt, updated_at AS updatedAt`

export function findModel(db: ReadDb, id: string): LoggedModelRecord | undefined {
  return db.get<LoggedModelRecord>(`SELECT ${COLUMNS} FROM logged_model WHERE id = ?`, id)
}

/** Models of experiments that are not deleted, newest first. */
export function modelsOfExperiments(db: ReadDb, experiments: readonly string[]): readonly LoggedModelRecord[] {
  return db.all<LoggedModelRecord>(
    `SELECT ${COLUMNS} FROM logged_model
      WHERE experiment IN (SELECT value FROM json_each(?)) AND lifecycle = 'active' ORDER BY created_at DESC, id`,
    JSON.stringify(experiments),
  )
}

/** A model that a run has to do with, and the step at which it was logged or read. */
export type RunModel = LoggedModelRecord & { readonly step: number | null }

/** Models that the run logged, oldest first; deleted ones are left out. */
export function modelsOfRun(db: ReadDb, run: { readonly number: number; readonly id: string }): readonly RunModel[] {
  return db.all<RunModel>(
    `SELECT ${COLUMNS},
            (SELECT max(step) FROM run_model WHERE run_model.model = logged_model.id AND run_model.run = ? AND direction = 'output') AS step
       FROM logged_model
      WHERE lifecycle = 'active'
        AND (source_run = ? OR id IN (SELECT model FROM run_model WHERE run = ? AND direction = 'output'))
      ORDER BY created_at, id`,
    run.number,
    run.id,
    run.number,
  )
}

/** Ids of all models that a run logged, deleted ones too: what goes when the run goes for good. */
export function modelIdsOfRun(db: ReadDb, run: string): readonly string[] {
  return db
    .prepare('SELECT id FROM logged_model WHERE source_run = ?')
    .rows<readonly [string]>(run)
    .map(([id]) => id)
}

/** True when the run logged the model or read it. */
export function isModelOfRun(
  db: ReadDb,
  model: string,
  run: { readonly number: number; readonly id: string },
): boolean {
  return (
    db.value<number>(
      `SELECT 1 FROM logged_model WHERE id = ? AND (source_run = ? OR id IN (SELECT model FROM run_model WHERE run = ?))`,
      model,
      run.id,
      run.number,
    ) === 1
  )
}

/** Whole numbers beyond 2^53 as texts. */
type MetricRow = Omit<ModelMetric, 'value' | 'time' | 'step' | 'rest'> & {
  readonly model: string
  readonly value: number | null
  readonly time: number | string
  readonly step: number | string
}

const whole = (column: string): string =>
  `iif(abs(${column} / 2) < 4503599627370496, ${column}, CAST(${column} AS TEXT)) AS ${column}`

/** Adds parameters, tags and metrics to models, in three statements however many they are. */
export function withDetails(db: ReadDb, models: readonly LoggedModelRecord[]): readonly LoggedModelBundle[] {
  const ids = JSON.stringify(models.map(({ id }) => id))
  const params = byModel(
    db.all<Pair & { readonly model: string }>(
      'SELECT model, key, value FROM logged_model_param WHERE model IN (SELECT value FROM json_each(?)) ORDER BY model, key',
      ids,
    ),
  )
  const tags = byModel(
    db.all<Pair & { readonly model: string }>(
      'SELECT model, key, value FROM logged_model_tag WHERE model IN (SELECT value FROM json_each(?)) ORDER BY model, key',
      ids,
    ),
  )
  const metrics = byModel(
    db
      .all<MetricRow>(
        `SELECT model, key, value, ${whole('time')}, ${whole('step')}, run, dataset_name AS datasetName, dataset_digest AS datasetDigest
           FROM logged_model_metric WHERE model IN (SELECT value FROM json_each(?)) ORDER BY model, key, logged_model_metric.time, logged_model_metric.step, rowid`,
        ids,
      )
      .map(metricOf),
  )
  return models.map((model) => ({
    model,
    params: params.get(model.id) ?? [],
    tags: tags.get(model.id) ?? [],
    metrics: metrics.get(model.id) ?? [],
  }))
}

function metricOf({ time, step, value, ...row }: MetricRow): ModelMetric & { readonly model: string } {
  const [moment, at] = [splitCell(time), splitCell(step)]
  // SQLite has no NaN: it is stored as NULL.
  const metric = { ...row, value: value ?? Number.NaN, time: moment.near, step: at.near }
  return moment.rest === 0 && at.rest === 0 ? metric : { ...metric, rest: { step: at.rest, time: moment.rest } }
}

function splitCell(cell: number | string): Whole {
  return typeof cell === 'number' ? { near: cell, rest: 0 } : splitWhole(BigInt(cell))
}

function byModel<Row extends { readonly model: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Omit<Row, 'model'>[]> {
  const lists = new Map<string, Omit<Row, 'model'>[]>()
  for (const { model, ...rest } of rows) {
    const list = lists.get(model)
    if (list === undefined) lists.set(model, [rest])
    else list.push(rest)
  }
  return lists
}
