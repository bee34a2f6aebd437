import { pythonRepr } from '#shared/lib/python-repr.ts'
import { parseKey } from '#shared/domain/filter/parse-key.ts'
import { tokenise } from '#shared/domain/filter/tokens.ts'
import { invalid } from '../errors.ts'
import type { Column, Searched } from './columns.ts'
import { columnOf } from './filter.ts'

export type Order = { readonly column: Column; readonly ascending: boolean }

/**
 * Reads `metrics.loss DESC` clauses. Throws for a key that these rows don't have, and for one that is named twice unless that is `repeatable`, in
 * which case its first direction counts.
 */
export function ordersIn(
  searched: Searched,
  clauses: readonly string[],
  { repeatable = false } = {},
): readonly (Order & { readonly key: string })[] {
  const keys = new Set<string>()
  return clauses.map((clause) => {
    const tokens = tokenise(clause)
    const parsed = parseKey(tokens, 0)
    const [direction, end] = parsed.ok ? tokens.slice(parsed.value.next) : []
    const word = direction?.kind === 'word' ? direction.text.toLowerCase() : ''
    const isWhole = direction?.kind === 'end' || ((word === 'asc' || word === 'desc') && end?.kind === 'end')
    if (!parsed.ok || !isWhole || parsed.value.key.aggregate !== null)
      throw invalid(`Invalid order_by clause ${pythonRepr(clause)}. Could not be parsed.`)
    const { entity, name } = parsed.value.key
    const key = `${entity ?? 'attribute'}.${name}`
    if (keys.size === keys.add(key).size && !repeatable)
      throw invalid(`\`order_by\` contains duplicate fields: [${clauses.map(pythonRepr).join(', ')}]`)
    return { key, column: columnOf(searched, parsed.value.key), ascending: word !== 'desc' }
  })
}

/** Rows sorted: numbers by value with NaN after them, missing values last in both directions; ties by the orders that follow. */
export function sorted(rows: readonly number[], orders: readonly Order[]): readonly number[] {
  if (orders.length === 0) return rows
  const comparisons = orders.map(comparisonOf)
  return rows.toSorted((left, right) => {
    for (const compare of comparisons) {
      const order = compare(left, right)
      if (order !== 0) return order
    }
    return left - right
  })
}

type Comparison = (left: number, right: number) => number

/** Compares rows by what is made ready once of a column: a sort of thirty thousand rows asks half a million times. */
function comparisonOf({ column, ascending }: Order): Comparison {
  const sign = ascending ? 1 : -1
  if (column.kind === 'number') {
    const ranks = Uint8Array.from(column.values, rank)
    const values = Float64Array.from(column.values, (value) => value ?? 0)
    const { rests } = column
    return (left, right) => {
      const kind = ranks[left] as number
      if (kind !== ranks[right]) return kind - (ranks[right] as number)
      const [a, b] = [values[left] as number, values[right] as number]
      if (a !== b && kind === 0) return a < b ? -sign : sign
      return rests === undefined ? 0 : sign * ((rests[left] as number) - (rests[right] as number))
    }
  }
  const values = column.kind === 'texts' ? column.values.map((texts) => texts[0]) : column.values
  return (left, right) => {
    const [a, b] = [values[left], values[right]]
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
    return a === b ? 0 : a < b ? -sign : sign
  }
}

function rank(value: number | undefined): number {
  return value === undefined ? 2 : Number.isNaN(value) ? 1 : 0
}
