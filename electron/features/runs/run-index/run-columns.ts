import { appError } from '#shared/rpc/errors.ts'
import { createNumberColumn, growNumbers, numberAt, type NumberColumn, setNumber } from './number-column.ts'
import { SEGMENT } from './stored-cells.ts'
import { createTextColumn, growTexts, setText, textAt, type TextColumn } from './text-column.ts'

/** A metric of all runs: one column for each thing that a series is known by. */
export type MetricColumns = {
  last: NumberColumn
  min: NumberColumn
  max: NumberColumn
  /** For each row the weight of the origin that its values come from: what a script logged goes before what was read from its log. */
  origin: NumberColumn
}

/** Codes of `lifecycle`. A row of a run that is gone for good keeps its place until the next full load. */
export const ACTIVE = 0
export const ARCHIVED = 1
export const DELETED = 2
export const GONE = 3

/** Attributes that are kept as columns; duration and the like follow from them. */
export const TEXT_ATTRIBUTES = [
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
export const NUMBER_ATTRIBUTES = ['started', 'ended'] as const
export type TextAttribute = (typeof TEXT_ATTRIBUTES)[number]
export type NumberAttribute = (typeof NUMBER_ATTRIBUTES)[number]

/** All runs of a project as columns. A row is a run, in ascending order of the runs' numbers. */
export type RunColumns = {
  length: number
  capacity: number
  /** The run's number. */
  numbers: Uint32Array
  lifecycles: Uint8Array
  /** Segments with numbers or lifecycles that were set since they were last stored. */
  readonly changed: Set<number>
  readonly texts: Readonly<Record<TextAttribute, TextColumn>>
  readonly numeric: Readonly<Record<NumberAttribute, NumberColumn>>
  /** Experiment ids; their names are a dictionary of the same codes. */
  experiments: TextColumn
  readonly experimentNames: Map<string, string>
  readonly params: Map<string, TextColumn>
  readonly tags: Map<string, TextColumn>
  readonly metrics: Map<string, MetricColumns>
  /** Grows with each change of anything. */
  revision: number
  /** True while each row's place is that of the stored table's. */
  isStored: boolean
  /** Grows when a run's lifecycle changes. */
  lifecycleVersion: number
}

/** No rows yet. */
export function createRunColumns(capacity = 256): RunColumns {
  const texts = (): TextColumn => createTextColumn(capacity)
  return {
    length: 0,
    capacity,
    numbers: new Uint32Array(capacity),
    lifecycles: new Uint8Array(capacity),
    changed: new Set(),
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
    isStored: false,
    lifecycleVersion: 0,
  }
}

/** The row of a run's number; undefined where there is none. */
export function rowOf({ numbers, length }: RunColumns, number: number): number | undefined {
  // Where no run was ever erased, a number's place follows from the first one.
  const guess = number - (numbers[0] ?? 0)
  if (guess >= 0 && guess < length && numbers[guess] === number) return guess
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] ?? 0) < number) low = middle + 1
    else high = middle
  }
  return low < length && numbers[low] === number ? low : undefined
}

/**
 * The row of a run's number, made at the end when it is new. Throws `corrupt` for a new number below others, as rows ascend with the numbers: then the
 * table has to be read anew.
 */
export function rowFor(columns: RunColumns, number: number): number {
  const known = rowOf(columns, number)
  if (known !== undefined) return known
  const row = columns.length
  if (row > 0 && (columns.numbers[row - 1] ?? 0) > number)
    throw appError('corrupt', `Run ${number} was added after later ones.`)
  if (row === columns.capacity) grow(columns, columns.capacity * 2)
  columns.numbers[row] = number
  columns.lifecycles[row] = GONE
  columns.changed.add(Math.floor(row / SEGMENT))
  columns.length++
  return row
}

/** A run's id; empty where it is gone. */
export function idAt(columns: RunColumns, row: number): string {
  return textAt(columns.texts.id, row) ?? ''
}

/** How many runs are of a lifecycle. */
export function countRuns({ length, lifecycles }: RunColumns, lifecycle: number): number {
  let count = 0
  for (let row = 0; row < length; row++) if (lifecycles[row] === lifecycle) count++
  return count
}

export function setLifecycle(columns: RunColumns, row: number, lifecycle: number): void {
  if (columns.lifecycles[row] === lifecycle) return
  // Of a new run no cell was there before.
  if (columns.lifecycles[row] !== GONE) columns.lifecycleVersion++
  columns.lifecycles[row] = lifecycle
  columns.changed.add(Math.floor(row / SEGMENT))
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

/** Takes everything of a row away: its run is gone for good. */
export function clearRow(columns: RunColumns, row: number): void {
  for (const column of columns.params.values()) setText(column, row, null)
  for (const column of columns.tags.values()) setText(column, row, null)
  for (const column of Object.values(columns.texts)) setText(column, row, null)
  for (const column of Object.values(columns.numeric)) setNumber(column, row, null)
  setText(columns.experiments, row, null)
  clearMetrics(columns, row)
  setLifecycle(columns, row, GONE)
}

/** Takes all metrics of a row away, before they are set anew. */
export function clearMetrics(columns: RunColumns, row: number): void {
  for (const metric of columns.metrics.values()) {
    if (numberAt(metric.origin, row) === null) continue
    for (const column of Object.values(metric)) setNumber(column, row, null)
  }
}
