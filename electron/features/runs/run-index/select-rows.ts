import { compileFilter } from '#shared/domain/filter/compile.ts'
import { parseFilter } from '#shared/domain/filter/parse.ts'
import type { FilterError } from '#shared/domain/filter/ast.ts'
import { appError } from '#shared/rpc/errors.ts'
import { filterColumns } from './filter-columns.ts'
import type { IndexState } from './index-state.ts'
import { denseCodes, textCells } from './text-column.ts'

export type RowQuery = {
  readonly filter: string
  /** Codes of lifecycles that are let through. */
  readonly lifecycles: readonly number[]
  /** Ids of experiments; absent means all. */
  readonly experiments?: readonly string[]
}

/** Rows that a query lets through, newest run first. Throws `invalid` with field `filter` for a filter that is not one. */
export function selectRows(state: IndexState, query: RowQuery): Uint32Array {
  const { columns } = state
  const test = compile(state, query.filter)
  const lifecycles = new Uint8Array(256)
  for (const lifecycle of query.lifecycles) lifecycles[lifecycle] = 1
  const wanted = query.experiments?.flatMap((id) => textCells(columns.experiments).lookup.get(id) ?? [])
  const experiments = wanted === undefined ? undefined : new Set(wanted)
  const codes = experiments === undefined ? undefined : denseCodes(columns.experiments)
  const rows = new Uint32Array(columns.length)
  let count = 0
  for (let row = columns.length - 1; row >= 0; row--) {
    if (lifecycles[columns.lifecycles[row] ?? 0] !== 1) continue
    if (experiments !== undefined && !experiments.has(codes?.[row] ?? -1)) continue
    if (test(row)) rows[count++] = row
  }
  return rows.subarray(0, count)
}

function compile(state: IndexState, text: string): (row: number) => boolean {
  const filter = parseFilter(text)
  if (!filter.ok) throw filterError(filter.error)
  const test = compileFilter(filter.value, filterColumns(state.columns, state.datasets, state.now), { now: state.now })
  if (!test.ok) throw filterError(test.error)
  return test.value
}

function filterError(error: FilterError): Error {
  return appError('invalid', error.message, {
    field: 'filter',
    hint: `At character ${error.from + 1} of the filter.`,
  })
}
