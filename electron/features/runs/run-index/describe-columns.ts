import type { Aggregate, Column } from '#shared/contract/runs.ts'
import { isInternalTag } from '../mirrored-tags.ts'
import { aggregateColumn, attributeColumn } from './filter-columns.ts'
import type { IndexState } from './index-state.ts'
import {
  type ColumnStatistics,
  createColumnStatistics,
  type NumberStatistics,
  statisticsOf,
  type TextStatistics,
} from './column-statistics.ts'
import type { NumberColumn } from './number-column.ts'
import { countRuns } from './run-columns.ts'
import { type EntryNumbers, entryNumbers, textCells, type TextColumn } from './text-column.ts'

const ATTRIBUTES = [
  'name',
  'status',
  'experiment',
  'started',
  'ended',
  'duration',
  'user',
  'script',
  'branch',
  'commit',
  'id',
  'note',
  'number',
  'source',
  'folder',
  'parent',
] as const
const AGGREGATES: readonly Aggregate[] = ['last', 'min', 'max', 'best']
const MOST_VALUES = 20

/** What can be shown, sorted and filtered by: every column that a run of this lifecycle has, with its range and its most frequent values. */
export function describeColumns(
  state: IndexState,
  lifecycle: number,
  statistics: ColumnStatistics = createColumnStatistics(),
): readonly Column[] {
  return [...describeEach(state, lifecycle, statistics)].filter(({ count }) => count > 0)
}

/** The same one by one, those that no run has too: what was worked out for one is kept in `statistics`, so that others can have their turn in between. */
export function* describeEach(
  state: IndexState,
  lifecycle: number,
  statistics: ColumnStatistics,
): Generator<Column, void> {
  const { columns } = state
  const texts = (head: Head, column: TextColumn, mayBeNumeric: boolean): Column =>
    describeTexts(head, column, statistics.ofTexts(columns, column, lifecycle), mayBeNumeric)
  const numbers = (head: Head, column: NumberColumn): Column => {
    const { count, ...range } = statistics.ofNumbers(columns, column, lifecycle)
    return { ...head, count, numeric: true, ...rangeOf(range), values: [] }
  }
  for (const key of ATTRIBUTES) {
    const attribute = attributeColumn(columns, key, state.now)
    if (attribute === undefined) continue
    if (key === 'id') {
      yield { ...ID, count: countRuns(columns, lifecycle) }
      continue
    }
    const head = { id: `attribute:${key}`, kind: 'attribute', key } as const
    yield attribute.kind === 'text' ? texts(head, attribute.column, false) : numbers(head, attribute.column)
  }
  for (const [key, column] of sorted(columns.params)) {
    yield texts({ id: `param:${key}`, kind: 'param', key }, column, true)
  }
  for (const [key, metric] of sorted(columns.metrics)) {
    for (const aggregate of AGGREGATES) {
      const head = { id: `metric:${key}:${aggregate}`, kind: 'metric', key } as const
      yield numbers(head, aggregateColumn(metric, key, aggregate))
    }
  }
  for (const [key, column] of sorted(columns.tags)) {
    if (!isInternalTag(key)) yield texts({ id: `tag:${key}`, kind: 'tag', key }, column, true)
  }
}

/** Each run has its own id: none is more frequent than another. */
const ID: Column = {
  id: 'attribute:id',
  kind: 'attribute',
  key: 'id',
  count: 0,
  numeric: false,
  min: null,
  max: null,
  histogram: [],
  values: [],
}

type Head = Pick<Column, 'id' | 'kind' | 'key'>

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
}

/** Names, ids and the like are never numbers, even when all of them look so. */
function describeTexts(head: Head, column: TextColumn, { count, uses }: TextStatistics, mayBeNumeric: boolean): Column {
  const cells = textCells(column)
  const { numbers, numeric } = mayBeNumeric ? entryNumbers(cells) : NO_NUMBERS
  const isNumeric = mayBeNumeric && count > 0 && uses.every((use, code) => use === 0 || numeric[code] === 1)
  const range = isNumeric ? rangeOf(statisticsOf(Float64Array.from(numbers), uses)) : NO_RANGE
  return { ...head, count, numeric: isNumeric, ...range, values: mostFrequent(cells.dictionary, uses) }
}

const NO_NUMBERS: EntryNumbers = { numbers: [], numeric: [] }
const NO_RANGE = { min: null, max: null, histogram: [] }

/** Repeated passes for the few largest: a sort of a dictionary of 100,000 names would cost more than all the rest. Equally frequent ones in the order of their texts. */
function mostFrequent(dictionary: readonly string[], uses: readonly number[]): Column['values'] {
  const best: number[] = []
  const isBefore = (code: number, other: number): boolean => {
    const [use, otherUse] = [uses[code] ?? 0, uses[other] ?? 0]
    return use === otherUse ? (dictionary[code] ?? '') < (dictionary[other] ?? '') : use > otherUse
  }
  for (let code = 0; code < uses.length; code++) {
    if ((uses[code] ?? 0) === 0) continue
    if (best.length === MOST_VALUES && !isBefore(code, best[MOST_VALUES - 1] ?? 0)) continue
    const place = best.findIndex((other) => isBefore(code, other))
    best.splice(place === -1 ? best.length : place, 0, code)
    if (best.length > MOST_VALUES) best.pop()
  }
  return best.map((code) => ({ value: dictionary[code] ?? '', count: uses[code] ?? 0 }))
}

function rangeOf({ min, max, bins }: Omit<NumberStatistics, 'count'>): Pick<Column, 'min' | 'max' | 'histogram'> {
  return Number.isNaN(min) ? NO_RANGE : { min, max, histogram: [...bins] }
}
