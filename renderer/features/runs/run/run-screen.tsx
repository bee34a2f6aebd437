import { useState } from 'react'
import type { RunDetail } from '#shared/contract/runs.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'
import { ChartGroupProvider, createChartGroup } from '#renderer/charts/chart-group.tsx'
import { useRead } from '#renderer/client/index.ts'
import { useLiveMetrics } from '#renderer/features/metrics/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { Tabs } from '#renderer/ui/layout/tabs.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import { ArtifactsTab } from './artifacts-tab.tsx'
import { ChartsTab } from './charts-tab.tsx'
import { CodeTab } from './code-tab.tsx'
import { EnvironmentTab } from './environment-tab.tsx'
import { LogTab } from './log-view.tsx'
import { NotesTab } from './notes-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { RunInspector } from './run-inspector.tsx'
import { RUN_TABS, type RunTab, tabOf } from './run-tabs.ts'
import s from './run.module.css'

const LIVE: ReadonlySet<RunDetail['status']> = new Set(['running', 'stopping'])

/** One run: while it trains, and after. */
export function RunScreen({
  project,
  run,
  tab,
}: {
  readonly project: string
  readonly run: string
  readonly tab: string | undefined
}) {
  const detail = useRead('runs.get', { project, run }, { keepPrevious: true })
  if (detail.error !== null) {
    return (
      <ErrorPanel
        inset
        title={detail.error.message}
        logId={detail.error.logId}
        action={{ label: 'Go to runs', onPress: () => navigate({ screen: 'runs', project }) }}
      >
        {detail.error.hint}
      </ErrorPanel>
    )
  }
  if (detail.data === undefined) return <Loading label="Run" rows={12} />
  return <RunPage key={detail.data.id} detail={detail.data} tab={tabOf(tab)} />
}

function RunPage({ detail, tab }: { readonly detail: RunDetail; readonly tab: RunTab }) {
  const [group] = useState(createChartGroup)
  const { project, id } = detail
  const live = LIVE.has(detail.status)
  useLiveMetrics(project, live ? [id] : [])
  const metrics = detail.metrics.filter((metric) => !isOfMachine(metric)).length
  const go = (next: RunTab): void => navigate({ screen: 'run', project, run: id, tab: next }, { replace: true })
  const page = (
    <ChartGroupProvider value={group}>
      <div className={s.page}>
        {tab === 'overview' ? <OverviewTab detail={detail} live={live} onTab={go} /> : null}
        {tab === 'charts' ? <ChartsTab detail={detail} live={live} /> : null}
        {tab === 'log' ? <LogTab project={project} run={id} live={live} /> : null}
        {tab === 'artifacts' ? <ArtifactsTab detail={detail} /> : null}
        {tab === 'code' ? <CodeTab detail={detail} /> : null}
        {tab === 'environment' ? <EnvironmentTab detail={detail} /> : null}
        {tab === 'notes' ? <NotesTab detail={detail} /> : null}
      </div>
    </ChartGroupProvider>
  )
  return (
    <Tabs
      label="Parts of the run"
      value={tab}
      onChange={go}
      className={s.tabs}
      tabs={RUN_TABS.map((one) => (one.id === 'charts' ? { ...one, count: metrics } : one))}
      frame={(inner) => (
        <SplitPane
          label="About the run"
          side="right"
          initial={308}
          minimum={240}
          maximum={460}
          mainMinimum={420}
          remember="run-inspector"
          pane={<RunInspector detail={detail} />}
        >
          {inner}
        </SplitPane>
      )}
    >
      {page}
    </Tabs>
  )
}
