import type { ForeignSchema } from '#electron/db/foreign/schema.ts'

/** The tables of MLflow that are read. */
export const TABLES = [
  'alembic_version',
  'experiments',
  'experiment_tags',
  'runs',
  'params',
  'tags',
  'metrics',
  'datasets',
  'inputs',
  'input_tags',
  'logged_models',
  'logged_model_params',
  'logged_model_tags',
  'logged_model_metrics',
  'registered_models',
  'registered_model_tags',
  'registered_model_aliases',
  'model_versions',
  'model_version_tags',
  'trace_info',
  'evaluation_datasets',
] as const
export type Table = (typeof TABLES)[number]

/** What is searched by. MLflow has had indexes for runs since March 2022; an older database is read from a copy that gets them. */
export const SEARCHED: readonly (readonly [Table, ...string[]])[] = [
  ['runs', 'run_uuid'],
  ['params', 'run_uuid'],
  ['tags', 'run_uuid'],
  ['metrics', 'run_uuid'],
  ['inputs', 'destination_type', 'destination_id'],
  ['inputs', 'source_type', 'source_id'],
  ['input_tags', 'input_uuid'],
  ['datasets', 'dataset_uuid'],
  ['logged_model_params', 'model_id'],
  ['logged_model_tags', 'model_id'],
  ['logged_model_metrics', 'model_id'],
]

const SAFE = Number.MAX_SAFE_INTEGER

/** Columns for a SELECT: those that the table doesn't have are NULL. A `text:` before a name keeps integers whole that JavaScript would round, `whole:` only those. */
export function columns(schema: ForeignSchema, table: Table, names: readonly string[]): string {
  const known = schema.columns(table)
  return names
    .map((given) => {
      const name = given.replace(/^(?:text|whole):/, '')
      if (!known.has(name)) return 'NULL'
      if (given === name) return `"${name}"`
      const text = `CAST("${name}" AS TEXT)`
      return given === `text:${name}` ? text : `iif("${name}" BETWEEN ${-SAFE} AND ${SAFE}, "${name}", ${text})`
    })
    .join(', ')
}

export function hasColumns(schema: ForeignSchema, table: Table, ...names: readonly string[]): boolean {
  const known = schema.columns(table)
  return names.every((name) => known.has(name))
}
