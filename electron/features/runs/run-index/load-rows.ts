import type { Lifecycle } from '#shared/contract/runs.ts'
import type { ReadDb } from '#electron/db/connection.ts'
import { setNumber } from './number-column.ts'
import {
  ACTIVE,
  ARCHIVED,
  clearRow,
  DELETED,
  keyColumn,
  rowFor,
  rowOf,
  type RunColumns,
  setLifecycle,
} from './run-columns.ts'
import { setText, textAt } from './text-column.ts'

/** Longer texts are compared and sorted by their beginning: a megabyte in a parameter must not fill the memory. */
export const TEXT_LIMIT = 2_048

const LIFECYCLES: Readonly<Record<Lifecycle, number>> = { active: ACTIVE, archived: ARCHIVED, deleted: DELETED }

type RunFields = readonly [
  number: number,
  id: string,
  experiment: string,
  name: string,
  status: string,
  lifecycle: Lifecycle,
  started: number | null,
  ended: number | null,
  user: string | null,
  source: string,
  parent: string | null,
  script: string | null,
  folder: string | null,
  note: string,
]
type Keyed = readonly [run: number, keys: string, values: string]
type Code = readonly [run: number, branch: string | null, commit: string | null]

/**
 * Reads runs with their parameters and tags into the columns: all of them, or those of the given numbers (whose old cells go). Keys and values
 * come as one JSON text a run, which is three times faster than a row each.
 */
export function loadRows(db: ReadDb, columns: RunColumns, only?: readonly number[]): void {
  const [numberIn, runIn, given] =
    only === undefined
      ? ['', '', []]
      : [
          'WHERE number IN (SELECT value FROM json_each(?))',
          'AND run IN (SELECT value FROM json_each(?))',
          [JSON.stringify(only)],
        ]
  const runs = db
    .prepare(
      `SELECT number, id, experiment, substr(name, 1, ${TEXT_LIMIT}), status, lifecycle, started_at, ended_at, user, source, parent, script, folder,
              substr(note, 1, ${TEXT_LIMIT})
         FROM run ${numberIn} ORDER BY number`,
    )
    .rows<RunFields>(...given)
  const seen = new Set<number>()
  for (const run of runs) {
    seen.add(run[0])
    setRun(columns, rowFor(columns, run[0]), run)
  }
  // Captured ones first: what the script logged itself covers them.
  const params = db
    .prepare(
      `SELECT run, json_group_array(key), json_group_array(substr(value, 1, ${TEXT_LIMIT})) FROM param
        WHERE origin IN ('captured', 'logged') ${runIn} GROUP BY run, origin ORDER BY run, origin`,
    )
    .rows<Keyed>(...given)
  setKeyed(columns, 'params', params, only)
  const tags = db
    .prepare(
      `SELECT run, json_group_array(key), json_group_array(substr(value, 1, ${TEXT_LIMIT})) FROM tag
        WHERE key <> 'mlflow.log-model.history' ${runIn} GROUP BY run ORDER BY run`,
    )
    .rows<Keyed>(...given)
  setKeyed(columns, 'tags', tags, only)
  const code = db
    .prepare(
      `SELECT run, json_extract(value, '$.branch'), json_extract(value, '$.commit') FROM run_fact
        WHERE kind = 'git' AND json_valid(value) ${runIn}`,
    )
    .rows<Code>(...given)
  setCode(columns, code, only)
  for (const number of only ?? []) {
    const row = rowOf(columns, number)
    if (row !== undefined && !seen.has(number)) clearRow(columns, row)
  }
  columns.revision++
}

/** Reads the names of all experiments. */
export function loadExperiments(db: ReadDb, columns: RunColumns): void {
  columns.experimentNames.clear()
  for (const [id, name] of db.prepare('SELECT id, name FROM experiment').rows<readonly [string, string]>()) {
    columns.experimentNames.set(id, name)
  }
  columns.revision++
}

function setRun(columns: RunColumns, row: number, run: RunFields): void {
  const [, id, experiment, name, status, lifecycle, started, ended, user, source, parent, script, folder, note] = run
  const { texts, numeric } = columns
  setLifecycle(columns, row, LIFECYCLES[lifecycle])
  setText(columns.experiments, row, experiment)
  setText(texts.id, row, id)
  setText(texts.name, row, name)
  setText(texts.status, row, status)
  setText(texts.user, row, user)
  setText(texts.source, row, source)
  setText(texts.parent, row, parent)
  setText(texts.script, row, script)
  setText(texts.folder, row, folder)
  setText(texts.note, row, note === '' ? null : note)
  setNumber(numeric.started, row, started)
  setNumber(numeric.ended, row, ended)
}

/**
 * Runs of one script have the same keys in the same order: their text is parsed once. Of the given runs, what they have no longer goes; a cell that is as
 * it was is not touched, so what follows from its column stays valid.
 */
function setKeyed(
  columns: RunColumns,
  kind: 'params' | 'tags',
  rows: readonly Keyed[],
  only: readonly number[] | undefined,
): void {
  const parsed = new Map<string, readonly string[]>()
  // By row the values that hold: a later origin covers an earlier one.
  const found = new Map((only ?? []).flatMap((number) => rowOf(columns, number) ?? []).map((row) => [row, noValues()]))
  for (const [run, keyText, valueText] of rows) {
    const row = rowOf(columns, run)
    if (row === undefined) continue
    let keys = parsed.get(keyText)
    if (keys === undefined) {
      keys = JSON.parse(keyText) as readonly string[]
      parsed.set(keyText, keys)
    }
    const values = JSON.parse(valueText) as readonly string[]
    const patch = found.get(row)
    for (let index = 0; index < keys.length; index++) {
      const [key = '', value = ''] = [keys[index], values[index]]
      if (patch === undefined) setText(keyColumn(columns, kind, key), row, value)
      else patch.set(key, value)
    }
  }
  for (const [row, patch] of found) {
    for (const [key, column] of columns[kind]) if (!patch.has(key)) setText(column, row, null)
    for (const [key, value] of patch) setText(keyColumn(columns, kind, key), row, value)
  }
}

function noValues(): Map<string, string> {
  return new Map()
}

/** Branch and commit: as captured, else as a client of MLflow says in its tags. */
function setCode(columns: RunColumns, facts: readonly Code[], only: readonly number[] | undefined): void {
  const captured = new Map(facts.map(([run, branch, commit]) => [rowOf(columns, run), { branch, commit }]))
  const fromTag = (key: string, row: number): string | null => {
    const column = columns.tags.get(key)
    return column === undefined ? null : textAt(column, row)
  }
  const set = (row: number): void => {
    const code = captured.get(row)
    setText(columns.texts.branch, row, code?.branch ?? fromTag('mlflow.source.git.branch', row))
    setText(columns.texts.commit, row, code?.commit ?? fromTag('mlflow.source.git.commit', row))
  }
  if (only === undefined) for (let row = 0; row < columns.length; row++) set(row)
  else for (const row of only.flatMap((number) => rowOf(columns, number) ?? [])) set(row)
}
