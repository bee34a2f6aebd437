import type { Aggregate, Entity } from '#shared/domain/filter/ast.ts'
import type { FilterColumn, FilterColumns } from '#shared/domain/filter/columns.ts'
import { goalOf } from '#shared/domain/compare/goal.ts'
import { MIRRORED_TAGS } from '../mirrored-tags.ts'
import type { DatasetColumns } from './dataset-columns.ts'
import { denseColumn, type DenseNumbers, denseNumbers, type NumberColumn } from './number-column.ts'
import { ARCHIVED, idAt, type MetricColumns, type RunColumns } from './run-columns.ts'
import { denseCodes, textAt, textCells, type TextColumn } from './text-column.ts'

/** What is known of a run and can be shown, sorted or filtered by: texts by dictionary, or numbers. */
export type ValueColumn =
  | { readonly kind: 'text'; readonly column: TextColumn }
  | { readonly kind: 'number' | 'time' | 'duration'; readonly column: NumberColumn }

/** The column that a metric's aggregate is kept in. `best` is the largest or smallest by what the metric's name says is better; the last where it says nothing. */
export function aggregateColumn(metric: MetricColumns, key: string, aggregate: Aggregate): NumberColumn {
  if (aggregate !== 'best') return metric[aggregate]
  const goal = goalOf(key)
  return goal === 'up' ? metric.max : goal === 'down' ? metric.min : metric.last
}

/** Attributes by their own names; undefined for one that runs don't have. `now` ends the duration of what still runs. */
export function attributeColumn(columns: RunColumns, name: string, now: number): ValueColumn | undefined {
  if (Object.hasOwn(columns.texts, name)) {
    return { kind: 'text', column: columns.texts[name as keyof RunColumns['texts']] }
  }
  if (name === 'started' || name === 'ended') return { kind: 'time', column: columns.numeric[name] }
  if (name === 'duration') return { kind: 'duration', column: durations(columns, now) }
  if (name === 'number') return { kind: 'number', column: runNumbers(columns) }
  if (name === 'experiment') return { kind: 'text', column: experimentNames(columns) }
  return undefined
}

/** The columns as the filter language asks for them. */
export function filterColumns(columns: RunColumns, datasets: () => DatasetColumns, now: number): FilterColumns {
  return {
    column: (entity, name, aggregate) => filterColumn(columns, datasets, now, entity, name, aggregate),
  }
}

function filterColumn(
  columns: RunColumns,
  datasets: () => DatasetColumns,
  now: number,
  entity: Entity,
  name: string,
  aggregate: Aggregate,
): FilterColumn | undefined {
  switch (entity) {
    case 'attribute': {
      if (name === 'archived') return { kind: 'boolean', values: archived(columns), present: null }
      if (name === 'artifact_uri') return artifactUris(columns)
      const found = attributeColumn(columns, name, now)
      return found === undefined ? undefined : asFilterColumn(found, name === 'status' ? canonicalStatus : undefined)
    }
    case 'param': {
      const column = columns.params.get(name)
      return column === undefined ? undefined : asFilterColumn({ kind: 'text', column })
    }
    case 'tag': {
      const mirror = MIRRORED_TAGS.get(name)
      const column = mirror === undefined ? columns.tags.get(name) : columns.texts[mirror]
      return column === undefined ? undefined : asFilterColumn({ kind: 'text', column })
    }
    case 'metric': {
      const metric = columns.metrics.get(name)
      return metric === undefined
        ? undefined
        : asFilterColumn({ kind: 'number', column: aggregateColumn(metric, name, aggregate) })
    }
    case 'dataset': {
      const { offsets, fields } = datasets()
      if (name !== 'name' && name !== 'digest' && name !== 'context') return undefined
      const { codes, dictionary } = fields[name]
      return { kind: 'texts', offsets, codes, dictionary }
    }
  }
}

function asFilterColumn(found: ValueColumn, canonical?: (text: string) => string): FilterColumn {
  if (found.kind !== 'text') return { kind: found.kind, ...arraysOf(found.column) }
  const { dictionary } = textCells(found.column)
  const codes = denseCodes(found.column)
  return canonical === undefined ? { kind: 'text', codes, dictionary } : { kind: 'text', codes, dictionary, canonical }
}

function arraysOf(column: NumberColumn): DenseNumbers {
  const { values, present } = denseNumbers(column)
  return { values, present }
}

/** MLflow's word for a run that waits, and its capitals. */
function canonicalStatus(text: string): string {
  const lower = text.toLowerCase()
  return lower === 'scheduled' ? 'queued' : lower
}

function archived(columns: RunColumns): Uint8Array {
  return columns.lifecycles.map((lifecycle) => (lifecycle === ARCHIVED ? 1 : 0))
}

function runNumbers(columns: RunColumns): NumberColumn {
  return denseColumn(Float64Array.from(columns.numbers), new Uint8Array(columns.capacity).fill(1, 0, columns.length))
}

function durations(columns: RunColumns, now: number): NumberColumn {
  const [started, ended] = [denseNumbers(columns.numeric.started), denseNumbers(columns.numeric.ended)]
  const { status } = columns.texts
  const statuses = denseCodes(status)
  const running = new Set(['running', 'stopping'].flatMap((word) => textCells(status).lookup.get(word) ?? []))
  const values = new Float64Array(columns.capacity).fill(Number.NaN)
  const present = new Uint8Array(columns.capacity)
  for (let row = 0; row < columns.length; row++) {
    if (started.present[row] !== 1) continue
    const live = running.has(statuses[row] ?? -1)
    if (!live && ended.present[row] !== 1) continue
    // A client's clock may say that a run ended before it began.
    values[row] = Math.max(0, (live ? now : (ended.values[row] ?? now)) - (started.values[row] ?? now))
    present[row] = 1
  }
  return denseColumn(values, present)
}

/** The experiments' names under the codes of their ids; no two experiments have one name. */
function experimentNames(columns: RunColumns): TextColumn {
  const { experiments } = columns
  const cells = textCells(experiments)
  const dictionary = cells.dictionary.map((id) => columns.experimentNames.get(id) ?? id)
  return {
    ...experiments,
    cells: {
      ...cells,
      dictionary,
      lookup: new Map(dictionary.map((name, code) => [name, code])),
      numbers: { numbers: dictionary.map(() => Number.NaN), numeric: dictionary.map(() => 0) },
      ranking: undefined,
    },
  }
}

/** Where MLflow's clients are told that a run's artifacts lie. */
function artifactUris(columns: RunColumns): FilterColumn {
  const dictionary = Array.from({ length: columns.length }, (_, row) => {
    const experiment = textAt(columns.experiments, row) ?? '0'
    return `mlflow-artifacts:/${experiment}/${idAt(columns, row)}/artifacts`
  })
  return { kind: 'text', codes: Int32Array.from(dictionary, (_, row) => row), dictionary }
}
