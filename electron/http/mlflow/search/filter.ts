import { pythonRepr } from '#shared/lib/python-repr.ts'
import type { Filter, FilterError, FilterKey } from '#shared/domain/filter/ast.ts'
import type { FilterColumns } from '#shared/domain/filter/columns.ts'
import { parseFilter } from '#shared/domain/filter/parse.ts'
import { filterRows } from '#shared/domain/filter/rows.ts'
import { invalid } from '../errors.ts'
import { type Column, filterColumn, type Searched } from './columns.ts'
import { settle, withoutEmptyClauses } from './settle.ts'

/**
 * Rows that a filter lets through, ascending. The language is Benchtop's, which contains MLflow's: OR, NOT and parentheses work too. What a
 * client could only have written by mistake is refused: bare words, unknown attributes, entities that these rows don't have.
 */
export function matching(searched: Searched, filter: string): readonly number[] {
  const { length } = searched
  const clauses = withoutEmptyClauses(filter)
  if (clauses.trim() === '') return Array.from({ length }, (_, row) => row)
  const parsed = parseFilter(clauses)
  if (!parsed.ok) throw refusal(parsed.error, filter)
  check(parsed.value, searched)
  const clock = { now: searched.now, utcOffsetMinutes: 0 }
  const { holds } = searched
  const settled = holds === undefined ? undefined : settle(parsed.value, holds)
  const columns: FilterColumns = {
    resolve: () => 'attribute',
    column(entity, name) {
      if (entity !== 'attribute') return filterColumn(columnOf(searched, { entity, name }))
      const known = settled?.columns.get(name)
      if (known !== undefined) return known
      // The language gives attributes of runs its own names; what comes here is one of both.
      const column = searched.attributes[name] ?? searched.attributes[CLIENTS_NAME[name] ?? '']
      return column === undefined ? undefined : filterColumn(column())
    },
  }
  const found = filterRows(settled?.filter ?? parsed.value, columns, length, clock)
  if (!found.ok) throw refusal(found.error, filter)
  return Array.from(found.value)
}

/** The names of run attributes in the filter language, which it puts in the place of the client's. */
const CLIENTS_NAME: Readonly<Record<string, string>> = {
  id: 'run_id',
  name: 'run_name',
  started: 'start_time',
  ended: 'end_time',
  user: 'user_id',
}

/** The column of a key. Throws for a key that these rows cannot have. */
export function columnOf(searched: Searched, key: Pick<FilterKey, 'entity' | 'name'>): Column {
  return readerOf(searched, key)()
}

/** What reads the column of a key: a key can be checked without reading it. */
function readerOf(searched: Searched, { entity, name }: Pick<FilterKey, 'entity' | 'name'>): () => Column {
  if (entity === null || entity === 'attribute') {
    const known = Object.hasOwn(searched.attributes, name) ? searched.attributes[name] : undefined
    if (known === undefined) {
      const names = Object.keys(searched.attributes).map((key) => `'${key}'`)
      throw invalid(`Invalid attribute key '${name}' specified. Valid keys are [${names.join(', ')}]`)
    }
    return known
  }
  const keyed = searched.keyed[entity]
  if (keyed === undefined) throw invalid(`Invalid entity type '${entity}'. These have no ${entity}s.`)
  return () => keyed(name)
}

function check(filter: Filter, searched: Searched): void {
  if ('terms' in filter) for (const term of filter.terms) check(term, searched)
  else if (filter.kind === 'not') check(filter.term, searched)
  else if (filter.kind === 'text')
    throw invalid(`Invalid clause(s) in filter string: ${pythonRepr(filter.text)} is compared with nothing`)
  else {
    const { entity, name, aggregate } = filter.key
    if (aggregate !== null) throw invalid(`Invalid clause(s) in filter string: ${aggregate}() is not known here`)
    readerOf(searched, { entity, name })
  }
}

function refusal(error: FilterError, filter: string): Error {
  const shown = filter.length > 500 ? `${filter.slice(0, 500)}...` : filter
  return invalid(
    `Invalid clause(s) in filter string: ${error.message} (at character ${error.from + 1} of ${pythonRepr(shown)})`,
  )
}
