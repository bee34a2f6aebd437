import { assertNever } from '#shared/lib/assert-never.ts'
import { err, ok, type Result } from '#shared/lib/result.ts'
import type { Clause, ComparisonOperator, Entity, Filter, FilterError, FilterKey, FilterValue } from './ast.ts'
import type { BooleanColumn, FilterColumn, FilterColumns, NumberColumn, Presence, TextListColumn } from './columns.ts'
import { compileNumberTest, type NumberTest } from './compile-number.ts'
import { compileTextTest, type TextTest } from './compile-text.ts'
import { compileLike } from './like.ts'
import type { FilterClock } from './moments.ts'
import { runAttributeOf } from './names.ts'

export type RowPredicate = (row: number) => boolean

type Compiled = Result<RowPredicate, FilterError>

/**
 * Compiles a filter into a test of row indices.
 *
 * A clause on a key that a row lacks is false, also with `!=`; IS NULL, `exists` and NOT around a clause see the lack.
 * Texts are tested once for each dictionary entry, numbers once for each row.
 *
 * @returns an error where a value cannot be compared with its column (`started > 'soon'`).
 */
export function compileFilter(filter: Filter, columns: FilterColumns, clock: FilterClock): Compiled {
  if ('terms' in filter) {
    const tests: RowPredicate[] = []
    for (const term of filter.terms) {
      const test = compileFilter(term, columns, clock)
      if (!test.ok) return test
      tests.push(test.value)
    }
    return ok(filter.kind === 'and' ? allOf(tests) : anyOf(tests))
  }
  if (filter.kind !== 'not') return compileClause(filter, columns, clock)
  const inner = compileFilter(filter.term, columns, clock)
  if (!inner.ok) return inner
  const test = inner.value
  return ok((row) => !test(row))
}

/** Two and three terms are nearly all there are, and a direct call is several times faster than the loop. */
function allOf(tests: readonly RowPredicate[]): RowPredicate {
  const [first, second, third] = tests
  if (first === undefined) return () => true
  if (second === undefined) return first
  if (third === undefined) return (row) => first(row) && second(row)
  if (tests.length === 3) return (row) => first(row) && second(row) && third(row)
  return (row) => tests.every((test) => test(row))
}

function anyOf(tests: readonly RowPredicate[]): RowPredicate {
  const [first, second, third] = tests
  if (first === undefined) return () => false
  if (second === undefined) return first
  if (third === undefined) return (row) => first(row) || second(row)
  if (tests.length === 3) return (row) => first(row) || second(row) || third(row)
  return (row) => tests.some((test) => test(row))
}

/** The column that a key means, with bare keys resolved and attributes under their own names. */
export function columnOf(key: FilterKey, columns: FilterColumns): FilterColumn | undefined {
  const aggregate = key.aggregate ?? 'last'
  if (key.entity !== null) return columns.column(key.entity, ownName(key.entity, key.name), aggregate)
  if (columns.resolve !== undefined) {
    const entity = columns.resolve(key.name)
    return entity === undefined ? undefined : columns.column(entity, ownName(entity, key.name), aggregate)
  }
  const attribute = runAttributeOf(key.name)
  const column = attribute === undefined ? undefined : columns.column('attribute', attribute, aggregate)
  return (
    column ??
    columns.column('metric', key.name, aggregate) ??
    columns.column('param', key.name, aggregate) ??
    columns.column('tag', key.name, aggregate)
  )
}

function ownName(entity: Entity, name: string): string {
  return entity === 'attribute' ? (runAttributeOf(name) ?? name) : name
}

function compileClause(clause: Clause, columns: FilterColumns, clock: FilterClock): Compiled {
  if (clause.kind === 'text') {
    const name = columns.column('attribute', 'name', 'last')
    const word = clause.text.toLowerCase()
    return ok(name === undefined ? () => false : rowsWhereText(name, (text) => text.toLowerCase().includes(word)))
  }
  const column = columnOf(clause.key, columns)
  if (clause.kind === 'exists') return ok(compileExists(column, clause.negated))
  if (column === undefined) return ok(() => false)
  switch (clause.kind) {
    case 'compare':
      return compileTests(column, [{ operator: clause.operator, value: clause.value }], false, clock)
    case 'in': {
      const tests = clause.values.map((value) => ({ operator: '=' as const, value }))
      return compileTests(column, tests, clause.negated, clock)
    }
    case 'like': {
      const like = compileLike(clause.pattern, clause.ignoreCase)
      if (column.kind === 'text' || column.kind === 'texts') {
        return ok(rowsWhereText(column, clause.negated ? (text) => !like(text) : like))
      }
      const message = `LIKE compares texts; ${clause.key.name} is not one.`
      return err({ message, ...clause.span, expected: ['=', '!=', '<', '<=', '>', '>='] })
    }
    default:
      return assertNever(clause, 'clause')
  }
}

interface Test {
  readonly operator: ComparisonOperator
  readonly value: FilterValue
}

/** Any of the tests, on rows that have a value; `negated` for NOT IN. */
function compileTests(column: FilterColumn, tests: readonly Test[], negated: boolean, clock: FilterClock): Compiled {
  if (column.kind === 'text' || column.kind === 'texts') {
    const canonical = column.kind === 'text' ? column.canonical : undefined
    const spelled = tests.map(({ operator, value }) => ({ operator, value: inSpelling(value, canonical) }))
    return ok(rowsWhereText(column, anyTextTest(spelled, negated, clock)))
  }
  const compiled: NumberTest[] = []
  for (const { operator, value } of tests) {
    const test = compileNumberTest(column.kind === 'boolean' ? 'number' : column.kind, operator, value, clock)
    if (!test.ok) return test
    compiled.push(test.value)
  }
  return ok(rowsWhereNumber(column, anyTest(compiled, negated)))
}

/** A list of thousands of run ids is looked up rather than walked for each entry of the dictionary. */
function anyTextTest(tests: readonly Test[], negated: boolean, clock: FilterClock): TextTest {
  if (tests.length > 4 && tests.every(({ operator, value }) => operator === '=' && value.kind === 'string')) {
    const texts = new Set(tests.map(({ value }) => value.text))
    return (text) => texts.has(text) !== negated
  }
  return anyTest(
    tests.map(({ operator, value }) => compileTextTest(operator, value, clock)),
    negated,
  )
}

function inSpelling(value: FilterValue, canonical: ((text: string) => string) | undefined): FilterValue {
  return canonical !== undefined && value.kind === 'string' ? { ...value, text: canonical(value.text) } : value
}

function anyTest<Value>(tests: readonly ((value: Value) => boolean)[], negated: boolean): (value: Value) => boolean {
  const [first] = tests
  if (first !== undefined && tests.length === 1) return negated ? (value) => !first(value) : first
  return (value) => tests.some((test) => test(value)) !== negated
}

function rowsWhereNumber(column: NumberColumn | BooleanColumn, test: NumberTest): RowPredicate {
  const { values, present } = column
  if (present === null) return (row) => test(values[row] ?? Number.NaN)
  return (row) => present[row] === 1 && test(values[row] ?? Number.NaN)
}

function rowsWhereText(column: FilterColumn, test: TextTest): RowPredicate {
  if (column.kind !== 'text' && column.kind !== 'texts') return () => false
  const passes = Uint8Array.from(column.dictionary, (text) => (test(text) ? 1 : 0))
  const { codes } = column
  if (column.kind === 'text') return (row) => passes[codes[row] ?? -1] === 1
  return (row) => someCode(column, row, (code) => passes[code] === 1)
}

function someCode(column: TextListColumn, row: number, test: (code: number) => boolean): boolean {
  const end = column.offsets[row + 1] ?? 0
  for (let index = column.offsets[row] ?? 0; index < end; index += 1) {
    if (test(column.codes[index] ?? -1)) return true
  }
  return false
}

function compileExists(column: FilterColumn | undefined, negated: boolean): RowPredicate {
  const has = presenceTest(column)
  return negated ? (row) => !has(row) : has
}

function presenceTest(column: FilterColumn | undefined): RowPredicate {
  if (column === undefined) return () => false
  if (column.kind === 'texts') return (row) => someCode(column, row, () => true)
  if (column.kind === 'text') {
    const { codes, dictionary } = column
    return (row) => isCode(codes[row], dictionary.length)
  }
  const present: Presence = column.present
  return present === null ? () => true : (row) => present[row] === 1
}

function isCode(code: number | undefined, length: number): boolean {
  return code !== undefined && code >= 0 && code < length
}
