import { assertNever } from '#shared/lib/assert-never.ts'
import { AGGREGATES, type Clause, type Filter, type FilterKey, type FilterValue } from './ast.ts'
import { isKeyword, prefixOf, splitEntity } from './names.ts'

/**
 * Writes a filter in its canonical form: upper-case words, single-quoted strings, back-ticks only where a key needs them.
 *
 * Parsing what this prints gives the same filter (but for spans).
 */
export function printFilter(filter: Filter): string {
  if ('terms' in filter) {
    return filter.terms.map((term) => inList(term, filter.kind)).join(` ${filter.kind.toUpperCase()} `)
  }
  if (filter.kind !== 'not') return printClause(filter)
  return `NOT ${needsGroup(filter.term) ? `(${printFilter(filter.term)})` : printFilter(filter.term)}`
}

function inList(term: Filter, list: 'and' | 'or'): string {
  // An AND inside an OR binds closer by itself; every other list in a list keeps its parentheses.
  const bare = !needsGroup(term) || (list === 'or' && term.kind === 'and')
  return bare ? printFilter(term) : `(${printFilter(term)})`
}

function needsGroup(filter: Filter): boolean {
  return filter.kind === 'and' || filter.kind === 'or'
}

function printClause(clause: Clause): string {
  switch (clause.kind) {
    case 'text':
      return isPlainName(clause.text) ? clause.text : quote(clause.text, "'")
    case 'compare':
      return `${printKey(clause.key)} ${clause.operator} ${printValue(clause.value)}`
    case 'like': {
      const operator = clause.ignoreCase ? 'ILIKE' : 'LIKE'
      return `${printKey(clause.key)} ${clause.negated ? 'NOT ' : ''}${operator} ${quote(clause.pattern, "'")}`
    }
    case 'in':
      return `${printKey(clause.key)} ${clause.negated ? 'NOT ' : ''}IN (${clause.values.map(printValue).join(', ')})`
    case 'exists':
      return clause.negated ? `${printKey(clause.key)} IS NULL` : `exists(${printKey(clause.key)})`
    default:
      return assertNever(clause, 'clause')
  }
}

/** Writes a key so that it reads back as the same entity and name; also what the completion inserts. */
export function printKey(key: Pick<FilterKey, 'entity' | 'name' | 'aggregate'>): string {
  if (key.aggregate !== null) return `${key.aggregate}(${printPlainKey(null, key.name)})`
  return printPlainKey(key.entity, key.name)
}

function printPlainKey(entity: FilterKey['entity'], name: string): string {
  if (entity !== null) {
    const plain = `${prefixOf(entity)}.${name}`
    const back = splitEntity(plain)
    if (isPlainName(plain) && back.entity === entity && back.name === name) return plain
    return `${prefixOf(entity)}.${quote(name, '`')}`
  }
  return isPlainName(name) && splitEntity(name).entity === null ? name : quote(name, '`')
}

/** Writes a value: strings in single quotes, everything else as it was written. */
export function printValue(value: FilterValue): string {
  return value.kind === 'string' ? quote(value.text, "'") : value.text
}

const PLAIN = /^[^\s'"`(),=<>!;&|]+$/

function isPlainName(name: string): boolean {
  const word = name.toLowerCase()
  return PLAIN.test(name) && !isKeyword(name) && !name.endsWith('.') && !AGGREGATES.some((known) => known === word)
}

function quote(text: string, mark: string): string {
  return mark + text.replaceAll(mark, mark + mark) + mark
}
