import type { ForeignReader, Row } from '#electron/db/foreign/connection.ts'
import { columns, hasColumns, type Table } from './tables.ts'

type Db = ForeignReader

export function allExperiments({ schema, all }: Db): readonly Row[] {
  if (!schema.has('experiments')) return []
  const given = [
    'text:experiment_id',
    'name',
    'artifact_location',
    'lifecycle_stage',
    'creation_time',
    'last_update_time',
    'workspace',
  ]
  return all(`SELECT ${columns(schema, 'experiments', given)} FROM experiments ORDER BY experiments.experiment_id`)
}

/** The experiment's id, key and value. */
export function allExperimentTags({ schema, all }: Db): readonly Row[] {
  if (!hasColumns(schema, 'experiment_tags', 'experiment_id', 'key')) return []
  return all(
    `SELECT ${columns(schema, 'experiment_tags', ['text:experiment_id', 'key', 'value'])} FROM experiment_tags ORDER BY key`,
  )
}

/** Rows to a transaction. */
export const LISTED = 10_000

/** Row number, experiment, id and time of start of the next rows behind a row: enough to put them in order. */
export function placesBehind({ schema, all }: Db, table: Table, id: string, time: string, row: number): readonly Row[] {
  if (!schema.isNumbered(table) || !hasColumns(schema, table, id, 'experiment_id')) return []
  const given = columns(schema, table, ['text:experiment_id', `text:${id}`, time])
  return all(`SELECT rowid, ${given} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${LISTED}`, row)
}

const OF_RUN = [
  'text:run_uuid',
  'name',
  'status',
  'lifecycle_stage',
  'deleted_time',
  'whole:start_time',
  'whole:end_time',
  'user_id',
  'artifact_uri',
  'source_type',
  'source_name',
  'source_version',
  'entry_point_name',
]

export function runAt({ schema, all }: Db, row: number): Row | undefined {
  return all(`SELECT ${columns(schema, 'runs', OF_RUN)} FROM runs WHERE rowid = ?`, row)[0]
}

export function runRow({ schema, all }: Db, run: string): Row | undefined {
  return all(`SELECT ${columns(schema, 'runs', OF_RUN)} FROM runs WHERE run_uuid = ?`, run)[0]
}

/** Key and value of what hangs on one thing. */
export function pairsOf(
  { schema, all }: Db,
  table: Table,
  [owner, key, value]: readonly [string, string, string],
  id: string,
): readonly Row[] {
  if (!hasColumns(schema, table, owner, key)) return []
  return all(`SELECT ${columns(schema, table, [key, value])} FROM ${table} WHERE "${owner}" = ? ORDER BY "${key}"`, id)
}

export function countPoints({ schema, all }: Db, run: string): number {
  if (!hasColumns(schema, 'metrics', 'run_uuid')) return 0
  return Number(all('SELECT count(*) FROM metrics WHERE run_uuid = ?', run)[0]?.[0] ?? 0)
}

/** Use, dataset's id, name, digest, source type, source, schema, profile. */
export function datasetsOf({ schema, all }: Db, run: string): readonly Row[] {
  if (!hasColumns(schema, 'inputs', 'destination_type', 'destination_id', 'source_id')) return []
  if (!hasColumns(schema, 'datasets', 'dataset_uuid', 'name')) return []
  const given = [
    'dataset_uuid',
    'name',
    'digest',
    'dataset_source_type',
    'dataset_source',
    'dataset_schema',
    'dataset_profile',
  ]
  return all(
    `SELECT ${columns(schema, 'inputs', ['input_uuid'])} AS input, d.* FROM inputs
       JOIN (SELECT ${columns(schema, 'datasets', given)}, "dataset_uuid" AS uuid FROM datasets) AS d ON d.uuid = inputs.source_id
      WHERE inputs.destination_type = 'RUN' AND inputs.destination_id = ? ORDER BY inputs.rowid`,
    run,
  )
}

/** Models that a run used or made: direction, model, step. */
export function modelsOf({ schema, all }: Db, run: string): readonly Row[] {
  if (!hasColumns(schema, 'inputs', 'source_type', 'source_id', 'destination_type', 'destination_id')) return []
  return all(
    `SELECT source_type, ${columns(schema, 'inputs', ['destination_id', 'whole:step'])} FROM inputs
      WHERE source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND source_id = ?
        AND destination_type = CASE source_type WHEN 'RUN_INPUT' THEN 'MODEL_INPUT' ELSE 'MODEL_OUTPUT' END
      ORDER BY 1, 3, 2`,
    run,
  )
}

/** What was linked to a run, for its fingerprint. */
export function linksOf({ schema, all }: Db, run: string): readonly Row[] {
  if (!hasColumns(schema, 'inputs', 'source_type', 'source_id', 'destination_type', 'destination_id')) return []
  const given = columns(schema, 'inputs', ['source_type', 'source_id', 'destination_id', 'whole:step'])
  return all(
    `SELECT ${given} FROM inputs WHERE destination_type = 'RUN' AND destination_id = ?
     UNION ALL SELECT ${given} FROM inputs WHERE source_type = 'RUN_INPUT' AND source_id = ?
     UNION ALL SELECT ${given} FROM inputs WHERE source_type = 'RUN_OUTPUT' AND source_id = ? ORDER BY 1, 2, 3`,
    run,
    run,
    run,
  )
}

export function loggedModelAt({ schema, all }: Db, row: number): Row | undefined {
  const given = [
    'text:model_id',
    'name',
    'artifact_location',
    'creation_timestamp_ms',
    'last_updated_timestamp_ms',
    'status',
    'lifecycle_stage',
    'model_type',
    'source_run_id',
    'status_message',
  ]
  return all(`SELECT ${columns(schema, 'logged_models', given)} FROM logged_models WHERE rowid = ?`, row)[0]
}

/** Name, time, step, value, run, dataset's name and digest. */
export function modelMetricsOf({ schema, all }: Db, model: string): readonly Row[] {
  if (!hasColumns(schema, 'logged_model_metrics', 'model_id', 'metric_name')) return []
  const given = [
    'metric_name',
    'whole:metric_timestamp_ms',
    'whole:metric_step',
    'metric_value',
    'run_id',
    'dataset_name',
    'dataset_digest',
  ]
  return all(
    `SELECT ${columns(schema, 'logged_model_metrics', given)} FROM logged_model_metrics WHERE model_id = ? ORDER BY metric_name, rowid`,
    model,
  )
}

export function allRegisteredModels({ schema, all }: Db): readonly Row[] {
  if (!hasColumns(schema, 'registered_models', 'name')) return []
  const given = ['workspace', 'name', 'creation_time', 'last_updated_time', 'description']
  return all(`SELECT ${columns(schema, 'registered_models', given)} FROM registered_models ORDER BY name`)
}

export type ModelName = { readonly workspace: string | null; readonly name: string }

export function versionsOf(db: Db, model: ModelName): readonly Row[] {
  const given = [
    'version',
    'description',
    'current_stage',
    'source',
    'storage_location',
    'run_id',
    'run_link',
    'user_id',
    'creation_time',
    'last_updated_time',
    'status',
    'status_message',
  ]
  return ofModel(db, 'model_versions', given, model, 'version')
}

/** Version, key, value. */
export function versionTagsOf(db: Db, model: ModelName): readonly Row[] {
  return ofModel(db, 'model_version_tags', ['version', 'key', 'value'], model, 'key')
}

export function registeredModelTagsOf(db: Db, model: ModelName): readonly Row[] {
  return ofModel(db, 'registered_model_tags', ['key', 'value'], model, 'key')
}

export function aliasesOf(db: Db, model: ModelName): readonly Row[] {
  return ofModel(db, 'registered_model_aliases', ['alias', 'version'], model, 'alias')
}

function ofModel(
  { schema, all }: Db,
  table: Table,
  given: readonly string[],
  { workspace, name }: ModelName,
  order: string,
): readonly Row[] {
  if (!hasColumns(schema, table, 'name', order)) return []
  const sql = `SELECT ${columns(schema, table, given)} FROM ${table} WHERE name = ?`
  if (workspace === null || !hasColumns(schema, table, 'workspace')) return all(`${sql} ORDER BY "${order}"`, name)
  return all(`${sql} AND workspace = ? ORDER BY "${order}"`, name, workspace)
}

export function countModels({ schema, all }: Db): { logged: number; registered: number; versions: number } {
  const count = (table: Table, where = ''): number =>
    schema.has(table) ? Number(all(`SELECT count(*) FROM ${table} ${where}`)[0]?.[0] ?? 0) : 0
  const staged = hasColumns(schema, 'model_versions', 'current_stage')
  return {
    logged: count('logged_models'),
    registered: count('registered_models'),
    versions: count('model_versions', staged ? "WHERE current_stage IS NOT 'Deleted_Internal'" : ''),
  }
}

export function countRows({ schema, all }: Db, table: Table): number {
  return schema.has(table) ? Number(all(`SELECT count(*) FROM ${table}`)[0]?.[0] ?? 0) : 0
}
