import { spreadOf } from '#shared/domain/compare/statistics.ts'
import type { Cell } from '#shared/contract/runs.ts'
import { type ValueColumn } from './filter-columns.ts'
import { numberAt } from './number-column.ts'
import { ARCHIVED, type RunColumns } from './run-columns.ts'
import { isNumeric, textAt, textNumberAt, type TextColumn } from './text-column.ts'

/** Reads a column's cells: of a run, and of a group of runs. */
export type CellReader = {
  readonly ofRun: (row: number) => Cell
  readonly ofGroup: (rows: Uint32Array) => Cell
}

const EMPTY: CellReader = { ofRun: () => null, ofGroup: () => null }

/** The reader of a column; one that no run has reads as empty. `metric` columns always show a group's mean and spread. */
export function cellReader(columns: RunColumns, id: string, found: ValueColumn | undefined): CellReader {
  if (id === 'attribute:archived') return uniform((row) => (columns.lifecycles[row] === ARCHIVED ? 'true' : 'false'))
  if (found === undefined) return EMPTY
  if (found.kind === 'text') {
    const { column } = found
    // Numbers only where all are: a column with one text in it is a column of texts.
    if (id.startsWith('param:') && isNumeric(column)) return numbersOf(column)
    return uniform((row) => textAt(column, row))
  }
  const { column } = found
  const ofRun = (row: number): number | null => numberAt(column, row)
  return id.startsWith('metric:')
    ? { ofRun, ofGroup: (rows) => spreadCell(valuesOf(rows, ofRun)) }
    : { ofRun, ofGroup: (rows) => uniformOrSpread(rows, ofRun) }
}

function numbersOf(column: TextColumn): CellReader {
  const ofRun = (row: number): number | null => textNumberAt(column, row)
  return { ofRun, ofGroup: (rows) => uniformOrSpread(rows, ofRun) }
}

function uniform(ofRun: (row: number) => string | null): CellReader {
  return {
    ofRun,
    ofGroup: (rows) => {
      const [first, ...others] = Array.from(rows, ofRun)
      if (first === undefined) return null
      if (others.every((value) => value === first)) return first
      const count = rows.filter((row) => ofRun(row) !== null).length
      return { mean: Number.NaN, sd: null, count, varies: true }
    },
  }
}

function uniformOrSpread(rows: Uint32Array, ofRun: (row: number) => number | null): Cell {
  const first = ofRun(rows[0] ?? 0)
  if (rows.every((row) => Object.is(ofRun(row), first))) return first
  return spreadCell(valuesOf(rows, ofRun))
}

function valuesOf(rows: Uint32Array, ofRun: (row: number) => number | null): readonly number[] {
  const values: number[] = []
  for (const row of rows) {
    const value = ofRun(row)
    if (value !== null) values.push(value)
  }
  return values
}

function spreadCell(values: readonly number[]): Cell {
  if (values.length === 0) return null
  const varies = values.some((value) => !Object.is(value, values[0]))
  const spread = spreadOf(values)
  // Nothing but NaN and infinities: there is a value, but no mean.
  if (spread === null) return { mean: Number.NaN, sd: null, count: 0, varies }
  return { mean: spread.mean, sd: spread.sd, count: spread.count, varies }
}
