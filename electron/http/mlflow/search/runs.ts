import type { RunRecord, RunRows } from '#electron/features/runs/index.ts'
import { MLFLOW_STATUS } from '../run-status.ts'
import { type Column, numberColumn, type Searched, textColumn } from './columns.ts'
import { matching } from './filter.ts'
import { ordersIn, sorted } from './order.ts'

/** Rows of a search for runs in MLflow's order: as asked, then the newest first, then by id. */
export function searchRuns(
  rows: RunRows,
  filter: string,
  orderBy: readonly string[],
  artifactUri: (run: RunRecord) => string,
  now: number,
): readonly number[] {
  const searched = searchedRuns(rows, artifactUri, now)
  const found = matching(searched, filter)
  const orders = ordersIn(searched, orderBy)
  return sorted(found, [
    ...orders,
    { column: numberColumn(rows.runs.map(({ startedAt }) => startedAt)), ascending: false },
    { column: textColumn(rows.runs.map(({ id }) => id)), ascending: true },
  ])
}

function searchedRuns(rows: RunRows, artifactUri: (run: RunRecord) => string, now: number): Searched {
  const { runs } = rows
  const text = (read: (run: RunRecord) => string | null) => (): Column => textColumn(runs.map(read))
  const number = (read: (run: RunRecord) => number | null) => (): Column => numberColumn(runs.map(read))
  const name = text((run) => run.name)
  const started = number(({ startedAt }) => (startedAt === null ? null : Math.round(startedAt)))
  const status = (): Column => ({
    kind: 'text',
    values: runs.map((run) => MLFLOW_STATUS[run.status]),
    canonical: (word) => word.toUpperCase(),
  })
  const datasets = (field: string) => (): Column => ({
    kind: 'texts',
    values: rows.datasets().map((list) => list.flatMap((use) => datasetField(use, field) ?? [])),
  })
  return {
    length: runs.length,
    now,
    attributes: {
      run_id: text((run) => run.id),
      run_name: name,
      status,
      start_time: started,
      end_time: number(({ endedAt }) => (endedAt === null ? null : Math.round(endedAt))),
      user_id: text((run) => run.user ?? ''),
      artifact_uri: text(artifactUri),
      created: started,
      Created: started,
      'run name': name,
      'Run name': name,
      'Run Name': name,
    },
    keyed: {
      metric: (key) => ({ kind: 'number', values: rows.metrics(key) }),
      param: (key) => ({ kind: 'text', values: rows.params(key) }),
      tag: (key) => ({ kind: 'text', values: rows.tags(key) }),
      dataset: (key) => datasets(key)(),
    },
  }
}

type DatasetUse = ReturnType<RunRows['datasets']>[number][number]

function datasetField(use: DatasetUse, field: string): string | undefined {
  if (field === 'name') return use.name
  if (field === 'digest') return use.digest
  return field === 'context' ? use.tags['mlflow.data.context'] : undefined
}
