import type { Lifecycle } from '#shared/contract/runs.ts'
import type { ReadDb } from '#electron/db/connection.ts'
import { setNumber } from './number-column.ts'
import { ACTIVE, ARCHIVED, clearKeys, clearRow, DELETED, keyColumn, rowFor, type RunColumns } from './run-columns.ts'
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
    const isNew = !columns.rowOfNumber.has(run[0])
    const row = rowFor(columns, run[0])
    if (!isNew) clearKeys(columns, row)
    setRun(columns, row, run)
  }
  // Captured ones first: what the script logged itself covers them.
  const params = db
    .prepare(
      `SELECT run, json_group_array(key), json_group_array(substr(value, 1, ${TEXT_LIMIT})) FROM param
        WHERE origin IN ('captured', 'logged') ${runIn} GROUP BY run, origin ORDER BY run, origin`,
    )
    .rows<Keyed>(...given)
  setKeyed(columns, 'params', params)
  const tags = db
    .prepare(
      `SELECT run, json_group_array(key), json_group_array(substr(value, 1, ${TEXT_LIMIT})) FROM tag
        WHERE key <> 'mlflow.log-model.history' ${runIn} GROUP BY run ORDER BY run`,
    )
    .rows<Keyed>(...given)
  setKeyed(columns, 'tags', tags)
  const code = db
    .prepare(
      `SELECT run, json_extract(value, '$.branch'), json_extract(value, '$.commit') FROM run_fact
        WHERE kind = 'git' AND json_valid(value) ${runIn}`,
    )
    .rows<Code>(...given)
  setCode(columns, code, only)
  for (const number of only ?? []) {
    const row = columns.rowOfNumber.get(number)
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
  columns.ids[row] = id
  columns.lifecycles[row] = LIFECYCLES[lifecycle]
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

/** Runs of one script have the same keys in the same order: their text is parsed once. */
function setKeyed(columns: RunColumns, kind: 'params' | 'tags', rows: readonly Keyed[]): void {
  const parsed = new Map<string, readonly string[]>()
  for (const [run, keyText, valueText] of rows) {
    const row = columns.rowOfNumber.get(run)
    if (row === undefined) continue
    let keys = parsed.get(keyText)
    if (keys === undefined) {
      keys = JSON.parse(keyText) as readonly string[]
      parsed.set(keyText, keys)
    }
    const values = JSON.parse(valueText) as readonly string[]
    for (let index = 0; index < keys.length; index++) {
      setText(keyColumn(columns, kind, keys[index] ?? ''), row, values[index] ?? null)
    }
  }
}

/** Branch and commit: as captured, else as a client of MLflow says in its tags. */
function setCode(columns: RunColumns, facts: readonly Code[], only: readonly number[] | undefined): void {
  const rows =
    only === undefined ? columns.rowOfNumber.values() : only.flatMap((number) => columns.rowOfNumber.get(number) ?? [])
  const fromTag = (key: string, row: number): string | null => {
    const column = columns.tags.get(key)
    return column === undefined ? null : textAt(column, row)
  }
  for (const row of rows) {
    setText(columns.texts.branch, row, fromTag('mlflow.source.git.branch', row))
    setText(columns.texts.commit, row, fromTag('mlflow.source.git.commit', row))
  }
  for (const [run, branch, commit] of facts) {
    const row = columns.rowOfNumber.get(run)
    if (row === undefined) continue
    if (branch !== null) setText(columns.texts.branch, row, branch)
    if (commit !== null) setText(columns.texts.commit, row, commit)
  }
}
