import type { Cell, Column, RunRow } from '#shared/contract/runs.ts'
import { goalOf } from '#shared/domain/compare/goal.ts'
import { formatAgo, formatDateTime, formatDuration, isoTime } from '#shared/lib/format-time.ts'
import { chooseNumberFormat, chooseWrittenFormat, exactNumber, type NumberFormat } from '#shared/lib/format.ts'
import {
  DeltaCell,
  HeatCell,
  KeyCell,
  MeanSdCell,
  MissingCell,
  NameCell,
  NumberCell,
  StateCell,
  TextCell,
} from '#renderer/ui/data-grid/cells.tsx'
import type { GridColumn, RowView } from '#renderer/ui/data-grid/model.ts'
import { StateIcon } from '#renderer/ui/icons/state-icon.tsx'
import { runStatusLook } from '#renderer/ui/marks/run-status.ts'
import { columnParts, columnTitle } from './column-text.ts'
import s from './runs-screen.module.css'

type View = RowView<RunRow>

export type GridColumnOptions = {
  readonly columns: readonly string[]
  readonly known: readonly Column[]
  /** Rows at hand, from which each column's digits follow. */
  readonly rows: readonly RunRow[]
  readonly baseline: RunRow | undefined
  readonly isDrawn: (row: RunRow) => boolean
  readonly onDraw: (row: RunRow) => void
  readonly onToggle: (row: RunRow) => void
  readonly grouped: boolean
  /** Columns whose cells have heat. */
  readonly heat: ReadonlySet<string>
  readonly now: number
}

/** The grid's columns: key and name, then what was chosen; after the first metric its difference against the baseline. */
export function gridColumns(options: GridColumnOptions): readonly GridColumn<RunRow>[] {
  const { columns, baseline, grouped } = options
  const values = columns.flatMap((id, index): GridColumn<RunRow>[] => {
    const column = valueColumn(id, index, options)
    const parts = columnParts(id)
    const isFirstMetric =
      parts.kind === 'metric' && columns.findIndex((other) => columnParts(other).kind === 'metric') === index
    return isFirstMetric && baseline !== undefined ? [column, deltaColumn(id, index, baseline, options)] : [column]
  })
  return [keyColumn(options), nameColumn(options), ...(grouped ? [seedsColumn] : []), ...values]
}

function keyColumn({ baseline, isDrawn, onDraw }: GridColumnOptions): GridColumn<RunRow> {
  return {
    id: 'key',
    title: '',
    label: 'Drawn',
    width: 34,
    pinned: true,
    align: 'center',
    inset: 'bare',
    movable: false,
    resizable: false,
    hideable: false,
    render: ({ data, depth }) =>
      depth === 1 && data.parent?.startsWith('group:') === true ? null : (
        <KeyCell
          number={data.number}
          shown={isDrawn(data)}
          baseline={data.id === baseline?.id}
          onToggle={() => onDraw(data)}
        />
      ),
  }
}

function nameColumn({ baseline, onToggle, grouped }: GridColumnOptions): GridColumn<RunRow> {
  return {
    id: 'name',
    title: 'Name',
    width: 188,
    pinned: true,
    sortable: true,
    hideable: false,
    exact: ({ data }) => data.name,
    render: ({ data, depth, expanded }) => (
      <span className={s.name}>
        <NameCell
          name={data.name}
          depth={depth}
          expanded={expanded}
          onToggle={() => onToggle(data)}
          mark={data.id === baseline?.id ? 'pin' : undefined}
        />
        {data.members > 0 || data.status === 'finished' || grouped ? null : <StatusIcon status={data.status} />}
      </span>
    ),
  }
}

function StatusIcon({ status }: { readonly status: RunRow['status'] }) {
  const { mark, word } = runStatusLook[status]
  return (
    <span className={s.status} title={word}>
      <StateIcon state={mark} />
      <span className="only-heard">{word}</span>
    </span>
  )
}

const seedsColumn: GridColumn<RunRow> = {
  id: 'seeds',
  title: 'Seeds',
  subtitle: 'done',
  width: 58,
  align: 'end',
  render: ({ data }) =>
    data.members === 0 ? (
      <StatusIcon status={data.status} />
    ) : (
      <span className={s.seeds}>
        {data.status === 'finished' ? null : <StatusIcon status={data.status} />}
        {data.done}/{data.members}
      </span>
    ),
}

function valueColumn(id: string, index: number, options: GridColumnOptions): GridColumn<RunRow> {
  const parts = columnParts(id)
  const known = options.known.find((column) => column.id === id)
  const { title, subtitle } = columnTitle(id)
  const cellOf = (view: View): Cell => view.data.cells[index] ?? null
  const base = {
    id,
    title,
    subtitle: options.grouped && parts.kind === 'metric' ? `${subtitle ?? ''}, mean ± sd` : subtitle,
    sortable: true,
  }
  if (parts.kind === 'attribute') return { ...base, ...attributeColumn(parts.key, cellOf, options.now) }
  const numeric = parts.kind === 'metric' || known?.numeric === true
  const format = numberFormat(options.rows, index, parts.kind === 'param')
  const shareOf = parts.kind === 'metric' && options.heat.has(id) ? heatShare(parts.key, known) : undefined
  if (shareOf !== undefined && !options.grouped) {
    return {
      ...base,
      width: 92,
      align: 'end',
      inset: 'bare',
      firstSort: goalOf(parts.key) === 'up' ? 'desc' : 'asc',
      exact: (view) => exactText(cellOf(view)),
      render: (view) => {
        const cell = cellOf(view)
        const value = typeof cell === 'number' ? cell : null
        return value === null ? (
          <span className={s.bareMissing}>
            <MissingCell kind="none" />
          </span>
        ) : (
          <HeatCell value={value} format={format} share={shareOf(value)} />
        )
      },
    }
  }
  return {
    ...base,
    width: numeric ? (options.grouped && parts.kind === 'metric' ? 124 : 92) : 110,
    align: numeric ? 'end' : 'start',
    firstSort: parts.kind === 'metric' && (goalOf(parts.key) === 'up' || parts.aggregate === 'max') ? 'desc' : 'asc',
    exact: (view) => exactText(cellOf(view)),
    render: (view) => (
      <ValueCell
        cell={cellOf(view)}
        format={format}
        quiet={parts.kind !== 'metric'}
        rare={isRare(known, options.known)}
        spread={options.grouped && parts.kind === 'metric'}
      />
    ),
  }
}

/** Fewer than half of the runs have a value, as parameters of one experiment of several. */
function isRare(column: Column | undefined, all: readonly Column[]): boolean {
  const runs = all.find(({ id }) => id === 'attribute:id')?.count ?? 0
  return column !== undefined && column.count * 2 < runs
}

/** Where a value lies between the column's worst (0) and best (1), by the metric's goal; undefined where no value is better. */
function heatShare(key: string, known: Column | undefined): ((value: number) => number) | undefined {
  const goal = goalOf(key)
  if (goal === 'neutral' || known === undefined || known.min === null || known.max === null) return undefined
  const { min, max } = known
  const size = max - min
  if (size === 0) return () => 0.5
  return goal === 'up' ? (value) => (value - min) / size : (value) => (max - value) / size
}

function numberFormat(rows: readonly RunRow[], index: number, written = false): NumberFormat {
  return (written ? chooseWrittenFormat : chooseNumberFormat)(
    rows.slice(0, 200).flatMap((row) => {
      const cell = row.cells[index]
      const value = typeof cell === 'object' && cell !== null ? cell.mean : cell
      return typeof value === 'number' && Number.isFinite(value) ? [value] : []
    }),
  )
}

function ValueCell({
  cell,
  format,
  quiet,
  rare,
  spread,
}: {
  readonly cell: Cell
  readonly format: NumberFormat
  readonly quiet: boolean
  /** Of a column that most runs have nothing in: what is missing there is no news. */
  readonly rare: boolean
  readonly spread: boolean
}) {
  if (cell === null) return <MissingCell kind={quiet && !rare ? 'unset' : 'none'} />
  if (typeof cell === 'object') {
    if (cell.varies && quiet) return <span className="t3">varies</span>
    return <MeanSdCell mean={cell.mean} sd={cell.sd} format={format} />
  }
  if (typeof cell === 'string') return <TextCell>{quiet ? <span className="t2">{cell}</span> : cell}</TextCell>
  if (spread) return <MeanSdCell mean={cell} sd={null} format={format} />
  return quiet ? (
    <span className="t2">
      <NumberCell value={cell} format={format} />
    </span>
  ) : (
    <NumberCell value={cell} format={format} />
  )
}

function exactText(cell: Cell): string | undefined {
  if (cell === null) return undefined
  if (typeof cell === 'number') return exactNumber(cell)
  if (typeof cell === 'string') return cell
  return cell.sd === null
    ? exactNumber(cell.mean)
    : `${exactNumber(cell.mean)} ± ${exactNumber(cell.sd)} (${cell.count})`
}

function deltaColumn(id: string, index: number, baseline: RunRow, options: GridColumnOptions): GridColumn<RunRow> {
  const parts = columnParts(id)
  const goal = goalOf(parts.key)
  const numberOf = (cell: Cell | undefined): number | null => {
    const value = typeof cell === 'object' && cell !== null ? cell.mean : cell
    return typeof value === 'number' && Number.isFinite(value) ? value : null
  }
  const base = numberOf(baseline.cells[index])
  const format = numberFormat(options.rows, index)
  return {
    id: `delta:${id}`,
    title: 'Δ base',
    subtitle: parts.key,
    width: 76,
    align: 'end',
    render: ({ data }) => {
      const value = numberOf(data.cells[index])
      return (
        <DeltaCell
          delta={data.id === baseline.id ? null : value === null || base === null ? undefined : value - base}
          goal={goal}
          format={format}
        />
      )
    },
  }
}

type Attribute = Pick<GridColumn<RunRow>, 'width' | 'render' | 'exact'> & Partial<GridColumn<RunRow>>

function attributeColumn(key: string, cellOf: (view: View) => Cell, now: number): Attribute {
  const text = (view: View): string | undefined => {
    const cell = cellOf(view)
    return cell === null || typeof cell === 'object' ? undefined : String(cell)
  }
  const number = (view: View): number | null => {
    const cell = cellOf(view)
    const value = typeof cell === 'object' && cell !== null ? cell.mean : cell
    return typeof value === 'number' ? value : null
  }
  if (key === 'started' || key === 'ended') {
    return {
      width: 96,
      firstSort: 'desc',
      exact: (view) => (number(view) === null ? undefined : isoTime(number(view) ?? 0)),
      render: (view) => {
        const at = number(view)
        return at === null ? (
          <MissingCell kind="none" />
        ) : (
          <span className="t2" title={formatDateTime(at, now)}>
            {formatAgo(at, now)}
          </span>
        )
      },
    }
  }
  if (key === 'duration') {
    return {
      width: 84,
      align: 'end',
      exact: (view) => (number(view) === null ? undefined : `${exactNumber((number(view) ?? 0) / 1000)} s`),
      render: (view) => {
        const took = number(view)
        return took === null ? <MissingCell kind="none" /> : <span className="t2">{formatDuration(took)}</span>
      },
    }
  }
  if (key === 'status') {
    return {
      width: 96,
      exact: text,
      render: ({ data }) =>
        data.members > 0 ? (
          <MissingCell kind="none" />
        ) : (
          <StateCell state={runStatusLook[data.status].mark}>{runStatusLook[data.status].word}</StateCell>
        ),
    }
  }
  return {
    width: 110,
    exact: text,
    render: (view) => {
      const value = text(view)
      return value === undefined || value === '' ? (
        <MissingCell kind="none" />
      ) : (
        <TextCell>
          <span className={key === 'commit' || key === 'id' ? 't2 mono' : 't2'}>
            {key === 'commit' ? value.slice(0, 8) : value}
          </span>
        </TextCell>
      )
    },
  }
}
