import { useEffect, useState } from 'react'
import type { RunRow, TableRequest } from '#shared/contract/runs.ts'
import { useClient, useRead } from '#renderer/client/index.ts'
import { ChartGroupProvider, createChartGroup, emphasiseRun } from '#renderer/charts/chart-group.tsx'
import { type DrawnRun, useLiveMetrics } from '#renderer/features/metrics/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { DataGrid } from '#renderer/ui/data-grid/data-grid.tsx'
import type { RowView, SelectionChange } from '#renderer/ui/data-grid/model.ts'
import { applySelection } from '#renderer/ui/data-grid/selection.ts'
import { useGridColumns } from '#renderer/ui/data-grid/use-grid-columns.ts'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { Chip } from '#renderer/ui/marks/chip.tsx'
import { EmptyState, NoMatch } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import { useRunVerbs } from '../run-verbs.tsx'
import { ColumnChooser } from './column-chooser.tsx'
import { usualColumns } from './column-text.ts'
import { FilterField } from './filter-field.tsx'
import { gridColumns } from './grid-columns.tsx'
import { RunsCharts } from './runs-charts.tsx'
import { RunsFooter } from './runs-footer.tsx'
import s from './runs-screen.module.css'
import { useRunPages } from './use-run-pages.ts'
import { useTableView } from './view-state.ts'

export type RunsScreenProps = {
  readonly project: string
  readonly filter: string
  readonly lifecycle: 'active' | 'archived' | 'deleted'
  /** What a project without runs shows: how to get the first. */
  readonly firstRun: React.ReactNode
}

/** Runs drawn while a person has not chosen: the first rows of the table. */
const DRAWN_BY_ITSELF = 6
const LIVE: ReadonlySet<string> = new Set(['running', 'stopping'])

/** The workspace: filter, table and charts side by side. */
export function RunsScreen({ project, filter, lifecycle, firstRun }: RunsScreenProps) {
  const client = useClient()
  const [view, setView] = useTableView(project)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [group] = useState(createChartGroup)
  const [now, setNow] = useState(() => Date.now())
  const verbs = useRunVerbs(project, lifecycle, () => setSelected(new Set()))
  const known = useRead('runs.columns', { project, lifecycle }, { keepPrevious: true })
  const available = known.data ?? []
  const columns = view.columns ?? usualColumns(available)
  const request: Omit<TableRequest, 'offset' | 'limit'> = {
    project,
    filter,
    sort: view.sort,
    columns,
    group: view.group,
    expanded: view.expanded,
    lifecycle,
  }
  const { rows, summary, stale, error, first } = useRunPages(request)
  const baseline = useRead(
    'runs.table',
    { project, filter: `id = '${view.baseline ?? ''}'`, columns, lifecycle, limit: 1 },
    { enabled: view.baseline !== null && lifecycle === 'active', keepPrevious: true },
  )
  const baselineRow = view.baseline === null ? undefined : baseline.data?.rows[0]

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])

  const byItself = new Set(
    first
      .filter(({ depth }) => depth === 0)
      .slice(0, DRAWN_BY_ITSELF)
      .map(({ id }) => id),
  )
  const isDrawn = (row: RunRow): boolean => view.drawn[row.id] ?? byItself.has(row.id)
  const draw = (row: RunRow): void => setView({ drawn: { ...view.drawn, [row.id]: !isDrawn(row) } })
  const toggle = (row: RunRow): void =>
    setView({
      expanded: view.expanded.includes(row.id)
        ? view.expanded.filter((id) => id !== row.id)
        : [...view.expanded, row.id],
    })
  const drawn = [
    ...first.filter(isDrawn),
    ...(baselineRow === undefined || first.some(({ id }) => id === baselineRow.id) ? [] : [baselineRow]),
  ].map((row): DrawnRun => ({
    id: row.id,
    name: row.name,
    number: row.number,
    live: LIVE.has(row.status),
    baseline: row.id === view.baseline,
    ...(row.memberIds === undefined ? {} : { members: row.memberIds }),
  }))
  useLiveMetrics(
    project,
    drawn.filter(({ live }) => live === true).flatMap(({ id, members }) => members ?? [id]),
  )

  const grid = gridColumns({
    columns,
    known: available,
    rows: first,
    baseline: baselineRow,
    isDrawn,
    onDraw: draw,
    onToggle: toggle,
    grouped: view.group === 'seed',
    now,
  })
  const { grid: layout } = useGridColumns(grid, `runs-columns.${project}`)

  const select = (change: SelectionChange): void => {
    if (change.kind !== 'all') return setSelected(applySelection(selected, change, rows))
    void client.runs
      .ids({ project, filter, sort: view.sort, lifecycle, group: 'none' })
      .then((ids) => setSelected(new Set(ids)))
  }
  const chosen = [...selected].flatMap((id) =>
    id.startsWith('group:') ? (first.find((row) => row.id === id)?.memberIds ?? []) : [id],
  )
  const setFilter = (next: string): void => navigate({ screen: 'runs', project, filter: next }, { replace: true })
  const total = summary?.total ?? 0
  const counts =
    summary === undefined
      ? ''
      : filter === ''
        ? `${total.toLocaleString('en')} runs`
        : `${summary.matched.toLocaleString('en')} of ${total.toLocaleString('en')} runs`
  const openRow = (row: RowView<RunRow>): void => (row.data.members > 0 ? toggle(row.data) : verbs.open(row.id))

  if (summary !== undefined && total === 0 && lifecycle === 'active' && filter === '') return <>{firstRun}</>

  const table = (
    <div className={s.table}>
      {error === null ? null : (
        <ErrorPanel title={error.message} logId={error.code === 'internal' ? error.logId : undefined}>
          {error.hint ?? 'The runs are as they were.'}
        </ErrorPanel>
      )}
      {summary === undefined && error === null ? <Loading label="Runs" rows={14} /> : null}
      {summary === undefined ? null : (
        <div className={s.grid} data-stale={stale || undefined}>
          <DataGrid
            label="Runs"
            rows={rows}
            {...layout}
            treeColumn="name"
            pinnedRows={baselineRow === undefined ? [] : [{ id: `baseline:${baselineRow.id}`, data: baselineRow }]}
            sort={view.sort.map((sort) => ({
              ...sort,
              column: sort.column === 'attribute:name' ? 'name' : sort.column,
            }))}
            onSort={(sort) =>
              setView({
                sort: sort.map((one) => ({ ...one, column: one.column === 'name' ? 'attribute:name' : one.column })),
              })
            }
            selected={selected}
            onSelect={select}
            onToggle={(row) => toggle(row.data)}
            onSpace={(row) => draw(row.data)}
            onOpen={openRow}
            onHover={(row) => emphasiseRun(group, row === undefined ? null : row.data.id)}
            rowMenu={(row) => [
              ...(row.data.members > 0
                ? []
                : [
                    {
                      kind: 'action',
                      id: 'baseline',
                      label: view.baseline === row.data.id ? 'Drop as baseline' : 'Set as baseline',
                      icon: 'pin',
                      onSelect: () => setView({ baseline: view.baseline === row.data.id ? null : row.data.id }),
                    } as const,
                  ]),
              {
                kind: 'action',
                id: 'draw',
                label: isDrawn(row.data) ? 'Hide its lines' : 'Draw its lines',
                icon: 'eye',
                keys: 'Space',
                onSelect: () => draw(row.data),
              },
              ...verbs.entries(
                selected.has(row.id) ? chosen : row.data.members > 0 ? (row.data.memberIds ?? []) : [row.data.id],
                row.data.name,
              ),
            ]}
            empty={
              lifecycle === 'active' || filter !== '' ? (
                <NoMatch
                  title="No run matches"
                  kept={`${total.toLocaleString('en')} runs are here; this filter leaves none.`}
                  action={<Button onPress={() => setFilter('')}>Clear filter</Button>}
                />
              ) : (
                <EmptyState title={lifecycle === 'archived' ? 'Nothing is archived' : 'The trash is empty'}>
                  {lifecycle === 'archived'
                    ? 'Archived runs keep everything and stand here.'
                    : 'Runs that you delete wait here for 30 days.'}
                </EmptyState>
              )
            }
          />
        </div>
      )}
      <RunsFooter
        drawn={drawn.length}
        total={view.group === 'seed' ? (summary?.groups ?? 0) : (summary?.matched ?? 0)}
        noun={view.group === 'seed' ? 'groups' : 'runs'}
        selected={chosen}
        verbs={verbs}
        onClear={() => setSelected(new Set())}
      />
    </div>
  )
  const charts = <RunsCharts project={project} runs={drawn} group={group} view={view} onView={setView} />
  return (
    <div className={s.screen}>
      <div className={s.bar}>
        <FilterField value={filter} onChange={setFilter} columns={available} counts={counts} />
        {view.group === 'seed' ? (
          <Chip
            icon="group"
            name="Group"
            value="everything except seed"
            onRemove={() => setView({ group: 'none', expanded: [] })}
          />
        ) : (
          <Button
            size="small"
            icon="group"
            hint="One row for runs that differ in their seed only"
            onPress={() => setView({ group: 'seed' })}
          >
            Group seeds
          </Button>
        )}
        {baselineRow === undefined ? null : (
          <Chip icon="pin" name="Baseline" value={baselineRow.name} onRemove={() => setView({ baseline: null })} />
        )}
        <ColumnChooser available={available} chosen={columns} onChange={(next) => setView({ columns: next })} />
      </div>
      <div className={s.body}>
        <ChartGroupProvider value={group}>
          {view.mode === 'table' ? table : null}
          {view.mode === 'charts' ? charts : null}
          {view.mode === 'split' ? (
            <SplitPane
              label="Charts"
              side="right"
              pane={charts}
              initial={480}
              minimum={280}
              mainMinimum={380}
              remember="runs-charts"
            >
              {table}
            </SplitPane>
          ) : null}
        </ChartGroupProvider>
      </div>
      {verbs.dialogs}
    </div>
  )
}
