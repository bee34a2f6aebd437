import type { Column, RunRow } from '#shared/contract/runs.ts'
import { type ChartGroup, emphasiseRun } from '#renderer/charts/chart-group.tsx'
import { DataGrid } from '#renderer/ui/data-grid/data-grid.tsx'
import type { Density, GridColumn, GridRows, RowView, SelectionChange } from '#renderer/ui/data-grid/model.ts'
import { useGridColumns } from '#renderer/ui/data-grid/use-grid-columns.ts'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import { columnParts, usualHeat } from './column-text.ts'
import { gridColumns } from './grid-columns.tsx'
import type { DrawnRuns } from './use-drawn-runs.ts'
import type { ChangeView, TableView } from './view-state.ts'

export type RunsTableProps = {
  readonly project: string
  readonly rows: GridRows<RunRow>
  readonly first: readonly RunRow[]
  readonly known: readonly Column[]
  readonly columns: readonly string[]
  readonly density: Density
  /** Filter, order and grouping in one word: others begin at the top. */
  readonly asked: string
  readonly view: TableView
  readonly change: ChangeView
  readonly drawn: DrawnRuns
  readonly group: ChartGroup
  readonly now: number
  readonly selected: ReadonlySet<string>
  readonly onSelect: (change: SelectionChange) => void
  readonly onActive: (row: RunRow | undefined) => void
  readonly onOpen: (run: string) => void
  readonly rowMenu: (row: RunRow) => readonly MenuEntry[]
  readonly empty: React.ReactNode
}

/** The grid of runs: sorted by its headers, grouped, with the baseline under the header. */
export function RunsTable(props: RunsTableProps) {
  const { project, view, change, columns, drawn, group } = props
  const { baseline, isDrawn, toggle } = drawn
  const heat = view.heat ?? usualHeat(columns)
  const expand = (row: RunRow): void =>
    change({
      expanded: view.expanded.includes(row.id)
        ? view.expanded.filter((id) => id !== row.id)
        : [...view.expanded, row.id],
    })
  const grid = gridColumns({
    columns,
    known: props.known,
    rows: props.first,
    baseline,
    isDrawn,
    onDraw: toggle,
    onToggle: expand,
    grouped: view.group === 'seed',
    heat: new Set(heat),
    now: props.now,
  })
  const { grid: layout } = useGridColumns(grid, `runs-columns.${project}`)
  const hide = (id: string): void => {
    if (columns.includes(id)) change({ columns: columns.filter((other) => other !== id) })
    else layout.onHide(id)
  }
  const columnMenu = ({ id }: GridColumn<RunRow>): readonly MenuEntry[] =>
    columns.includes(id) && columnParts(id).kind === 'metric'
      ? [
          {
            kind: 'action',
            id: 'heat',
            label: 'Heat',
            checked: heat.includes(id),
            onSelect: () => change({ heat: heat.includes(id) ? heat.filter((other) => other !== id) : [...heat, id] }),
          },
        ]
      : []
  const open = ({ data }: RowView<RunRow>): void => (data.members > 0 ? expand(data) : props.onOpen(data.id))
  return (
    <DataGrid
      label="Runs"
      rows={view.mode === 'table' ? props.rows : dimmed(props.rows, isDrawn)}
      {...layout}
      onHide={hide}
      density={props.density}
      asked={props.asked}
      treeColumn="name"
      pinnedRows={baseline === undefined ? [] : [{ id: `baseline:${baseline.id}`, data: baseline }]}
      sort={view.sort.map((one) => ({ ...one, column: one.column === 'attribute:name' ? 'name' : one.column }))}
      onSort={(sort) =>
        change({
          sort: sort.map((one) => ({ ...one, column: one.column === 'name' ? 'attribute:name' : one.column })),
        })
      }
      selected={props.selected}
      onSelect={props.onSelect}
      onActive={(row) => props.onActive(row?.data)}
      onToggle={({ data }) => expand(data)}
      onSpace={({ data }) => toggle(data)}
      onOpen={open}
      onHover={(row) => emphasiseRun(group, row === undefined ? null : row.data)}
      rowMenu={({ data }) => props.rowMenu(data)}
      columnMenu={columnMenu}
      empty={props.empty}
    />
  )
}

const dims = new WeakMap<RowView<RunRow>, RowView<RunRow>>()

/** Beside charts, rows whose lines are hidden step back. The same row stays the same object. */
function dimmed(rows: GridRows<RunRow>, isDrawn: (row: RunRow) => boolean): GridRows<RunRow> {
  return {
    ...rows,
    row: (index) => {
      const row = rows.row(index)
      // Runs inside an open group have no key of their own.
      if (row === undefined || isDrawn(row.data) || (row.depth ?? 0) > 0) return row
      const known = dims.get(row)
      if (known !== undefined) return known
      const dim = { ...row, dim: true }
      dims.set(row, dim)
      return dim
    },
  }
}
