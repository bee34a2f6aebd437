import type { RunRows } from '#electron/features/runs/index.ts'
import type { ArtifactRoots } from '../artifact-roots.ts'
import { mlflowStatus } from '../run-status.ts'
import { type Column, numberColumn, type Searched, textColumn } from './columns.ts'
import { holdsExactly } from './exact-clause.ts'
import { matching } from './filter.ts'
import { ordersIn, sorted } from './order.ts'

/** Rows of a search for runs in MLflow's order: as asked, then the newest first, then by id. */
export function searchRuns(
  rows: RunRows,
  filter: string,
  orderBy: readonly string[],
  artifactUri: ArtifactRoots['run'],
  now: number,
): readonly number[] {
  const searched = searchedRuns(rows, artifactUri, now)
  const found = matching(searched, filter)
  const orders = ordersIn(searched, orderBy)
  return sorted(found, [
    ...orders,
    { column: timeColumn(rows, 'started_at'), ascending: false },
    { column: textColumn(rows.attribute('id')), ascending: true },
  ])
}

function searchedRuns(rows: RunRows, artifactUri: ArtifactRoots['run'], now: number): Searched {
  const time = (name: 'started_at' | 'ended_at') => (): Column => timeColumn(rows, name)
  const name = (): Column => textColumn(rows.attribute('name'))
  const started = time('started_at')
  const ended = time('ended_at')
  const status = (): Column => {
    const sources = rows.attribute('source')
    return {
      kind: 'text',
      values: rows.attribute('status').map((value, row) => mlflowStatus({ status: value, source: sources[row] ?? '' })),
      canonical: (word) => word.toUpperCase(),
    }
  }
  const uri = (): Column => {
    const experiments = rows.attribute('experiment')
    return textColumn(rows.attribute('id').map((id, row) => artifactUri({ id, experiment: experiments[row] ?? '' })))
  }
  const datasets = (field: string) => (): Column => ({
    kind: 'texts',
    values: rows.datasets().map((list) => list.flatMap((use) => datasetField(use, field) ?? [])),
  })
  return {
    length: rows.length,
    now,
    holds: (clause) => holdsExactly(clause, { started, ended }),
    attributes: {
      run_id: () => textColumn(rows.attribute('id')),
      run_name: name,
      status,
      start_time: started,
      end_time: ended,
      user_id: () => textColumn(rows.attribute('user').map((user) => user ?? '')),
      artifact_uri: uri,
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

function timeColumn(rows: RunRows, name: 'started_at' | 'ended_at'): Column {
  return numberColumn(rows.attribute(name), rows.rests(name))
}

type DatasetUse = ReturnType<RunRows['datasets']>[number][number]

function datasetField(use: DatasetUse, field: string): string | undefined {
  if (field === 'name') return use.name
  if (field === 'digest') return use.digest
  return field === 'context' ? use.tags['mlflow.data.context'] : undefined
}
