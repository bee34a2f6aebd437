import { useState } from 'react'
import type { Axis } from '#shared/contract/metrics.ts'
import type { RunFacts } from '#shared/contract/runs.ts'
import { ChartGroupProvider, createChartGroup } from '#renderer/charts/chart-group.tsx'
import { useRead } from '#renderer/client/index.ts'
import { MetricChart, panelOrder, useLiveMetrics, type DrawnRun } from '#renderer/features/metrics/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { useRemembered } from '#renderer/ui/view-storage.tsx'
import { CodeDifferencePane } from './code-difference-pane.tsx'
import s from './compare.module.css'
import { comparisonMarkdown, comparisonOf } from './comparison.ts'
import { DifferenceTable } from './difference-table.tsx'
import { useCompareCommands } from './use-compare-commands.ts'

const SETTINGS = { smoothing: 0, logY: false } as const
/** Curves that stay on top; all are on the runs' own page. */
const CURVES = 3
/** Of the window's width, until someone drags the divider. */
const CODE_SHARE = 0.36
const LIVE: ReadonlySet<string> = new Set(['running', 'stopping'])

/** Two runs or more: curves on top, what differs under them, and the code beside. The first run is the base. */
export function CompareScreen({ project, runs }: { readonly project: string; readonly runs: readonly string[] }) {
  const facts = useRead('runs.facts', { project, runs }, { enabled: runs.length > 1, keepPrevious: true })
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
        inset
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
  const toasts = useToasts()
  const [onlyDifferences, setOnly] = useRemembered('compare.only', true, (stored) =>
    typeof stored === 'boolean' ? stored : undefined,
  )
  const [search, setSearch] = useState('')
  const [current, setCurrent] = useState(0)
  const [codeWidth] = useState(() => Math.round(Math.min(440, window.innerWidth * CODE_SHARE)))
  const [codeOf, setCodeOf] = useState<string | null>(null)
  const ids = facts.map(({ id }) => id)
  const sections = comparisonOf(facts).map((section) => ({
    ...section,
    shown: section.rows.filter(
      ({ key, differs }) => (differs || !onlyDifferences) && key.toLowerCase().includes(search.toLowerCase()),
    ),
  }))
  const differing = sections.flatMap(({ shown }) => shown.filter(({ differs }) => differs))
  const at = Math.min(current, Math.max(0, differing.length - 1))
  const all = sections.reduce((sum, { rows }) => sum + rows.length, 0)
  const step = (by: number): void => setCurrent((at + by + differing.length) % Math.max(1, differing.length))
  const show = (runs: readonly string[]): void => navigate({ screen: 'compare', project, runs }, { replace: true })
  const [base, second] = facts
  const against = facts.find(({ id }) => id === codeOf && id !== base?.id) ?? second

  useCompareCommands({
    step,
    toggleOnly: () => setOnly(!onlyDifferences),
    nextBase: () => show([...ids.slice(1), ...ids.slice(0, 1)]),
    copy: async () => {
      await navigator.clipboard.writeText(comparisonMarkdown(facts))
      toasts.show({ text: 'The differences are copied as Markdown', state: 'done' })
    },
    differing: differing.length,
  })

  return (
    <div className={s.screen}>
      <Curves project={project} facts={facts} />
      <div className={s.body}>
        <SplitPane
          label="Code"
          side="right"
          initial={codeWidth}
          minimum={280}
          mainMinimum={420}
          remember="compare-code"
          pane={
            base === undefined || against === undefined ? null : (
              <CodeDifferencePane
                project={project}
                from={base}
                to={against}
                others={facts.slice(1)}
                onChoose={setCodeOf}
              />
            )
          }
        >
          <div className={s.left}>
            <div className={s.bar}>
              <Switch label="Only differences" checked={onlyDifferences} onChange={setOnly} />
              <span className="s12 t3 cut">
                {sections.reduce((sum, section) => sum + section.differing, 0)} of {all} rows differ
              </span>
              <span className={s.grow} />
              <SearchField
                label="Find in this page"
                size="small"
                value={search}
                onChange={setSearch}
                className={s.find}
              />
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
              <span className={s.place}>{differing.length === 0 ? 'none' : `${at + 1} of ${differing.length}`}</span>
            </div>
            <DifferenceTable
              facts={facts}
              sections={sections}
              current={differing[at]}
              onRebase={(id) => show([id, ...ids.filter((one) => one !== id)])}
              onClose={(id) => show(ids.filter((one) => one !== id))}
              onCode={setCodeOf}
            />
          </div>
        </SplitPane>
      </div>
    </div>
  )
}

function Curves({ project, facts }: { readonly project: string; readonly facts: readonly RunFacts[] }) {
  const [group] = useState(createChartGroup)
  const [axis, setAxis] = useState<Axis>('step')
  const keys = useRead('metrics.keys', { project, runs: facts.map(({ id }) => id) }, { keepPrevious: true })
  const curves = panelOrder(keys.data ?? []).slice(0, CURVES)
  const drawn = facts.map(({ id, name, number, status }): DrawnRun => ({ id, name, number, live: LIVE.has(status) }))
  useLiveMetrics(
    project,
    drawn.filter(({ live }) => live === true).map(({ id }) => id),
  )
  if (keys.data !== undefined && curves.length === 0) return null
  return (
    <ChartGroupProvider value={group}>
      <div className={s.curves}>
        {curves.map(({ key, origin }) => (
          <MetricChart
            key={`${origin}/${key}`}
            project={project}
            metric={key}
            origin={origin}
            runs={drawn}
            settings={{ ...SETTINGS, axis }}
            onAxis={setAxis}
            className={s.curve}
          />
        ))}
      </div>
    </ChartGroupProvider>
  )
}
