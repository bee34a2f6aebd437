import type { ProjectContext } from '#electron/features/projects/index.ts'
import { bundlesOfRuns, datasetsByRun, type RunBundle } from './bundles.ts'
import { MIRRORED_TAGS } from './mirrored-tags.ts'
import type { DatasetUse } from './queries.ts'
import { recordOf, type RunRecord, type RunRow } from './records.ts'

/**
 * Runs that are searched as MLflow's clients search: by what the script logged, not by what was found out around it. A column is read when it
 * is asked for, for all rows in one statement; so a search costs what its filter and order name, and the page that is shown.
 */
export type RunRows = {
  /** By number. */
  readonly runs: readonly RunRecord[]
  /** Values by row; undefined where a run has none of that key. */
  readonly params: (key: string) => readonly (string | undefined)[]
  readonly tags: (key: string) => readonly (string | undefined)[]
  /** The latest value of a logged metric. */
  readonly metrics: (key: string) => readonly (number | undefined)[]
  readonly datasets: () => readonly (readonly DatasetUse[])[]
  /** All of some rows, in the given order. */
  readonly bundles: (rows: readonly number[]) => readonly RunBundle[]
}

/** The runs of experiments. `active` counts archived ones in, as MLflow knows none. */
export function runRows(
  project: ProjectContext,
  experiments: readonly string[],
  lifecycle: 'active' | 'deleted' | 'all',
): RunRows {
  const { db, metrics } = project
  const runs = db
    .all<RunRow>(
      `SELECT * FROM run WHERE experiment IN (SELECT value FROM json_each(?))
          AND (? = 'all' OR (lifecycle = 'deleted') = (? = 'deleted')) ORDER BY number`,
      JSON.stringify(experiments),
      lifecycle,
      lifecycle,
    )
    .map(recordOf)
  const numbers = JSON.stringify(runs.map(({ number }) => number))
  const keyed = (sql: string, key: string): readonly (string | undefined)[] => {
    const values = new Map(db.prepare(sql).rows<readonly [number, string]>(key, numbers))
    return runs.map(({ number }) => values.get(number))
  }
  return {
    runs,
    params: (key) =>
      keyed(
        `SELECT run, value FROM param WHERE origin = 'logged' AND key = ? AND run IN (SELECT value FROM json_each(?))`,
        key,
      ),
    tags(key) {
      const mirror = MIRRORED_TAGS.get(key)
      if (mirror !== undefined) return runs.map((run) => run[mirror] || undefined)
      return keyed('SELECT run, value FROM tag WHERE key = ? AND run IN (SELECT value FROM json_each(?))', key)
    },
    metrics(key) {
      const all = runs.map(({ number }) => number)
      const values = new Map(metrics.ofRuns(all, key).map(({ run, summary }) => [run, summary.last]))
      return all.map((number) => values.get(number))
    },
    datasets() {
      const found = datasetsByRun(db, numbers)
      return runs.map(({ number }) => found.get(number) ?? [])
    },
    bundles: (rows) =>
      bundlesOfRuns(
        project,
        rows.flatMap((row) => runs[row] ?? []),
      ),
  }
}
