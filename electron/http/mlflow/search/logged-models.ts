import type { Clause } from '#shared/domain/filter/ast.ts'
import type { FilterColumn } from '#shared/domain/filter/columns.ts'
import { filterRows } from '#shared/domain/filter/rows.ts'
import type { LoggedModelBundle } from '#electron/features/models/index.ts'
import { invalid } from '../errors.ts'
import { type Column, filterColumn, numberColumn, type Searched, textColumn } from './columns.ts'
import { matching } from './filter.ts'
import { type Order, sorted } from './order.ts'

export type ModelOrder = {
  readonly field: string
  readonly ascending: boolean
  readonly dataset: string | null
  readonly digest: string | null
}
export type ModelDataset = { readonly name: string; readonly digest: string | null }
type Metric = LoggedModelBundle['metrics'][number]

const STATUS = { pending: 'PENDING', ready: 'READY', failed: 'UPLOAD_FAILED' } as const

/** Logged models of a search: as asked, then the newest first, then by id. With `datasets` only what was measured on one of them. */
export function searchLoggedModels(
  bundles: readonly LoggedModelBundle[],
  filter: string,
  orderBy: readonly ModelOrder[],
  datasets: readonly ModelDataset[],
  artifactUri: (model: LoggedModelBundle['model']) => string,
): readonly LoggedModelBundle[] {
  const on = (metric: Metric): boolean =>
    datasets.length === 0 ||
    datasets.some(
      ({ name, digest }) => metric.datasetName === name && (digest === null || metric.datasetDigest === digest),
    )
  const searched = searchedModels(bundles, on, artifactUri)
  const found = matching(searched, filter).filter(
    (row) => datasets.length === 0 || bundles[row]?.metrics.some(on) === true,
  )
  const created = numberColumn(bundles.map(({ model }) => model.createdAt))
  return sorted(found, [
    ...orderBy.map((order) => orderOf(bundles, searched, order)),
    { column: created, ascending: false },
    { column: textColumn(bundles.map(({ model }) => model.id)), ascending: true },
  ]).flatMap((row) => bundles[row] ?? [])
}

function searchedModels(
  bundles: readonly LoggedModelBundle[],
  on: (metric: Metric) => boolean,
  artifactUri: (model: LoggedModelBundle['model']) => string,
): Searched {
  const text = (read: (model: LoggedModelBundle['model']) => string | null) => (): Column =>
    textColumn(bundles.map(({ model }) => read(model)))
  const created = (): Column => numberColumn(bundles.map(({ model }) => model.createdAt))
  const updated = (): Column => numberColumn(bundles.map(({ model }) => model.updatedAt))
  return {
    length: bundles.length,
    now: 0,
    holds: (clause) => holdsForAny(bundles, clause, on) ?? holdsByNumber(bundles, clause),
    attributes: {
      name: text(({ name }) => name),
      model_id: text(({ id }) => id),
      model_type: text(({ type }) => type ?? ''),
      status: () => statusColumn(bundles),
      experiment_id: text(({ experiment }) => experiment),
      artifact_location: text(artifactUri),
      lifecycle_stage: text(({ lifecycle }) => lifecycle),
      source_run_id: text(({ sourceRun }) => sourceRun ?? ''),
      creation_timestamp: created,
      creation_time: created,
      creation_timestamp_ms: created,
      last_updated_timestamp: updated,
      last_updated_time: updated,
      last_updated_timestamp_ms: updated,
    },
    keyed: {
      metric: (key) =>
        numberColumn(
          bundles.map(({ metrics }) => latest(metrics.filter((metric) => metric.key === key && on(metric)))),
        ),
      param: (key) => textColumn(bundles.map(({ params }) => params.find((param) => param.key === key)?.value)),
      tag: (key) => textColumn(bundles.map(({ tags }) => tags.find((tag) => tag.key === key)?.value)),
    },
  }
}

/** A model is measured at several steps, by several runs, on several datasets: a clause about a metric holds when it holds for any of them. */
function holdsForAny(
  bundles: readonly LoggedModelBundle[],
  clause: Clause,
  on: (metric: Metric) => boolean,
): Uint8Array | undefined {
  if (clause.kind === 'text' || clause.kind === 'exists' || clause.key.entity !== 'metric') return undefined
  const { name } = clause.key
  const measured = bundles.flatMap(({ metrics }, row) =>
    metrics.flatMap((metric) => (metric.key === name && on(metric) ? [{ row, value: metric.value }] : [])),
  )
  const values = measured.map(({ value }) => value)
  const found = rowsOf(clause, { kind: 'number', values, present: null }, values.length)
  if (found === undefined) return undefined
  const holds = new Uint8Array(bundles.length)
  for (const index of found) holds[measured[index]?.row ?? -1] = 1
  return holds
}

/** `status = 2`: a number names the status that it stands for. */
function holdsByNumber(bundles: readonly LoggedModelBundle[], clause: Clause): Uint8Array | undefined {
  if (clause.kind !== 'compare' || clause.key.name !== 'status' || clause.value.kind !== 'number') return undefined
  const { value, span } = clause.value
  const spelled = { ...clause, value: { kind: 'string', text: String(value), span } } as const
  const found = rowsOf(spelled, filterColumn(statusColumn(bundles)), bundles.length)
  if (found === undefined) return undefined
  const holds = new Uint8Array(bundles.length)
  for (const row of found) holds[row] = 1
  return holds
}

/** Rows of one column that a clause lets through; undefined when it cannot be compared with it, which the search then says. */
function rowsOf(clause: Clause, column: FilterColumn, length: number): Uint32Array | undefined {
  const found = filterRows(clause, { column: () => column }, length, { now: 0, utcOffsetMinutes: 0 })
  return found.ok ? found.value : undefined
}

function statusColumn(bundles: readonly LoggedModelBundle[]): Column {
  return {
    kind: 'text',
    values: bundles.map(({ model }) => STATUS[model.status]),
    canonical: (word) => STATUS_NUMBERS[word] ?? word.toUpperCase().replace(/^LOGGED_MODEL_/, ''),
  }
}

/** The client's own number of a status, which it has in its filters. */
const STATUS_NUMBERS: Readonly<Record<string, string>> = { '1': 'PENDING', '2': 'READY', '3': 'UPLOAD_FAILED' }

function orderOf(bundles: readonly LoggedModelBundle[], searched: Searched, order: ModelOrder): Order {
  const { field, ascending, dataset, digest } = order
  if (field.startsWith('metrics.')) {
    const name = field.slice('metrics.'.length)
    const isMeant = ({ key, datasetName, datasetDigest }: Metric): boolean =>
      key === name && (dataset === null || datasetName === dataset) && (digest === null || datasetDigest === digest)
    return { column: numberColumn(bundles.map(({ metrics }) => latest(metrics.filter(isMeant)))), ascending }
  }
  if (field.includes('.')) throw invalid(`Invalid order by field name: ${field}. Only metrics are supported.`)
  const column = Object.hasOwn(searched.attributes, field) ? searched.attributes[field] : undefined
  if (column === undefined) throw invalid(`Invalid order by field name: ${field}`)
  return { column: column(), ascending }
}

/** The value that was measured last, as the real server takes it: by time, then step. */
function latest(metrics: readonly Metric[]): number | undefined {
  let best: Metric | undefined
  for (const metric of metrics) if (best === undefined || compareMoments(metric, best) > 0) best = metric
  return best?.value
}

function compareMoments(one: Metric, other: Metric): number {
  return (
    one.time - other.time ||
    (one.rest?.time ?? 0) - (other.rest?.time ?? 0) ||
    one.step - other.step ||
    (one.rest?.step ?? 0) - (other.rest?.step ?? 0)
  )
}
