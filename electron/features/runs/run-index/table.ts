import type { z } from 'zod'
import type { RunStatus } from '#shared/contract/common.ts'
import type { Lifecycle, RunRow, TablePage, TableRequest } from '#shared/contract/runs.ts'
import { cellReader, type CellReader } from './cells.ts'
import { groupId, groupRows, type Groups, rowsOf } from './groups.ts'
import { type IndexState, valueColumn } from './index-state.ts'
import { ACTIVE, ARCHIVED, countRuns, DELETED, idAt, type RunColumns } from './run-columns.ts'
import { selectRows } from './select-rows.ts'
import { sortGroups } from './sort-groups.ts'
import { sortRows } from './sort-rows.ts'
import { textAt } from './text-column.ts'

export type ParsedTableRequest = z.output<typeof TableRequest>
export type ViewRequest = Pick<ParsedTableRequest, 'filter' | 'sort' | 'group' | 'lifecycle'>

export const LIFECYCLE_CODES: Readonly<Record<Lifecycle, number>> = {
  active: ACTIVE,
  archived: ARCHIVED,
  deleted: DELETED,
}

/** Rows that match, in order; with grouping also as groups. A page of a view is cheap, so views are kept while nothing changes. */
export type View = {
  readonly total: number
  readonly rows: Uint32Array
  readonly groups: (Groups & { readonly order: Uint32Array }) | null
}

/** Filters, sorts and groups. */
export function makeView(state: IndexState, request: ViewRequest): View {
  const lifecycle = LIFECYCLE_CODES[request.lifecycle]
  const matching = selectRows(state, { filter: request.filter, lifecycles: [lifecycle] })
  const rows = sortRows(state, matching, request.sort)
  const total = countRuns(state.columns, lifecycle)
  if (request.group === 'none') return { total, rows, groups: null }
  const groups = groupRows(rows, state.signatures())
  return { total, rows, groups: { ...groups, order: sortGroups(state, groups, request.sort) } }
}

/** A view's runs in the order in which the table shows them, with all groups open; given `only`, those of these groups. */
export function viewRows({ rows, groups }: View, only?: readonly string[]): readonly number[] {
  if (groups === null) return only === undefined ? [...rows] : []
  const meant = only === undefined ? undefined : new Set(only)
  return [...groups.order]
    .filter((group) => meant === undefined || meant.has(groupId(groups, group)))
    .flatMap((group) => [...rowsOf(groups, group)])
}

/** A page of a view. */
export function pageOf(state: IndexState, view: View, request: ParsedTableRequest): TablePage {
  const { columns } = state
  const readers = request.columns.map((id) => cellReader(columns, id, valueColumn(state, id)))
  const { offset, limit } = request
  const base = {
    total: view.total,
    matched: view.rows.length,
    groups: view.groups?.count ?? 0,
    offset,
    revision: columns.revision,
  }
  if (view.groups === null) {
    const rows = [...view.rows.subarray(offset, offset + limit)]
    return {
      ...base,
      rowCount: view.rows.length,
      rows: rows.map((row) => runRow(columns, readers, row, 0, textAt(columns.texts.parent, row))),
    }
  }
  return { ...base, ...groupPage(columns, readers, view.groups, request) }
}

function groupPage(
  columns: RunColumns,
  readers: readonly CellReader[],
  groups: NonNullable<View['groups']>,
  { offset, limit, expanded }: ParsedTableRequest,
): Pick<TablePage, 'rowCount' | 'rows'> {
  const open = new Set(expanded)
  const rows: RunRow[] = []
  let place = 0
  const take = (make: () => RunRow): void => {
    if (place >= offset && place < offset + limit) rows.push(make())
    place++
  }
  for (const group of groups.order) {
    const members = rowsOf(groups, group)
    const [only = 0] = members
    // A single run is shown as itself: there is nothing to take a mean of.
    if (members.length === 1) {
      take(() => runRow(columns, readers, only, 0, textAt(columns.texts.parent, only)))
      continue
    }
    const isOpen = open.size > 0 && open.has(groupId(groups, group))
    take(() => groupRow(columns, readers, groupId(groups, group), members, isOpen))
    if (!isOpen) continue
    if (place + members.length <= offset || place >= offset + limit) place += members.length
    else for (const row of members) take(() => runRow(columns, readers, row, 1, groupId(groups, group)))
  }
  return { rowCount: place, rows }
}

function runRow(
  columns: RunColumns,
  readers: readonly CellReader[],
  row: number,
  depth: number,
  parent: string | null,
): RunRow {
  const status = statusAt(columns, row)
  return {
    id: idAt(columns, row),
    number: columns.numbers[row] ?? 0,
    name: textAt(columns.texts.name, row) ?? '',
    status,
    depth,
    members: 0,
    done: status === 'finished' ? 1 : 0,
    expanded: false,
    parent,
    cells: readers.map((reader) => reader.ofRun(row)),
  }
}

function groupRow(
  columns: RunColumns,
  readers: readonly CellReader[],
  id: string,
  rows: Uint32Array,
  expanded: boolean,
): RunRow {
  // Rows ascend with the runs' numbers, so the smallest is the group's first run.
  const first = rows.reduce((least, row) => Math.min(least, row))
  const statuses = Array.from(rows, (row) => statusAt(columns, row))
  return {
    id,
    number: columns.numbers[first] ?? 0,
    name: textAt(columns.texts.name, first) ?? '',
    status: GROUP_STATUS.find((status) => statuses.includes(status)) ?? 'finished',
    depth: 0,
    members: rows.length,
    done: statuses.filter((status) => status === 'finished').length,
    memberIds: Array.from(rows.subarray(0, MEMBERS_TOLD), (row) => idAt(columns, row)),
    expanded,
    parent: null,
    cells: readers.map((reader) => reader.ofGroup(rows)),
  }
}

/** Of a larger group, its first runs stand for all in its line and band. */
const MEMBERS_TOLD = 20

/** A group is what the member is that asks most for a person's eye: first what moves, then what went wrong. */
const GROUP_STATUS: readonly RunStatus[] = ['running', 'stopping', 'queued', 'failed', 'lost', 'killed', 'finished']

function statusAt(columns: RunColumns, row: number): RunStatus {
  return (textAt(columns.texts.status, row) ?? 'lost') as RunStatus
}
