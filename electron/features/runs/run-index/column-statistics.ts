import { numberAt, numberCells, type NumberColumn } from './number-column.ts'
import type { RunColumns } from './run-columns.ts'
import { ABSENT, codeAt, textCells, type TextColumn } from './text-column.ts'

/** Of the cells of one lifecycle: how many have a value, the range of the finite ones, and how many of them fall into each tenth of it. */
export type NumberStatistics = {
  count: number
  /** NaN when no value is finite. */
  readonly min: number
  readonly max: number
  readonly bins: Uint32Array
}

/** Of the cells of one lifecycle: how many have a text, and how many have each entry of the dictionary. */
export type TextStatistics = { count: number; readonly uses: number[] }

/** Statistics that are kept for as long as few cells change: a live run must not cost a look at every other one. */
export type ColumnStatistics = {
  readonly ofNumbers: (columns: RunColumns, column: NumberColumn, lifecycle: number) => NumberStatistics
  readonly ofTexts: (columns: RunColumns, column: TextColumn, lifecycle: number) => TextStatistics
}

type Kept<Value> = { version: number; readonly of: Map<number, Value> }

const BINS = 10

export function createColumnStatistics(): ColumnStatistics {
  let numbers = new WeakMap<NumberColumn, Kept<NumberStatistics>>()
  let texts = new WeakMap<TextColumn, Kept<TextStatistics>>()
  let lifecycleVersion = -1

  const look = (columns: RunColumns): void => {
    if (columns.lifecycleVersion === lifecycleVersion) return
    // A run of another lifecycle takes all its cells along.
    lifecycleVersion = columns.lifecycleVersion
    numbers = new WeakMap()
    texts = new WeakMap()
  }

  return {
    ofNumbers(columns, column, lifecycle) {
      look(columns)
      const kept = upToDate(numbers, column, (row, before, of) => patchNumbers(columns, column, row, before, of))
      return known(kept, lifecycle, () => describeNumbers(columns, column, lifecycle))
    },
    ofTexts(columns, column, lifecycle) {
      look(columns)
      const kept = upToDate(texts, column, (row, before, of) => patchTexts(columns, column, row, before, of))
      return known(kept, lifecycle, () => countTexts(columns, column, lifecycle))
    },
  }
}

function known<Value>({ of }: Kept<Value>, lifecycle: number, make: () => Value): Value {
  const there = of.get(lifecycle)
  if (there !== undefined) return there
  const made = make()
  of.set(lifecycle, made)
  return made
}

/** What is kept of a column, with its changed cells taken over; empty where that can't be done. */
function upToDate<Column extends NumberColumn | TextColumn, Value>(
  all: WeakMap<Column, Kept<Value>>,
  column: Column,
  patch: (row: number, before: Cell<Column>, of: Map<number, Value>) => boolean,
): Kept<Value> {
  const kept = all.get(column)
  if (kept?.version === column.version) return kept
  const changes = kept === undefined ? null : (column.before as Map<number, Cell<Column>> | null)
  column.before = new Map()
  if (kept !== undefined && changes !== null) {
    kept.version = column.version
    for (const [row, before] of changes) {
      if (patch(row, before, kept.of)) continue
      kept.of.clear()
      break
    }
    return kept
  }
  const made: Kept<Value> = { version: column.version, of: new Map() }
  all.set(column, made)
  return made
}

type Cell<Column> = (Column extends NumberColumn ? number : string) | null

function patchNumbers(
  columns: RunColumns,
  column: NumberColumn,
  row: number,
  before: number | null,
  of: Map<number, NumberStatistics>,
): boolean {
  const found = of.get(columns.lifecycles[row] ?? 0)
  if (found === undefined) return true
  const now = numberAt(column, row)
  const isInside = (value: number | null, strictly: boolean): boolean =>
    value === null ||
    !Number.isFinite(value) ||
    (strictly ? value > found.min && value < found.max : value >= found.min && value <= found.max)
  // What was at an end may have been the last one there.
  if (!isInside(before, true) || !isInside(now, false)) return false
  for (const [value, by] of [[before, -1] as const, [now, 1] as const]) {
    if (value === null) continue
    found.count += by
    if (!Number.isFinite(value)) continue
    const bin = binOf(value, found)
    found.bins[bin] = (found.bins[bin] ?? 0) + by
  }
  return true
}

function patchTexts(
  columns: RunColumns,
  column: TextColumn,
  row: number,
  before: string | null,
  of: Map<number, TextStatistics>,
): boolean {
  const found = of.get(columns.lifecycles[row] ?? 0)
  if (found === undefined) return true
  const was = before === null ? ABSENT : (textCells(column).lookup.get(before) ?? ABSENT)
  for (const [code, by] of [[was, -1] as const, [codeAt(column, row), 1] as const]) {
    if (code === ABSENT) continue
    found.count += by
    found.uses[code] = (found.uses[code] ?? 0) + by
  }
  return true
}

function describeNumbers(columns: RunColumns, column: NumberColumn, lifecycle: number): NumberStatistics {
  const { sparse, values, present } = numberCells(column)
  const { length, lifecycles } = columns
  const taken = new Float64Array(sparse === null ? length : sparse.size)
  let count = 0
  if (sparse !== null) {
    for (const [row, value] of sparse) if (lifecycles[row] === lifecycle) taken[count++] = value
  } else
    for (let row = 0; row < length; row++)
      if (present[row] === 1 && lifecycles[row] === lifecycle) taken[count++] = values[row] ?? Number.NaN
  return statisticsOf(taken.subarray(0, count))
}

/** Of values that count once each, or as often as `weights` says; those of weight 0 are left out. */
export function statisticsOf(values: Float64Array, weights?: readonly number[]): NumberStatistics {
  let min = Infinity
  let max = -Infinity
  let count = 0
  for (let index = 0; index < values.length; index++) {
    const weight = weights === undefined ? 1 : (weights[index] ?? 0)
    if (weight === 0) continue
    count += weight
    const value = values[index] ?? Number.NaN
    // False for NaN and infinities, which are no ends of a range.
    if (value - value !== 0) continue
    if (value < min) min = value
    if (value > max) max = value
  }
  const bins = new Uint32Array(BINS)
  if (min > max) return { count, min: Number.NaN, max: Number.NaN, bins }
  // Adding 0 turns −0 into 0, which equals it.
  const range = { min: min + 0, max: max + 0 }
  for (let index = 0; index < values.length; index++) {
    const weight = weights === undefined ? 1 : (weights[index] ?? 0)
    const value = values[index] ?? Number.NaN
    if (weight === 0 || value - value !== 0) continue
    const bin = binOf(value, range)
    bins[bin] = (bins[bin] ?? 0) + weight
  }
  return { count, ...range, bins }
}

function binOf(value: number, { min, max }: { readonly min: number; readonly max: number }): number {
  // Halved first: the distance of two large doubles may be no finite number.
  const share = max === min ? 0 : (value / 2 - min / 2) / (max / 2 - min / 2)
  return Math.min(BINS - 1, Math.floor(share * BINS))
}

function countTexts(columns: RunColumns, column: TextColumn, lifecycle: number): TextStatistics {
  const { sparse, codes, dictionary } = textCells(column)
  const { length, lifecycles } = columns
  const uses = dictionary.map(() => 0)
  let count = 0
  const take = (code: number): void => {
    uses[code] = (uses[code] ?? 0) + 1
    count++
  }
  if (sparse !== null) {
    for (const [row, code] of sparse) if (lifecycles[row] === lifecycle) take(code)
    return { count, uses }
  }
  for (let row = 0; row < length; row++) {
    const code = codes[row] ?? ABSENT
    if (code !== ABSENT && lifecycles[row] === lifecycle) take(code)
  }
  return { count, uses }
}
