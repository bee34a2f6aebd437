import { useState } from 'react'
import { differenceOf } from '#shared/domain/compare/difference.ts'
import type { RunFacts } from '#shared/contract/runs.ts'
import { ChartGroupProvider, createChartGroup } from '#renderer/charts/chart-group.tsx'
import { useRead } from '#renderer/client/index.ts'
import { MetricChart, panelOrder, useLiveMetrics, type DrawnRun } from '#renderer/features/metrics/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { useRemembered } from '#renderer/ui/view-storage.tsx'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import { CodeDifferencePane } from './code-difference-pane.tsx'
import s from './compare.module.css'
import { DifferenceTable } from './difference-table.tsx'

const SETTINGS = { axis: 'step', smoothing: 0, logY: false } as const
/** Curves that stay on top; all are on the runs' own page. */
const CURVES = 3

/** Two runs or more: curves on top, what differs under them, and the code beside. The first run is the base. */
export function CompareScreen({ project, runs }: { readonly project: string; readonly runs: readonly string[] }) {
  const facts = useRead('runs.facts', { project, runs }, { enabled: runs.length > 0, keepPrevious: true })
  if (runs.length < 2) {
    return (
      <EmptyState
        title="Choose two runs or more"
        action={<Button onPress={() => navigate({ screen: 'runs', project })}>Go to runs</Button>}
      >
        Select them in the table with x, then press c.
      </EmptyState>
    )
  }
  if (facts.error !== null) {
    return (
      <ErrorPanel
        title={facts.error.message}
        logId={facts.error.logId}
        action={{ label: 'Go to runs', onPress: () => navigate({ screen: 'runs', project }) }}
      >
        {facts.error.hint}
      </ErrorPanel>
    )
  }
  if (facts.data === undefined) return <Loading label="Comparison" rows={12} />
  return <Comparison project={project} facts={facts.data} />
}

function Comparison({ project, facts }: { readonly project: string; readonly facts: readonly RunFacts[] }) {
  const [onlyDifferences, setOnly] = useRemembered('compare.only', true, (stored) =>
    typeof stored === 'boolean' ? stored : undefined,
  )
  const [search, setSearch] = useState('')
  const [current, setCurrent] = useState(0)
  const [group] = useState(createChartGroup)
  const [other, setOther] = useState(1)
  const ids = facts.map(({ id }) => id)
  const keys = useRead('metrics.keys', { project, runs: ids })
  const curves = panelOrder(keys.data ?? []).slice(0, CURVES)
  const drawn = facts.map(({ id, name, number, status }): DrawnRun => ({
    id,
    name,
    number,
    live: status === 'running',
  }))
  useLiveMetrics(
    project,
    drawn.filter(({ live }) => live === true).map(({ id }) => id),
  )

  const sections = differenceOf(facts).map((section) => ({
    ...section,
    shown: section.rows.filter(
      ({ key, differs }) => (differs || !onlyDifferences) && key.toLowerCase().includes(search.toLowerCase()),
    ),
  }))
  const differing = sections.flatMap(({ shown }) => shown.filter(({ differs }) => differs))
  const all = sections.reduce((sum, { rows }) => sum + rows.length, 0)
  const step = (by: number): void =>
    setCurrent(differing.length === 0 ? 0 : (current + by + differing.length) % differing.length)
  const rebase = (id: string): void =>
    navigate({ screen: 'compare', project, runs: [id, ...ids.filter((one) => one !== id)] }, { replace: true })
  const close = (id: string): void =>
    navigate({ screen: 'compare', project, runs: ids.filter((one) => one !== id) }, { replace: true })
  const [base] = facts
  const against = facts[Math.min(other, facts.length - 1)]

  const table = (
    <div className={s.left}>
      <div className={s.bar}>
        <Switch label="Only differences" checked={onlyDifferences} onChange={setOnly} />
        <span className="s12 t3">
          {sections.reduce((sum, section) => sum + section.differing, 0)} of {all} rows differ
        </span>
        <span className={s.grow} />
        <SearchField label="Find in this page" value={search} onChange={setSearch} className={s.find} />
        <IconButton
          icon="up"
          label="Previous difference"
          keys="p"
          size="small"
          disabled={differing.length === 0}
          onPress={() => step(-1)}
        />
        <IconButton
          icon="down"
          label="Next difference"
          keys="n"
          size="small"
          disabled={differing.length === 0}
          onPress={() => step(1)}
        />
        <span className="s12 t3 num">
          {differing.length === 0 ? 'none' : `${Math.min(current, differing.length - 1) + 1} of ${differing.length}`}
        </span>
      </div>
      <DifferenceTable
        facts={facts}
        sections={sections}
        current={differing[Math.min(current, differing.length - 1)]}
        onRebase={rebase}
        onClose={close}
        onCode={setOther}
        shownCode={other}
      />
    </div>
  )
  return (
    <div className={s.screen}>
      {curves.length === 0 ? null : (
        <ChartGroupProvider value={group}>
          <div className={s.curves}>
            {curves.map(({ key, origin }) => (
              <MetricChart
                key={`${origin}/${key}`}
                project={project}
                metric={key}
                origin={origin}
                runs={drawn}
                settings={SETTINGS}
                className={s.curve}
              />
            ))}
          </div>
        </ChartGroupProvider>
      )}
      <div className={s.body}>
        <SplitPane
          label="Code"
          side="right"
          initial={520}
          minimum={280}
          mainMinimum={420}
          remember="compare-code"
          pane={
            base === undefined || against === undefined ? null : (
              <CodeDifferencePane project={project} from={base} to={against} />
            )
          }
        >
          {table}
        </SplitPane>
      </div>
    </div>
  )
}
