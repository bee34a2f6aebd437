import type { ForeignReader, Row } from '#electron/db/foreign/connection.ts'
import { columns, hasColumns } from './tables.ts'

/** Rows to a transaction: some 20 ms, in which a writer waits. */
export const PORTION = 20_000

/** Key, value, time, step, whether it is NaN, and the number of the row. */
const GIVEN = ['key', 'value', 'whole:timestamp', 'whole:step', 'is_nan'] as const

export function canReadPoints({ schema }: ForeignReader): boolean {
  return schema.isNumbered('metrics') && hasColumns(schema, 'metrics', 'run_uuid', 'key', 'value')
}

export function hasSteps({ schema }: ForeignReader): boolean {
  return hasColumns(schema, 'metrics', 'step')
}

/** Whether one metric of a run is found without reading the others: since March 2026. */
export function findsMetrics({ schema }: ForeignReader): boolean {
  return schema.isIndexed('metrics', 'run_uuid', 'key', 'step')
}

/** The next points of a run in the order in which they were logged, from behind a row. */
export function pointsBehind({ schema, all }: ForeignReader, run: string, row: number): readonly Row[] {
  return all(
    `SELECT ${columns(schema, 'metrics', GIVEN)}, rowid FROM metrics
      WHERE run_uuid = ? AND rowid > ? ORDER BY rowid LIMIT ${PORTION}`,
    run,
    row,
  )
}

/** The next points of one metric by step, from behind a step and a row. */
export function metricBehind(
  { schema, all }: ForeignReader,
  run: string,
  key: string,
  [step, row]: readonly [number | bigint, number],
): readonly Row[] {
  return all(
    `SELECT ${columns(schema, 'metrics', GIVEN)}, rowid FROM metrics
      WHERE run_uuid = ? AND key = ? AND (step, rowid) > (?, ?) ORDER BY step, rowid LIMIT ${PORTION}`,
    run,
    key,
    step,
    row,
  )
}

/** The first metric's name after one, or before all others. */
export function keyBehind({ all }: ForeignReader, run: string, key: string | null): string | null {
  const row =
    key === null
      ? all('SELECT min(key) FROM metrics WHERE run_uuid = ?', run)[0]
      : all('SELECT min(key) FROM metrics WHERE run_uuid = ? AND key > ?', run, key)[0]
  return typeof row?.[0] === 'string' ? row[0] : null
}

/** Metrics' names of the next rows, from behind a row: enough to count them. */
export function keysBehind({ all }: ForeignReader, run: string, row: number): readonly Row[] {
  return all(
    `SELECT key, rowid FROM metrics WHERE run_uuid = ? AND rowid > ? ORDER BY rowid LIMIT ${PORTION}`,
    run,
    row,
  )
}
