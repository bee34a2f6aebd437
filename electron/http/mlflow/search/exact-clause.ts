import type { Clause, ComparisonOperator } from '#shared/domain/filter/ast.ts'
import { type RunAttribute, runAttributeOf } from '#shared/domain/filter/names.ts'
import { isWide, joinWhole } from '#shared/lib/whole-number.ts'
import type { Column } from './columns.ts'

/**
 * 1 for each row where a comparison with a number holds, of columns that have whole numbers beyond 2^53; undefined for every other clause, which
 * doubles decide rightly. `columns` are read by the names of attributes in the filter language, when a clause names them.
 */
export function holdsExactly(
  clause: Clause,
  columns: Readonly<Partial<Record<RunAttribute, () => Column>>>,
): Uint8Array | undefined {
  if (clause.kind !== 'compare' || !(clause.key.entity === 'attribute' || clause.key.entity === null)) return undefined
  const { key, operator, value } = clause
  const compared = /^[-+]?\d{1,40}$/.test(value.text)
    ? BigInt(value.text.replace('+', ''))
    : value.kind === 'number'
      ? value.value
      : Number.NaN
  const name = runAttributeOf(key.name)
  const column = name === undefined || Number.isNaN(Number(compared)) ? undefined : columns[name]?.()
  if (column?.kind !== 'number' || column.rests === undefined) return undefined
  const { rests } = column
  return Uint8Array.from(column.values, (near, row) => {
    if (near === undefined) return 0
    const exact = isWide(near) ? joinWhole(near, rests[row] ?? 0) : near
    // A bigint and a number are compared by what they are worth.
    const order = exact < compared ? -1 : exact > compared ? 1 : 0
    return HOLDS[operator](order) ? 1 : 0
  })
}

const HOLDS: Readonly<Record<ComparisonOperator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}
