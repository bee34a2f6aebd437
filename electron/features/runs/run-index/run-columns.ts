import { createNumberColumn, growNumbers, numberAt, type NumberColumn, setNumber } from './number-column.ts'
import { createTextColumn, growTexts, setText, type TextColumn } from './text-column.ts'

/** A metric of all runs: one column for each thing that a series is known by. */
export type MetricColumns = {
  readonly last: NumberColumn
  readonly min: NumberColumn
  readonly max: NumberColumn
  /** For each row the weight of the origin that its values come from: what a script logged goes before what was read from its log. */
  readonly origin: NumberColumn
}

/** Codes of `lifecycle`. A row of a run that is gone for good keeps its place until the next full load. */
export const ACTIVE = 0
export const ARCHIVED = 1
export const DELETED = 2
export const GONE = 3

/** Attributes that are kept as columns; duration and the like follow from them. */
const TEXT_ATTRIBUTES = [
  'name',
  'status',
  'user',
  'script',
  'branch',
  'commit',
  'id',
  'note',
  'source',
  'parent',
  'folder',
] as const
const NUMBER_ATTRIBUTES = ['started', 'ended'] as const
export type TextAttribute = (typeof TEXT_ATTRIBUTES)[number]
export type NumberAttribute = (typeof NUMBER_ATTRIBUTES)[number]

/** All runs of a project as columns. A row is a run, in ascending order of the runs' numbers. */
export type RunColumns = {
  length: number
  capacity: number
  /** The run's number. */
  numbers: Uint32Array
  lifecycles: Uint8Array
  readonly ids: string[]
  readonly rowOfNumber: Map<number, number>
  readonly texts: Readonly<Record<TextAttribute, TextColumn>>
  readonly numeric: Readonly<Record<NumberAttribute, NumberColumn>>
  /** Experiment ids; their names are a dictionary of the same codes. */
  readonly experiments: TextColumn
  readonly experimentNames: Map<string, string>
  readonly params: Map<string, TextColumn>
  readonly tags: Map<string, TextColumn>
  readonly metrics: Map<string, MetricColumns>
  /** Grows with each change of anything. */
  revision: number
}

/** No rows yet. */
export function createRunColumns(capacity = 256): RunColumns {
  const texts = (): TextColumn => createTextColumn(capacity)
  return {
    length: 0,
    capacity,
    numbers: new Uint32Array(capacity),
    lifecycles: new Uint8Array(capacity),
    ids: [],
    rowOfNumber: new Map(),
    texts: {
      name: texts(),
      status: texts(),
      user: texts(),
      script: texts(),
      branch: texts(),
      commit: texts(),
      id: texts(),
      note: texts(),
      source: texts(),
      parent: texts(),
      folder: texts(),
    },
    numeric: { started: createNumberColumn(capacity), ended: createNumberColumn(capacity) },
    experiments: texts(),
    experimentNames: new Map(),
    params: new Map(),
    tags: new Map(),
    metrics: new Map(),
    revision: 0,
  }
}

/** The row of a run's number, made at the end when it is new. Numbers of new runs only ever grow. */
export function rowFor(columns: RunColumns, number: number): number {
  const known = columns.rowOfNumber.get(number)
  if (known !== undefined) return known
  const row = columns.length
  if (row === columns.capacity) grow(columns, columns.capacity * 2)
  columns.numbers[row] = number
  columns.rowOfNumber.set(number, row)
  columns.ids.push('')
  columns.length++
  return row
}

function grow(columns: RunColumns, capacity: number): void {
  const numbers = new Uint32Array(capacity)
  numbers.set(columns.numbers)
  columns.numbers = numbers
  const lifecycles = new Uint8Array(capacity)
  lifecycles.set(columns.lifecycles)
  columns.lifecycles = lifecycles
  for (const column of Object.values(columns.texts)) growTexts(column, capacity)
  for (const column of Object.values(columns.numeric)) growNumbers(column, capacity)
  growTexts(columns.experiments, capacity)
  for (const column of columns.params.values()) growTexts(column, capacity)
  for (const column of columns.tags.values()) growTexts(column, capacity)
  for (const metric of columns.metrics.values()) {
    for (const column of Object.values(metric)) growNumbers(column, capacity)
  }
  columns.capacity = capacity
}

/** The column of a parameter or tag, made when the key is new. */
export function keyColumn(columns: RunColumns, kind: 'params' | 'tags', key: string): TextColumn {
  const known = columns[kind].get(key)
  if (known !== undefined) return known
  const made = createTextColumn(columns.capacity)
  columns[kind].set(key, made)
  return made
}

/** The columns of a metric, made when the key is new. */
export function metricColumns(columns: RunColumns, key: string): MetricColumns {
  const known = columns.metrics.get(key)
  if (known !== undefined) return known
  const made: MetricColumns = {
    last: createNumberColumn(columns.capacity),
    min: createNumberColumn(columns.capacity),
    max: createNumberColumn(columns.capacity),
    origin: createNumberColumn(columns.capacity),
  }
  columns.metrics.set(key, made)
  return made
}

/** Takes all parameters and tags of a row away, before they are set anew. */
export function clearKeys(columns: RunColumns, row: number): void {
  for (const column of columns.params.values()) setText(column, row, null)
  for (const column of columns.tags.values()) setText(column, row, null)
}

/** Takes everything of a row away: its run is gone for good. */
export function clearRow(columns: RunColumns, row: number): void {
  clearKeys(columns, row)
  for (const column of Object.values(columns.texts)) setText(column, row, null)
  for (const column of Object.values(columns.numeric)) setNumber(column, row, null)
  setText(columns.experiments, row, null)
  for (const metric of columns.metrics.values()) clearMetric(metric, row)
  columns.lifecycles[row] = GONE
}

export function clearMetric(metric: MetricColumns, row: number): void {
  if (numberAt(metric.origin, row) === null) return
  for (const column of Object.values(metric)) setNumber(column, row, null)
}
