import { parseKey } from '#shared/domain/filter/parse-key.ts'
import { tokenise } from '#shared/domain/filter/tokens.ts'
import { invalid } from '../errors.ts'
import { pythonRepr } from '../python-text.ts'
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
  return rows.toSorted((left, right) => {
    for (const { column, ascending } of orders) {
      const a = comparable(column, left)
      const b = comparable(column, right)
      const ranks = rank(a) - rank(b)
      if (ranks !== 0) return ranks
      if (rank(a) > 0 || a === b) continue
      return a !== undefined && b !== undefined && a < b === ascending ? -1 : 1
    }
    return left - right
  })
}

function comparable(column: Column, row: number): number | string | undefined {
  return column.kind === 'texts' ? column.values[row]?.[0] : column.values[row]
}

function rank(value: number | string | undefined): number {
  return value === undefined ? 2 : Number.isNaN(value) ? 1 : 0
}
