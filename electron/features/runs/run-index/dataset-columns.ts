import type { ReadDb } from '#electron/db/connection.ts'
import { rowOf, type RunColumns } from './run-columns.ts'

type Field = { readonly codes: Int32Array; readonly dictionary: readonly string[] }

/** Datasets of each row: those of row r stand at `offsets[r]` to `offsets[r + 1] - 1`. */
export type DatasetColumns = {
  readonly offsets: Int32Array
  readonly fields: { readonly name: Field; readonly digest: Field; readonly context: Field }
}

/** Reads which datasets the runs used; made only when a filter asks for it. `context` is the tag that MLflow's `log_input` sets. */
export function loadDatasetColumns(db: ReadDb, columns: RunColumns): DatasetColumns {
  const uses = db
    .prepare(
      `SELECT run, name, digest, json_extract(tags, '$."mlflow.data.context"')
         FROM run_dataset JOIN dataset ON dataset.id = run_dataset.dataset ORDER BY run`,
    )
    .rows<readonly [number, string, string, string | null]>()
    .filter(([run]) => rowOf(columns, run) !== undefined)
  const offsets = new Int32Array(columns.length + 1)
  for (const [run] of uses) {
    const after = (rowOf(columns, run) ?? 0) + 1
    offsets[after] = (offsets[after] ?? 0) + 1
  }
  for (let row = 0; row < columns.length; row++) offsets[row + 1] = (offsets[row + 1] ?? 0) + (offsets[row] ?? 0)
  return {
    offsets,
    fields: {
      name: field(uses.map(([, name]) => name)),
      digest: field(uses.map(([, , digest]) => digest)),
      context: field(uses.map(([, , , context]) => context)),
    },
  }
}

/** Rows ascend with run numbers, so the uses stand in the order of the rows already. */
function field(texts: readonly (string | null)[]): Field {
  const lookup = new Map<string, number>()
  const codes = Int32Array.from(texts, (text) => {
    if (text === null) return -1
    const code = lookup.get(text) ?? lookup.size
    lookup.set(text, code)
    return code
  })
  return { codes, dictionary: [...lookup.keys()] }
}
