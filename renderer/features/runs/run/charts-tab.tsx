import { useState } from 'react'
import type { RunDetail } from '#shared/contract/runs.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'
import {
  type ChartSettings,
  ChartSettingsBar,
  type DrawnRun,
  MetricChart,
  panelGroups,
} from '#renderer/features/metrics/index.ts'
import { LogRuleDialog } from '#renderer/features/launch/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { progressOf } from './progress.ts'
import s from './run.module.css'
import { bySystemOrder, systemScale, systemSeriesLabel } from './system-names.ts'

/** Panels of a group that are drawn before someone asks for more. */
const FIRST = 24

/** Every metric of the run, by key prefix; then the machine. */
export function ChartsTab({ detail, live }: { readonly detail: RunDetail; readonly live: boolean }) {
  const [settings, setSettings] = useState<ChartSettings>({ axis: 'step', smoothing: 0, logY: false })
  const [search, setSearch] = useState('')
  const [correcting, setCorrecting] = useState(false)
  const [more, setMore] = useState<ReadonlySet<string>>(new Set())
  const drawn: readonly DrawnRun[] = [{ id: detail.id, name: detail.name, number: detail.number, live }]
  const keys = detail.metrics
    .filter(({ count, key }) => count > 0 && key.toLowerCase().includes(search.toLowerCase()))
    .map(({ key, origin }) => ({ key, origin, runs: 1 }))
  const groups = panelGroups(keys)
  const system = detail.metrics.filter(
    ({ origin, count, key }) =>
      isOfMachine({ origin, key }) &&
      count > 0 &&
      `${key} ${systemSeriesLabel(key)}`.toLowerCase().includes(search.toLowerCase()),
  )
  const unit = progressOf(detail)?.unit
  const fromLog = detail.metrics.filter(({ origin }) => origin === 'log').map(({ key }) => key)
  return (
    <div className={s.chartsTab}>
      <div className={s.bar}>
        <SearchField label="Find metrics" value={search} onChange={setSearch} className={s.find} />
        <span className={s.grow} />
        {detail.script === null ? null : (
          <Button hint="Which numbers are read from the script’s output" onPress={() => setCorrecting(true)}>
            From the log…
          </Button>
        )}
        <ChartSettingsBar settings={settings} onChange={(change) => setSettings({ ...settings, ...change })} />
      </div>
      {correcting && detail.script !== null ? (
        <LogRuleDialog
          project={detail.project}
          script={detail.script}
          found={fromLog}
          onClose={() => setCorrecting(false)}
        />
      ) : null}
      <div className={s.scroll}>
        {keys.length === 0 && system.length === 0 ? (
          <EmptyState title={search === '' ? 'No metrics' : 'No metric has that name'}>
            {search === '' ? 'This run has logged none.' : undefined}
          </EmptyState>
        ) : null}
        {groups.map(({ prefix, keys: members }) => (
          <section key={prefix} aria-label={prefix === '' ? 'Metrics' : prefix}>
            {groups.length > 1 ? (
              <h2 className={s.group}>
                {prefix === '' ? 'Others' : prefix} <span className="t3">{members.length}</span>
              </h2>
            ) : null}
            <div className={s.grid}>
              {members.slice(0, more.has(prefix) ? members.length : FIRST).map(({ key, origin }) => (
                <MetricChart
                  key={`${origin}/${key}`}
                  project={detail.project}
                  metric={key}
                  origin={origin}
                  runs={drawn}
                  settings={settings}
                  onAxis={(axis) => setSettings({ ...settings, axis })}
                  unit={unit}
                  note={origin === 'log' ? 'from the log' : undefined}
                  className={s.chart}
                />
              ))}
            </div>
            {members.length > FIRST && !more.has(prefix) ? (
              <Button tone="ghost" onPress={() => setMore(new Set([...more, prefix]))}>
                Show {members.length - FIRST} more
              </Button>
            ) : null}
          </section>
        ))}
        {system.length === 0 ? null : (
          <section aria-label="Machine">
            <h2 className={s.group}>
              Machine <span className="t3">{system.length}</span>
            </h2>
            <div className={s.grid}>
              {system.toSorted(bySystemOrder).map(({ key, origin, max }) => (
                <MetricChart
                  key={`${origin}/${key}`}
                  project={detail.project}
                  metric={key}
                  origin={origin}
                  runs={drawn}
                  settings={{ ...settings, axis: settings.axis === 'step' ? 'relative' : settings.axis, logY: false }}
                  title={systemSeriesLabel(key)}
                  scale={systemScale(key, max ?? 0)}
                  className={s.chart}
                />
              ))}
            </div>
          </section>
        )}
      </div>
    </div>
  )
}
