import type { FilterColumn, FilterColumns } from '#shared/domain/filter/columns.ts'
import { filterRows } from '#shared/domain/filter/rows.ts'
import { keysOf, type Aggregate, type Entity } from '#shared/domain/filter/ast.ts'
import { parseFilter } from '#shared/domain/filter/parse.ts'
import { invalid } from './errors.ts'

/** A row's value of a key; undefined when it has none. */
export type Value = number | string | undefined
/** How to read a key from a row, and what kind of value it is; undefined for a key that rows of this kind can't have. */
export type Reader<Row> = {
  readonly kind: 'number' | 'text'
  readonly read: (row: Row) => Value
  readonly canonical?: (text: string) => string
}
export type Read<Row> = (entity: Entity, name: string, aggregate: Aggregate) => Reader<Row> | undefined

/**
 * Rows that a filter lets through. The language is Benchtop's, a superset of MLflow's: OR, NOT and parentheses work too. A bare key is an
 * attribute, as MLflow has it; an unknown one is refused.
 */
export function filterItems<Row>(
  rows: readonly Row[],
  filter: string,
  read: Read<Row>,
  attributes: ReadonlySet<string>,
  now: number,
): readonly Row[] {
  if (filter.trim() === '') return rows
  const parsed = parseFilter(filter)
  if (!parsed.ok)
    throw invalid(
      `Invalid clause(s) in filter string: ${parsed.error.message} (at character ${parsed.error.from + 1} of '${filter.slice(0, 500)}')`,
    )
  for (const { entity, name } of keysOf(parsed.value)) {
    if ((entity === null || entity === 'attribute') && !attributes.has(name.toLowerCase())) {
      throw invalid(`Invalid attribute key '${name}' specified. Valid keys are '${[...attributes].join("', '")}'`)
    }
  }
  const columns: FilterColumns = {
    resolve: () => 'attribute',
    column: (entity, name, aggregate) => {
      const reader = read(entity, name, aggregate)
      return reader === undefined ? undefined : columnOver(rows, reader)
    },
  }
  const found = filterRows(parsed.value, columns, rows.length, { now, utcOffsetMinutes: 0 })
  if (!found.ok) throw invalid(`Invalid clause(s) in filter string: ${found.error.message}`)
  return Array.from(found.value, (index) => rows[index] as Row)
}

function columnOver<Row>(rows: readonly Row[], { kind, read, canonical }: Reader<Row>): FilterColumn {
  if (kind === 'number') {
    const values = new Float64Array(rows.length)
    const present = new Uint8Array(rows.length)
    rows.forEach((row, index) => {
      const value = read(row)
      if (typeof value !== 'number') return
      values[index] = value
      present[index] = 1
    })
    return { kind: 'number', values, present }
  }
  const codes = new Int32Array(rows.length).fill(-1)
  const byText = new Map<string, number>()
  rows.forEach((row, index) => {
    const value = read(row)
    if (value === undefined) return
    const text = String(value)
    const code = byText.get(text) ?? byText.size
    byText.set(text, code)
    codes[index] = code
  })
  return { kind: 'text', codes, dictionary: [...byText.keys()], ...(canonical === undefined ? {} : { canonical }) }
}

export type Order<Row> = { readonly read: (row: Row) => Value; readonly ascending: boolean }

/** `metrics.loss DESC`: the key without quotes and the direction. */
export function orderClause(clause: string): { readonly key: string; readonly ascending: boolean } {
  const match = /^\s*(.*?)(?:\s+(asc|desc))?\s*$/is.exec(clause)
  const key = match?.[1] ?? ''
  if (key === '') throw invalid(`Invalid order_by clause '${clause}'`)
  return { key, ascending: match?.[2]?.toLowerCase() !== 'desc' }
}

/** Sorts a copy: numbers by value with NaN after them, missing values last in both directions; ties by the orders that follow. */
export function sortItems<Row>(rows: readonly Row[], orders: readonly Order<Row>[]): readonly Row[] {
  const keyed = rows.map((row) => ({ row, keys: orders.map(({ read }) => read(row)) }))
  keyed.sort((a, b) => {
    for (let index = 0; index < orders.length; index++) {
      const difference = compare(a.keys[index], b.keys[index], orders[index]?.ascending ?? true)
      if (difference !== 0) return difference
    }
    return 0
  })
  return keyed.map(({ row }) => row)
}

function compare(a: Value, b: Value, ascending: boolean): number {
  const rank = (value: Value): number =>
    value === undefined ? 2 : typeof value === 'number' && Number.isNaN(value) ? 1 : 0
  const ranks = rank(a) - rank(b)
  if (ranks !== 0) return ranks
  if (rank(a) > 0 || a === b) return 0
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1
  return ascending ? order : -order
}

/** Refuses a key that is ordered by twice, which the real server answers with 500. */
export function checkUnique(keys: readonly string[]): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined) throw invalid(`\`order_by\` contains duplicate fields: ${twice}`)
}
