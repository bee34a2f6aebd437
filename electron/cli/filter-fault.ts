import type { Column } from '#shared/contract/runs.ts'
import type { Clause, Filter } from '#shared/domain/filter/ast.ts'
import { runAttributeOf } from '#shared/domain/filter/names.ts'
import { parseFilter } from '#shared/domain/filter/parse.ts'
import { AppError } from '#shared/rpc/app-error.ts'
import { displayWidth } from './print-table.ts'

/** Characters shown on either side of the fault, in a filter too long for a line. */
const AROUND = 40

/**
 * A refused filter with a pointer at the character that is wrong:
 *
 *     val_acc >> 0.8
 *              ^
 *     A value should stand here, not ">".
 *
 * Any other error is given back as it is.
 */
export function pointAtFault(error: unknown, filter: string): unknown {
  if (!(error instanceof AppError) || error.field !== 'filter') return error
  const place = /character (\d+)/.exec(error.hint ?? '')?.[1]
  if (place === undefined) return error
  const at = Math.min(Number(place) - 1, filter.length)
  const from = at > AROUND * 1.5 ? at - AROUND : 0
  const shown = filter.slice(from, from + 3 * AROUND).replace(/\s/g, ' ')
  const lead = from > 0 ? '…' : ''
  const tail = from + 3 * AROUND < filter.length ? '…' : ''
  const gap = ' '.repeat(displayWidth(lead + filter.slice(from, at)))
  return new AppError(error.code, `${lead}${shown}${tail}\n${gap}^\n${error.message}`, { field: error.field })
}

/** Keys of a filter that no run has: the likeliest reason why nothing matches. */
export function unknownKeys(filter: string, available: readonly Column[]): readonly string[] {
  const parsed = parseFilter(filter)
  if (!parsed.ok) return []
  const keys = clausesOf(parsed.value).flatMap((clause) => ('key' in clause ? [clause.key] : []))
  const unknown = keys.filter(({ entity, name }) =>
    entity === null
      ? runAttributeOf(name) === undefined && !available.some(({ key }) => key === name)
      : (entity === 'metric' || entity === 'param' || entity === 'tag') &&
        !available.some(({ kind, key }) => kind === entity && key === name),
  )
  return [...new Set(unknown.map(({ name }) => name))]
}

function clausesOf(filter: Filter): readonly Clause[] {
  if ('terms' in filter) return filter.terms.flatMap(clausesOf)
  return filter.kind === 'not' ? clausesOf(filter.term) : [filter]
}
