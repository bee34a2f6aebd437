import { isOfMachine } from '#shared/domain/system-series.ts'
import { appError } from '#shared/rpc/app-error.ts'
import { formatDateTime, formatDuration, isoTime } from '#shared/lib/format-time.ts'
import { chooseNumberFormat, chooseWrittenFormat, formatNumber, type NumberFormat } from '#shared/lib/format.ts'
import type { Cell, Column, RunRow, TablePage } from '#shared/contract/runs.ts'
import { connectCli, projectOf } from '../backend-client.ts'
import { pointAtFault, unknownKeys } from '../filter-fault.ts'
import { printTable, type TableStyle, type TableValue } from '../print-table.ts'

export type RunsOptions = {
  readonly filter: string
  readonly project?: string
  readonly sort?: string
  readonly columns?: readonly string[]
  readonly limit: number
  readonly style: TableStyle
  readonly archived: boolean
}

const PAGE = 1_000

/** `benchtop runs [FILTER]`: the run table. */
export async function runsCommand(options: RunsOptions): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, false)
  const available = await cli.client.runs.columns({ project })
  const chosen =
    options.columns === undefined ? usual(available) : options.columns.map((name) => named(available, name))
  const columns = ['attribute:started', 'attribute:duration', ...chosen]
  const sort = options.sort === undefined ? [] : [sortOf(available, options.sort)]
  const rows: RunRow[] = []
  for (let offset = 0; offset < options.limit; offset += PAGE) {
    const page = await cli.client.runs
      .table({
        project,
        filter: options.filter,
        sort,
        columns,
        lifecycle: options.archived ? 'archived' : 'active',
        offset,
        limit: Math.min(PAGE, options.limit - offset),
      })
      .catch((error: unknown) => {
        throw pointAtFault(error, options.filter)
      })
    rows.push(...page.rows)
    if (page.rowCount === 0) {
      process.stderr.write(emptyText(page, options.filter, available))
      if (options.style === 'table') return ''
    }
    if (offset === 0 && page.rowCount > options.limit && options.style === 'table')
      process.stderr.write(`The first ${options.limit} of ${page.rowCount}; -n COUNT shows more.\n`)
    if (offset + page.rows.length >= page.rowCount || page.rows.length === 0) break
  }
  const exact = options.style !== 'table'
  const now = Date.now()
  const titles = ['run', 'name', 'status', 'started', 'took', ...chosen.map(titleOf)]
  const values = rows.map((row): TableValue[] => {
    const [started = null, took = null, ...rest] = row.cells.map(valueOf)
    return [
      row.number,
      row.name,
      row.status,
      typeof started === 'number' ? (exact ? isoTime(started) : formatDateTime(started, now)) : null,
      typeof took === 'number' ? (exact ? took : formatDuration(took)) : null,
      ...rest,
      ...(exact ? [row.id] : []),
    ]
  })
  const all = exact ? [...titles, 'id'] : titles
  const formats = all.map((_, column): NumberFormat | undefined =>
    column < 5
      ? undefined
      : (chosen[column - 5]?.startsWith('param:') === true ? chooseWrittenFormat : chooseNumberFormat)(
          values.flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : [])),
        ),
  )
  return printTable(
    {
      columns: all.map((title, column) => ({
        title,
        align: values.some((row) => typeof row[column] === 'number') ? 'right' : 'left',
      })),
      rows: values,
    },
    options.style,
    { shown: (value, column) => (column === 0 ? String(value) : formatNumber(value, formats[column])) },
  )
}

/** The experiment where there are several, metrics that most runs have, then parameters that differ between runs. */
function usual(available: readonly Column[]): readonly string[] {
  const metrics = available
    .filter(({ kind, key }) => kind === 'metric' && !isOfMachine({ key }))
    .toSorted((a, b) => b.count - a.count)
  const params = available
    .filter(({ kind, values }) => kind === 'param' && values.length > 1)
    .toSorted((a, b) => b.count - a.count)
  const experiment = available.filter(({ id, values }) => id === 'attribute:experiment' && values.length > 1)
  return [...experiment, ...metrics.filter(({ id }) => id.endsWith(':last')).slice(0, 4), ...params.slice(0, 4)].map(
    ({ id }) => id,
  )
}

function emptyText({ total }: TablePage, filter: string, available: readonly Column[]): string {
  if (total === 0) return 'There are no runs here yet.\n'
  const unknown = unknownKeys(filter, available)
  return unknown.length === 0
    ? `None of ${total} runs matches.\n`
    : `None of ${total} runs matches. No run has ${unknown.join(' or ')}.\n`
}

function named(available: readonly Column[], name: string): string {
  const metric = available.find(({ kind, key, id }) => kind === 'metric' && key === name && id.endsWith(':last'))
  const found = available.find(({ id }) => id === name) ?? metric ?? available.find(({ key }) => key === name)
  if (found !== undefined) return found.id
  // Written as an id it is shown empty; a mere name that no run has is a slip of the fingers.
  if (/^(attribute|param|metric|tag):/.test(name)) return name
  throw appError('invalid', `No run has a ${name}.`, { hint: nearText(available, name) })
}

function nearText(available: readonly Column[], name: string): string {
  const keys = [...new Set(available.map(({ key }) => key))]
  const near = keys.filter((key) => key.toLowerCase().includes(name.toLowerCase()))
  return `There are ${(near.length > 0 ? near : keys).slice(0, 12).join(', ')}.`
}

function sortOf(
  available: readonly Column[],
  given: string,
): { readonly column: string; readonly direction: 'asc' | 'desc' } {
  const descending = given.startsWith('-')
  return { column: named(available, descending ? given.slice(1) : given), direction: descending ? 'desc' : 'asc' }
}

function titleOf(id: string): string {
  const rest = id.slice(id.indexOf(':') + 1)
  return id.startsWith('metric:') ? rest.replace(/:last$/, '').replace(/^(.*):(min|max|best)$/, '$1 $2') : rest
}

function valueOf(cell: Cell): TableValue {
  return typeof cell === 'object' && cell !== null ? cell.mean : cell
}
