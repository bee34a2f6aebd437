import { err, ok, type Result } from '#shared/lib/result.ts'
import type { Filter, FilterError } from './ast.ts'
import type { FilterColumns } from './columns.ts'
import { compileFilter, type RowPredicate } from './compile.ts'
import type { FilterClock } from './moments.ts'

/** The indices of the rows below `length` that a test lets through, ascending. */
export function matchingRows(test: RowPredicate, length: number): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(length)
  let count = 0
  for (let row = 0; row < length; row += 1) {
    if (test(row)) {
      rows[count] = row
      count += 1
    }
  }
  return rows.slice(0, count)
}

/** Compiles a filter and lists the rows below `length` that match. */
export function filterRows(
  filter: Filter,
  columns: FilterColumns,
  length: number,
  clock: FilterClock,
): Result<Uint32Array<ArrayBuffer>, FilterError> {
  const test = compileFilter(filter, columns, clock)
  return test.ok ? ok(matchingRows(test.value, length)) : err(test.error)
}

/** What one of the terms that all have to hold lets through by itself. */
export interface TermCount {
  readonly term: Filter
  readonly rows: number
}

/**
 * Counts for each top-level AND term the rows that it alone lets through, so that an empty table can name the term
 * that removed everything. A filter that is no AND is its own only term.
 */
export function countByTerm(
  filter: Filter,
  columns: FilterColumns,
  length: number,
  clock: FilterClock,
): Result<readonly TermCount[], FilterError> {
  const counts: TermCount[] = []
  for (const term of filter.kind === 'and' ? filter.terms : [filter]) {
    const rows = filterRows(term, columns, length, clock)
    if (!rows.ok) return rows
    counts.push({ term, rows: rows.value.length })
  }
  return ok(counts)
}
