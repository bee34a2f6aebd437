import type { Aggregate, Column } from '#shared/contract/runs.ts'
import { isInternalTag } from '../mirrored-tags.ts'
import { aggregateColumn, attributeColumn } from './filter-columns.ts'
import type { IndexState } from './index-state.ts'
import type { NumberColumn } from './number-column.ts'
import { ABSENT, type TextColumn } from './text-column.ts'

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
const BINS = 10

/** What can be shown, sorted and filtered by: every column that a run of this lifecycle has, with its range and its most frequent values. */
export function describeColumns(state: IndexState, lifecycle: number): readonly Column[] {
  const { columns } = state
  const rows = new Uint32Array(columns.length)
  let size = 0
  for (let row = 0; row < columns.length; row++) if (columns.lifecycles[row] === lifecycle) rows[size++] = row
  const within: Within = { rows: rows.subarray(0, size), has: (row) => columns.lifecycles[row] === lifecycle }
  const found: Column[] = []
  const add = (column: Column): void => {
    if (column.count > 0) found.push(column)
  }
  for (const key of ATTRIBUTES) {
    const attribute = attributeColumn(columns, key, state.now)
    if (attribute === undefined) continue
    const head = { id: `attribute:${key}`, kind: 'attribute', key } as const
    add(
      attribute.kind === 'text'
        ? describeTexts(head, attribute.column, within, false)
        : describeNumbers(head, attribute.column, within),
    )
  }
  for (const [key, column] of sorted(columns.params)) {
    add(describeTexts({ id: `param:${key}`, kind: 'param', key }, column, within, true))
  }
  for (const [key, metric] of sorted(columns.metrics)) {
    for (const aggregate of AGGREGATES) {
      const head = { id: `metric:${key}:${aggregate}`, kind: 'metric', key } as const
      add(describeNumbers(head, aggregateColumn(metric, key, aggregate), within))
    }
  }
  for (const [key, column] of sorted(columns.tags)) {
    if (!isInternalTag(key)) add(describeTexts({ id: `tag:${key}`, kind: 'tag', key }, column, within, true))
  }
  return found
}

type Head = Pick<Column, 'id' | 'kind' | 'key'>

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
}

/** The rows that count, as a list and as a test: a column that few rows have is walked by its own cells. */
type Within = { readonly rows: Uint32Array; readonly has: (row: number) => boolean }

function describeNumbers(head: Head, column: NumberColumn, within: Within): Column {
  const values = valuesWithin(column, within)
  return { ...head, count: values.length, numeric: true, ...rangeOf(values), values: [] }
}

function valuesWithin({ sparse, values, present }: NumberColumn, { rows, has }: Within): Float64Array {
  if (sparse !== null) return Float64Array.from([...sparse].flatMap(([row, value]) => (has(row) ? [value] : [])))
  const taken = new Float64Array(rows.length)
  let count = 0
  for (const row of rows) if (present[row] === 1) taken[count++] = values[row] ?? Number.NaN
  return taken.subarray(0, count)
}

/** Names, ids and the like are never numbers, even when all of them look so. */
function describeTexts(head: Head, column: TextColumn, within: Within, mayBeNumeric: boolean): Column {
  const codes = codesWithin(column, within)
  const uses = new Uint32Array(column.dictionary.length)
  let numbers = 0
  for (const code of codes) {
    uses[code] = (uses[code] ?? 0) + 1
    numbers += column.numeric[code] ?? 0
  }
  const count = codes.length
  const numeric = mayBeNumeric && count > 0 && numbers === count
  return {
    ...head,
    count,
    numeric,
    ...(numeric ? rangeOf(numbersBehind(column, codes)) : { min: null, max: null, histogram: [] }),
    values: mostFrequent(column, uses),
  }
}

/** A loop: building an array by a function a cell takes several times as long. */
function numbersBehind(column: TextColumn, codes: Int32Array): Float64Array {
  const values = new Float64Array(codes.length)
  for (let index = 0; index < codes.length; index++) values[index] = column.numbers[codes[index] ?? 0] ?? Number.NaN
  return values
}

function codesWithin({ sparse, codes }: TextColumn, { rows, has }: Within): Int32Array {
  if (sparse !== null) return Int32Array.from([...sparse].flatMap(([row, code]) => (has(row) ? [code] : [])))
  const taken = new Int32Array(rows.length)
  let count = 0
  for (const row of rows) {
    const code = codes[row] ?? ABSENT
    if (code !== ABSENT) taken[count++] = code
  }
  return taken.subarray(0, count)
}

/** Repeated passes for the few largest: a sort of a dictionary of 100,000 names would cost more than all the rest. */
function mostFrequent(column: TextColumn, uses: Uint32Array): Column['values'] {
  const best: number[] = []
  for (let code = 0; code < uses.length; code++) {
    const use = uses[code] ?? 0
    if (use === 0) continue
    if (best.length === MOST_VALUES && use <= (uses[best.at(-1) ?? 0] ?? 0)) continue
    const place = best.findIndex((other) => (uses[other] ?? 0) < use)
    best.splice(place === -1 ? best.length : place, 0, code)
    if (best.length > MOST_VALUES) best.pop()
  }
  return best.map((code) => ({ value: column.dictionary[code] ?? '', count: uses[code] ?? 0 }))
}

/** Smallest and largest finite value, and how many fall into each tenth between them. */
function rangeOf(values: Float64Array): Pick<Column, 'min' | 'max' | 'histogram'> {
  let min = Infinity
  let max = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < min) min = value
    if (value > max) max = value
  }
  if (min > max) return { min: null, max: null, histogram: [] }
  const histogram = Array.from({ length: BINS }, () => 0)
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    // Halved first: the distance of two large doubles may be no finite number.
    const share = max === min ? 0 : (value / 2 - min / 2) / (max / 2 - min / 2)
    const bin = Math.min(BINS - 1, Math.floor(share * BINS))
    histogram[bin] = (histogram[bin] ?? 0) + 1
  }
  return { min, max, histogram }
}
