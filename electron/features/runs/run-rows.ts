import type { ProjectContext } from '#electron/features/projects/index.ts'
import { bundlesOfRuns, datasetsByRun, type RunBundle } from './bundles.ts'
import { restsOf, withRests } from './exact-times.ts'
import { isUntold, MIRRORED_TAGS } from './mirrored-tags.ts'
import type { DatasetUse } from './queries.ts'
import { recordOf, type RunRecord, type RunRow } from './records.ts'

/** What is read of table `run` for all rows of a search. */
type Searched = Pick<
  RunRow,
  'number' | 'id' | 'experiment' | 'name' | 'status' | 'source' | 'started_at' | 'ended_at' | 'user' | 'note' | 'parent'
>

/**
 * Runs that are searched as MLflow's clients search: by what the script logged, not by what was found out around it. A column is read when it
 * is asked for, once, for all rows in one statement; so a search costs what its filter and order name, and the page that is shown.
 */
export type RunRows = {
  readonly length: number
  /** Values by row; rows are in the order of the runs' numbers. */
  readonly attribute: <Name extends keyof Searched>(name: Name) => readonly Searched[Name][]
  /** What times are more than their doubles, by row; undefined where all are exact, which costs one look at each. */
  readonly rests: (name: 'started_at' | 'ended_at') => readonly number[] | undefined
  /** Values by row; undefined where a run has none of that key. */
  readonly params: (key: string) => readonly (string | undefined)[]
  readonly tags: (key: string) => readonly (string | undefined)[]
  /** The latest value of a logged metric. */
  readonly metrics: (key: string) => readonly (number | undefined)[]
  readonly datasets: () => readonly (readonly DatasetUse[])[]
  /** All of some rows, in the given order. */
  readonly bundles: (rows: readonly number[]) => readonly RunBundle[]
}

/** The runs of experiments. `active` counts archived ones in, as MLflow knows none. To be used up in the turn that made it. */
export function runRows(
  project: ProjectContext,
  experiments: readonly string[],
  lifecycle: 'active' | 'deleted' | 'all',
): RunRows {
  const { db, metrics } = project
  const given = [JSON.stringify(experiments), lifecycle, lifecycle]
  const read = (name: keyof Searched): readonly unknown[] =>
    db
      .prepare(
        `SELECT "${name}" FROM run WHERE experiment IN (SELECT value FROM json_each(?))
            AND (? = 'all' OR (lifecycle = 'deleted') = (? = 'deleted')) ORDER BY number`,
      )
      .rows<readonly [unknown]>(...given)
      .map(([value]) => value)
  const attribute = remembered(read) as RunRows['attribute']
  const numbers = attribute('number')
  const numberList = JSON.stringify(numbers)
  const keyed = (sql: string, key: string): readonly (string | undefined)[] => {
    const values = new Map(db.prepare(sql).rows<readonly [number, string]>(key, numberList))
    return numbers.map((number) => values.get(number))
  }
  return {
    length: numbers.length,
    attribute,
    rests: remembered((name) => restsOf(db, name, numbers, attribute(name))),
    params: remembered((key) =>
      keyed(
        `SELECT run, value FROM param WHERE origin = 'logged' AND key = ? AND run IN (SELECT value FROM json_each(?))`,
        key,
      ),
    ),
    tags: remembered((key) => {
      const mirror = MIRRORED_TAGS.get(key)
      const own = (): readonly (string | undefined)[] =>
        keyed('SELECT run, value FROM tag WHERE key = ? AND run IN (SELECT value FROM json_each(?))', key)
      if (mirror === undefined) return own()
      const values = attribute(mirror).map((value) => value || undefined)
      if (mirror !== 'user' || !values.some(isUntold)) return values
      const sent = own()
      return values.map((value, row) => (isUntold(value) ? sent[row] : value))
    }),
    metrics: remembered((key) => {
      const values = new Map(metrics.latest(numbers, key).map(({ run, last }) => [run, last]))
      return numbers.map((number) => values.get(number))
    }),
    datasets() {
      const found = datasetsByRun(db, numberList)
      return numbers.map((number) => found.get(number) ?? [])
    },
    bundles(rows) {
      const wanted = rows.flatMap((row) => numbers[row] ?? [])
      const found = new Map<number, RunRecord>()
      const list = db.all<RunRow>(
        'SELECT * FROM run WHERE number IN (SELECT value FROM json_each(?))',
        JSON.stringify(wanted),
      )
      for (const row of list) found.set(row.number, withRests(db, recordOf(row)))
      return bundlesOfRuns(
        project,
        wanted.flatMap((number) => found.get(number) ?? []),
      )
    },
  }
}

/** The same by name, each worked out once. */
function remembered<Name, Value>(read: (name: Name) => Value): (name: Name) => Value {
  const known = new Map<Name, Value>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const value = read(name)
    known.set(name, value)
    return value
  }
}
