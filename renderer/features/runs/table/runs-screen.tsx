import { useEffect, useRef, useState } from 'react'
import type { Lifecycle, RunRow } from '#shared/contract/runs.ts'
import { parseFilter } from '#shared/domain/filter/parse.ts'
import { ChartGroupProvider, createChartGroup } from '#renderer/charts/chart-group.tsx'
import { useRead } from '#renderer/client/index.ts'
import { useLiveMetrics } from '#renderer/features/metrics/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { useLatest } from '#renderer/lib/use-latest.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import { EmptyState, NoMatch } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import { verbEntries, type VerbTarget } from '../verbs/run-verb.ts'
import { useRunVerbs } from '../verbs/use-run-verbs.tsx'
import { RunsBar } from './runs-bar.tsx'
import { RunsCharts } from './runs-charts.tsx'
import { RunsFooter } from './runs-footer.tsx'
import s from './runs-screen.module.css'
import { RunsTable } from './runs-table.tsx'
import { useDrawnRuns } from './use-drawn-runs.ts'
import { useRunPages } from './use-run-pages.ts'
import { useSelection } from './use-selection.ts'
import { useUsualView } from './use-usual-columns.ts'
import { type TableNow, useTableCommands } from './use-table-commands.ts'
import type { ChangeView, TableView } from './view-state.ts'

export type RunsScreenProps = {
  readonly project: string
  readonly filter: string
  readonly lifecycle: Lifecycle
  readonly view: TableView
  readonly change: ChangeView
}

/** The workspace: filter, table and charts side by side. */
export function RunsScreen({ project, filter, lifecycle, view, change }: RunsScreenProps) {
  const [group] = useState(createChartGroup)
  const now = useSlowClock()
  const density = useRead('settings.get', {}).data?.density ?? 'normal'
  const known = useRead('runs.columns', { project, lifecycle }, { keepPrevious: true })
  const available = known.data ?? []
  const usual = useUsualView({
    project,
    lifecycle,
    filter,
    available,
    wanted: view.columns === null || view.scatter === null,
  })
  const columns = view.columns ?? usual?.columns ?? []
  const asked = { project, filter, sort: view.sort, lifecycle }
  const { rows, summary, stale, error, first } = useRunPages(
    { ...asked, columns, group: view.group, expanded: view.expanded },
    (known.data !== undefined && (view.columns !== null || usual !== undefined)) || known.error !== null,
  )
  const selection = useSelection(asked, rows)
  const { verbs, dialogs } = useRunVerbs(project, selection.clear)
  const drawn = useDrawnRuns({ project, columns, lifecycle }, first, view, change)
  useLiveMetrics(
    project,
    drawn.drawn.filter(({ live }) => live === true).flatMap(({ id, members }) => members ?? [id]),
  )

  const active = useRef<RunRow | undefined>(undefined)
  const targetOf = (row: RunRow): VerbTarget =>
    row.members > 0
      ? { runs: row.memberIds?.length === row.members ? row.memberIds : [], lifecycle }
      : { runs: [row.id], name: row.name, lifecycle }
  const selected: VerbTarget | undefined =
    selection.runs.length === 0 ? undefined : { runs: selection.runs, name: nameOf(selection.runs, first), lifecycle }
  const commandsNow = useLatest<TableNow>({
    view,
    target: () => selected ?? (active.current === undefined ? undefined : targetOf(active.current)),
    row: () => active.current,
    toggleDrawn: drawn.toggle,
    selectAll: () => selection.select({ kind: 'all' }),
    clearSelection: selection.clear,
    selected: selection.runs.length,
  })
  useTableCommands(commandsNow, verbs, change)

  const open = (run: string): void => navigate({ screen: 'run', project, run })
  const setFilter = (next: string): void => navigate({ screen: 'runs', project, filter: next }, { replace: true })
  const rowMenu = (row: RunRow): readonly MenuEntry[] => [
    ...(row.members > 0
      ? []
      : [
          {
            kind: 'action',
            id: 'baseline',
            label: view.baseline === row.id ? 'Drop as baseline' : 'Set as baseline',
            icon: 'pin',
            keys: 'b',
            onSelect: () => change({ baseline: view.baseline === row.id ? null : row.id }),
          } as const,
        ]),
    {
      kind: 'action',
      id: 'draw',
      label: drawn.isDrawn(row) ? 'Hide its lines' : 'Draw its lines',
      icon: drawn.isDrawn(row) ? 'eyeOff' : 'eye',
      keys: 'Space',
      onSelect: () => drawn.toggle(row),
    },
    {
      kind: 'action',
      id: 'select',
      label: selection.selected.has(row.id) ? 'Unselect' : 'Select',
      icon: 'check',
      keys: 'x',
      onSelect: () => selection.select({ kind: 'toggle', id: row.id }),
    },
    { kind: 'rule', id: 'verbs' },
    ...verbEntries(verbs, selection.selected.has(row.id) && selected !== undefined ? selected : targetOf(row)),
  ]

  const table = (
    <div className={s.table}>
      {error === null ? null : (
        <ErrorPanel inset title={error.message} logId={error.code === 'internal' ? error.logId : undefined}>
          {error.hint ?? 'The runs are as they were.'}
        </ErrorPanel>
      )}
      {summary === undefined ? (
        <div className={s.grid}>{error === null ? <Loading label="Runs" rows={14} /> : null}</div>
      ) : (
        <div className={s.grid} data-stale={stale || undefined}>
          <RunsTable
            project={project}
            rows={rows}
            first={first}
            known={available}
            columns={columns}
            density={density}
            asked={JSON.stringify([filter, view.sort, view.group])}
            view={view}
            change={change}
            drawn={drawn}
            group={group}
            now={now}
            selected={selection.selected}
            onSelect={selection.select}
            onActive={(row) => {
              active.current = row
            }}
            onOpen={open}
            rowMenu={rowMenu}
            empty={<NoRows total={summary.total} filter={filter} lifecycle={lifecycle} onClear={() => setFilter('')} />}
          />
        </div>
      )}
      <RunsFooter
        drawn={drawn.drawn.length}
        total={view.group === 'seed' ? (summary?.groups ?? 0) : (summary?.matched ?? 0)}
        noun={view.group === 'seed' ? 'groups' : 'runs'}
        target={selected}
        verbs={verbs}
        onClear={selection.clear}
      />
    </div>
  )
  const charts = (
    <RunsCharts
      project={project}
      filter={filter}
      scatter={lifecycle === 'active' && summary !== undefined ? (view.scatter ?? usual?.scatter ?? null) : null}
      ready={!stale}
      runs={drawn.drawn}
      none={summary?.matched === 0}
      available={available}
      view={view}
      change={change}
      onOpen={open}
    />
  )
  return (
    <div className={s.screen}>
      <RunsBar
        filter={filter}
        onFilter={setFilter}
        counts={summary === undefined ? '' : countWords(summary, filter, view.group)}
        available={available}
        columns={columns}
        baseline={drawn.baseline?.name}
        view={view}
        change={change}
      />
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
      {dialogs}
    </div>
  )
}

type NoRowsProps = {
  readonly total: number
  readonly filter: string
  readonly lifecycle: Lifecycle
  readonly onClear: () => void
}

function NoRows({ total, filter, lifecycle, onClear }: NoRowsProps) {
  if (filter !== '' && total > 0) {
    return (
      <NoMatch
        title="No run matches"
        kept={`${total.toLocaleString('en')} ${total === 1 ? 'run is' : 'runs are'} here; this filter leaves none.`}
        action={<Button onPress={onClear}>Clear filter</Button>}
      />
    )
  }
  if (lifecycle === 'archived')
    return <EmptyState title="Nothing is archived">Archived runs keep everything and stand here.</EmptyState>
  if (lifecycle === 'deleted')
    return <EmptyState title="The trash is empty">Runs that you delete wait here for 30 days.</EmptyState>
  return <EmptyState title="No runs">All of them are archived or in the trash.</EmptyState>
}

function countWords(
  summary: { readonly total: number; readonly matched: number; readonly groups: number },
  filter: string,
  group: TableView['group'],
): string {
  const all = summary.total.toLocaleString('en')
  const some = filter.trim() === '' || !parseFilter(filter).ok ? '' : `${summary.matched.toLocaleString('en')} of `
  const groups = group === 'seed' ? `${summary.groups.toLocaleString('en')} groups, ` : ''
  return `${groups}${some}${all} ${summary.total === 1 ? 'run' : 'runs'}`
}

function nameOf(runs: readonly string[], rows: readonly RunRow[]): string | undefined {
  const [only] = runs
  return runs.length === 1 ? rows.find(({ id }) => id === only)?.name : undefined
}

/** The time, as exactly as "3 min ago" needs it. */
function useSlowClock(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
