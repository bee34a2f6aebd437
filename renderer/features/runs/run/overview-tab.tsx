import { useState } from 'react'
import type { Axis } from '#shared/contract/metrics.ts'
import { chooseNumberFormat, exactNumber, formatNumber } from '#shared/lib/format.ts'
import type { RunDetail } from '#shared/contract/runs.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'
import { useRead } from '#renderer/client/index.ts'
import { type DrawnRun, MetricChart, panelOrder } from '#renderer/features/metrics/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { DeltaBadge } from '#renderer/ui/marks/delta-badge.tsx'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { type Headline, headlines } from './headline.ts'
import { LogTab } from './log-view.tsx'
import { progressOf } from './progress.ts'
import type { RunTab } from './run-tabs.ts'
import s from './run.module.css'
import { SystemStrip } from './system-strip.tsx'

const SETTINGS = { smoothing: 0, logY: false } as const
/** Two that are large, then three. */
const CHARTS = 5

export type OverviewTabProps = {
  readonly detail: RunDetail
  readonly live: boolean
  readonly onTab: (tab: RunTab) => void
}

/** Headline numbers, the telling curves with the previous run beside them, the machine, and the log. */
export function OverviewTab({ detail, live, onTab }: OverviewTabProps) {
  const { project, id } = detail
  const [axis, setAxis] = useState<Axis>('step')
  const changed = useRead('runs.changed', { project, run: id }, { keepPrevious: true })
  const previous = changed.data?.previous ?? null
  const drawn: readonly DrawnRun[] = [
    ...(previous === null ? [] : [{ id: previous.id, name: previous.name, number: previous.number, baseline: true }]),
    { id, name: 'this run', number: detail.number, live },
  ]
  const panels = panelOrder(
    detail.metrics.filter(({ count }) => count > 0).map(({ key, origin }) => ({ key, origin, runs: 1 })),
  )
  const shown = panels.slice(0, CHARTS)
  const progress = progressOf(detail)
  const system = detail.metrics.filter((metric) => metric.count > 0 && isOfMachine(metric))
  return (
    <div className={s.overview}>
      <SplitPane
        label="Log"
        side="bottom"
        initial={196}
        minimum={90}
        mainMinimum={240}
        remember="run-log"
        pane={<LogTab project={project} run={id} live={live} />}
      >
        <div className={s.upper}>
          <Ending detail={detail} />
          <Headlines numbers={headlines(detail, changed.data)} previous={previous?.name ?? ''} />
          {shown.length === 0 ? (
            <div className={s.noCharts}>
              <EmptyState title={live ? 'No metrics yet' : 'No metrics'}>
                {live
                  ? 'They are drawn as the script logs or prints them.'
                  : 'This run logged none, and its log shows none.'}
              </EmptyState>
            </div>
          ) : (
            <div className={s.charts} data-count={shown.length}>
              {shown.map(({ key, origin }) => (
                <MetricChart
                  key={`${origin}/${key}`}
                  project={project}
                  metric={key}
                  origin={origin}
                  runs={drawn}
                  settings={{ ...SETTINGS, axis }}
                  onAxis={setAxis}
                  unit={progress?.unit}
                  budget={progress?.total}
                  note={origin === 'log' ? 'from the log' : undefined}
                  legend={previous !== null}
                  className={s.chart}
                />
              ))}
              {panels.length > shown.length ? (
                <Button className={s.allCharts} tone="link" onPress={() => onTab('charts')}>
                  All {panels.length} charts
                </Button>
              ) : null}
            </div>
          )}
          {system.length > 0 || (live && detail.source === 'launch') ? (
            <SystemStrip project={project} run={id} series={system} />
          ) : null}
        </div>
      </SplitPane>
    </div>
  )
}

/** Why a run ended otherwise than by finishing, beside what it left. */
function Ending({ detail: { status, ending, metrics } }: { readonly detail: RunDetail }) {
  if ((status !== 'failed' && status !== 'lost') || ending === null) return null
  const kept = metrics.some(({ count }) => count > 0) ? 'What it logged until then is kept.' : undefined
  return (
    <ErrorPanel inset title={ending}>
      {kept}
    </ErrorPanel>
  )
}

function Headlines({ numbers, previous }: { readonly numbers: readonly Headline[]; readonly previous: string }) {
  if (numbers.length === 0) return null
  return (
    <dl className={s.headlines}>
      {numbers.map(({ key, kind, value, step, delta, goal }) => {
        const format = chooseNumberFormat([value])
        return (
          <div key={`${kind}/${key}`}>
            <dt className="cut" title={kind === 'against' ? `${key} vs ${previous}` : key}>
              {kind === 'best' ? `${key}, best` : kind === 'against' ? `${key} vs ${previous}` : key}
            </dt>
            <dd>
              <span className="headline" title={exactNumber(value)}>
                {formatNumber(value, format)}
              </span>
              {delta !== null ? (
                <DeltaBadge delta={delta} goal={goal} format={format} />
              ) : step === null ? null : (
                <span className="t3">step {step.toLocaleString('en')}</span>
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
