import type { ReadDb } from '#electron/db/connection.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { MetricStore, SeriesColumns, SeriesStretch } from '#electron/features/metrics/index.ts'
import type { MetricPoint } from './metric-points.ts'
import { mlflowTags } from './mirrored-tags.ts'
import { type DatasetUse, type Tag, tagsOf } from './queries.ts'
import type { RunRecord } from './records.ts'
import { existingRun } from './run-writes.ts'

/** A run with what MLflow's clients see of it. */
export type RunBundle = {
  readonly run: RunRecord
  /** What the script logged; captured parameters are another namespace. */
  readonly params: readonly Tag[]
  /** The latest point of each logged metric. */
  readonly metrics: readonly MetricPoint[]
  /** With those that mirror the run's name, user, note and parent. */
  readonly tags: readonly Tag[]
  readonly datasets: readonly DatasetUse[]
  /** A step is a bigint where a double would round it. */
  readonly models: readonly {
    readonly model: string
    readonly direction: 'input' | 'output'
    readonly step: number | bigint
  }[]
}

/** One run. Throws `not_found`. */
export function bundleOf(project: ProjectContext, id: string): RunBundle {
  const run = existingRun(project, id)
  return bundlesOfRuns(project, [run])[0] ?? { run, params: [], metrics: [], tags: [], datasets: [], models: [] }
}

/** A run that was made in this very write: nothing hangs on it but its tags. */
export function bundleOfNew(project: ProjectContext, run: RunRecord): RunBundle {
  const tags = mlflowTags(run, tagsOf(project.db, run.number))
  return { run, params: [], metrics: [], tags, datasets: [], models: [] }
}

/** Runs with all that hangs on them, in the given order, in a handful of statements however many there are. */
export function bundlesOfRuns(project: ProjectContext, runs: readonly RunRecord[]): readonly RunBundle[] {
  const { db } = project
  const numbers = JSON.stringify(runs.map(({ number }) => number))
  const params = pairs(
    db,
    numbers,
    `SELECT run, json_group_array(key), json_group_array(value) FROM param WHERE origin = 'logged' AND`,
  )
  const tags = pairs(db, numbers, 'SELECT run, json_group_array(key), json_group_array(value) FROM tag WHERE')
  const datasets = datasetsByRun(db, numbers)
  const models = modelsByRun(db, numbers)
  const latest = project.metrics.latest(runs.map(({ number }) => number))
  const metrics = grouped(latest, ({ run, key, last, lastTime, lastStep, rest }): readonly [number, MetricPoint] => {
    const point = { key, value: last, time: lastTime, step: lastStep }
    return [run, rest === undefined ? point : { ...point, rest }]
  })
  return runs.map((run) => ({
    run,
    params: params.get(run.number) ?? [],
    metrics: metrics.get(run.number) ?? [],
    tags: mlflowTags(run, tags.get(run.number) ?? []),
    datasets: datasets.get(run.number) ?? [],
    models: models.get(run.number) ?? [],
  }))
}

function pairs(db: ReadDb, numbers: string, select: string): ReadonlyMap<number, readonly Tag[]> {
  return new Map(
    db
      .prepare(`${select} run IN (SELECT value FROM json_each(?)) GROUP BY run`)
      .rows<readonly [number, string, string]>(numbers)
      .map(([run, keyText, valueText]) => {
        const values = JSON.parse(valueText) as readonly string[]
        const keys = JSON.parse(keyText) as readonly string[]
        return [run, keys.map((key, index) => ({ key, value: values[index] ?? '' }))]
      }),
  )
}

type DatasetRow = Omit<DatasetUse, 'tags'> & { readonly run: number; readonly tags: string }

/** Datasets that runs read, as their clients told, by the run's number. */
export function datasetsByRun(db: ReadDb, numbers: string): ReadonlyMap<number, readonly DatasetUse[]> {
  const rows = db.all<DatasetRow>(
    `SELECT run, name, digest, source_type AS sourceType, source, schema, profile, tags
       FROM run_dataset JOIN dataset ON dataset.id = run_dataset.dataset
      WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, name, digest`,
    numbers,
  )
  return grouped(rows, ({ run, tags, ...rest }) => [run, { ...rest, tags: parseTags(tags) }])
}

type ModelUse = RunBundle['models'][number]

function modelsByRun(db: ReadDb, numbers: string): ReadonlyMap<number, readonly ModelUse[]> {
  const rows = db.all<Omit<ModelUse, 'step'> & { readonly run: number; readonly step: number | string }>(
    `SELECT run, model, direction,
            CASE WHEN run_model.step BETWEEN -9007199254740991 AND 9007199254740991 THEN run_model.step ELSE CAST(run_model.step AS TEXT) END AS step
       FROM run_model WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, run_model.step, model`,
    numbers,
  )
  return grouped(rows, ({ run, step, ...use }) => [
    run,
    { ...use, step: typeof step === 'string' ? BigInt(step) : step },
  ])
}

function grouped<Row, Value>(
  rows: readonly Row[],
  split: (row: Row) => readonly [number, Value],
): ReadonlyMap<number, readonly Value[]> {
  const lists = new Map<number, Value[]>()
  for (const row of rows) {
    const [run, value] = split(row)
    const list = lists.get(run)
    if (list === undefined) lists.set(run, [value])
    else list.push(value)
  }
  return lists
}

function parseTags(text: string): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(
      Object.entries(JSON.parse(text) as Record<string, unknown>).map(([key, value]) => [key, String(value)]),
    )
  } catch {
    return {}
  }
}

export type DatasetSummary = {
  readonly experiment: string
  readonly name: string
  readonly digest: string
  readonly context: string | null
}

/** Datasets of experiments with the contexts that they were used in: MLflow's `search-datasets`. */
export function datasetSummaries(db: ReadDb, experiments: readonly string[]): readonly DatasetSummary[] {
  return db.all<DatasetSummary>(
    `SELECT DISTINCT dataset.experiment, name, digest, json_extract(tags, '$."mlflow.data.context"') AS context
       FROM dataset LEFT JOIN run_dataset ON run_dataset.dataset = dataset.id
      WHERE dataset.experiment IN (SELECT value FROM json_each(?)) ORDER BY dataset.experiment, name, digest, context`,
    JSON.stringify(experiments),
  )
}

/** All points that the script logged under a key, by step, then time, then value; none for a key that it never logged. Throws `not_found` for no run. */
export function metricHistory(project: ProjectContext, id: string, key: string): SeriesColumns {
  const { number } = existingRun(project, id)
  const series = project.metrics.find(number, key, 'logged')
  if (series !== undefined) return project.metrics.series(series)
  return { step: new Float64Array(), time: new Float64Array(), value: new Float64Array() }
}

/** Points of a history from a place on: `MetricStore.stretch`; undefined for a key that the script never logged. Throws `not_found` for no run. */
export function metricStretch(
  project: ProjectContext,
  id: string,
  key: string,
  options: Parameters<MetricStore['stretch']>[1],
): SeriesStretch | undefined {
  const { number } = existingRun(project, id)
  const series = project.metrics.find(number, key, 'logged')
  return series === undefined ? undefined : project.metrics.stretch(series, options)
}
