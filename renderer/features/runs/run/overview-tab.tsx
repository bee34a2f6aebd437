import { chooseNumberFormat, exactNumber, formatNumber } from '#shared/lib/format.ts'
import type { RunDetail } from '#shared/contract/runs.ts'
import { useRead } from '#renderer/client/index.ts'
import { type DrawnRun, MetricChart, panelOrder } from '#renderer/features/metrics/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { DeltaBadge } from '#renderer/ui/marks/delta-badge.tsx'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { headlines } from './headline.ts'
import { LogTab } from './log-view.tsx'
import type { RunTab } from './run-tabs.ts'
import s from './run.module.css'
import { SystemStrip } from './system-strip.tsx'

const SETTINGS = { axis: 'step', smoothing: 0, logY: false } as const
const CHARTS = 5

/** Headline numbers, the telling curves with the previous run beside them, the machine, and the log. */
export function OverviewTab({
  detail,
  live,
  onTab,
}: {
  readonly detail: RunDetail
  readonly live: boolean
  readonly onTab: (tab: RunTab) => void
}) {
  const { project, id } = detail
  const changed = useRead('runs.changed', { project, run: id }, { keepPrevious: true })
  const previous = changed.data?.previous ?? null
  const drawn: readonly DrawnRun[] = [
    ...(previous === null ? [] : [{ id: previous.id, name: previous.name, number: previous.number, baseline: true }]),
    { id, name: detail.name, number: detail.number, live },
  ]
  const panels = panelOrder(
    detail.metrics.filter(({ count }) => count > 0).map(({ key, origin }) => ({ key, origin, runs: 1 })),
  )
  const shown = panels.slice(0, CHARTS)
  const numbers = headlines(detail, changed.data)
  const budget = detail.progress === null ? undefined : detail.progress.total
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
          {numbers.length === 0 ? null : (
            <dl className={s.headlines}>
              {numbers.map((one) => (
                <div key={one.key}>
                  <dt className="cut">{one.label}</dt>
                  <dd>
                    <span className={s.big} title={exactNumber(one.value)}>
                      {formatNumber(one.value, chooseNumberFormat([one.value]))}
                    </span>
                    {one.delta === null ? (
                      <span className="t3">{one.note}</span>
                    ) : (
                      <DeltaBadge delta={one.delta} goal={one.goal} format={chooseNumberFormat([one.value])} />
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          )}
          <div className={s.charts}>
            {shown.length === 0 ? (
              <EmptyState title={live ? 'No metrics yet' : 'No metrics'}>
                {live
                  ? 'They are drawn as the script logs or prints them.'
                  : 'This run logged none, and its log shows none.'}
              </EmptyState>
            ) : null}
            {shown.map(({ key, origin }) => (
              <MetricChart
                key={`${origin}/${key}`}
                project={project}
                metric={key}
                origin={origin}
                runs={drawn}
                settings={SETTINGS}
                note={origin === 'log' ? 'from the log' : undefined}
                className={s.chart}
                {...(budget === undefined ? {} : { budget })}
              />
            ))}
            {panels.length > shown.length ? (
              <Button className={s.allCharts} tone="ghost" onPress={() => onTab('charts')}>
                All {panels.length} charts
              </Button>
            ) : null}
          </div>
          <SystemStrip project={project} run={id} series={detail.metrics.filter(({ origin }) => origin === 'system')} />
        </div>
      </SplitPane>
    </div>
  )
}
