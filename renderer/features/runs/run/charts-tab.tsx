import { useState } from 'react'
import type { RunDetail } from '#shared/contract/runs.ts'
import { type DrawnRun, MetricChart, panelGroups } from '#renderer/features/metrics/index.ts'
import { LogRuleDialog } from '#renderer/features/launch/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Segmented } from '#renderer/ui/fields/segmented.tsx'
import { Select } from '#renderer/ui/fields/select.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import s from './run.module.css'
import { systemSeriesLabel } from './system-names.ts'

const AXES = [
  { id: 'step', label: 'Step' },
  { id: 'relative', label: 'Relative' },
  { id: 'time', label: 'Time' },
] as const
const SMOOTHING = [
  { id: '0', label: 'No smoothing' },
  { id: '0.6', label: 'EMA 0.6' },
  { id: '0.9', label: 'EMA 0.9' },
  { id: '0.99', label: 'EMA 0.99' },
] as const
/** Panels of a group that are drawn before someone asks for more. */
const FIRST = 24

/** Every metric of the run, by key prefix; then the machine. */
export function ChartsTab({ detail, live }: { readonly detail: RunDetail; readonly live: boolean }) {
  const [axis, setAxis] = useState<(typeof AXES)[number]['id']>('step')
  const [smoothing, setSmoothing] = useState<(typeof SMOOTHING)[number]['id']>('0')
  const [logY, setLogY] = useState(false)
  const [search, setSearch] = useState('')
  const [correcting, setCorrecting] = useState(false)
  const [more, setMore] = useState<ReadonlySet<string>>(new Set())
  const drawn: readonly DrawnRun[] = [{ id: detail.id, name: detail.name, number: detail.number, live }]
  const keys = detail.metrics
    .filter(({ count, key }) => count > 0 && key.toLowerCase().includes(search.toLowerCase()))
    .map(({ key, origin }) => ({ key, origin, runs: 1 }))
  const groups = panelGroups(keys)
  const system = keys.filter(({ origin }) => origin === 'system')
  const settings = { axis, smoothing: Number(smoothing), logY }
  return (
    <div className={s.chartsTab}>
      <div className={s.bar}>
        <SearchField label="Find metrics" value={search} onChange={setSearch} className={s.find} />
        <Select label="Smoothing" labelHidden options={SMOOTHING} value={smoothing} onChange={setSmoothing} />
        <Segmented label="X axis" segments={AXES} value={axis} onChange={setAxis} />
        <Switch label="Log y" checked={logY} onChange={setLogY} />
        {detail.script === null ? null : (
          <Button hint="Which numbers are read from the script’s output" onPress={() => setCorrecting(true)}>
            From the log…
          </Button>
        )}
      </div>
      {correcting && detail.script !== null ? (
        <LogRuleDialog
          project={detail.project}
          script={detail.script}
          found={detail.metrics.filter(({ origin }) => origin === 'log').map(({ key }) => key)}
          onClose={() => setCorrecting(false)}
        />
      ) : null}
      <div className={s.scroll}>
        {keys.length === 0 ? (
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
              {system.map(({ key }) => (
                <MetricChart
                  key={key}
                  project={detail.project}
                  metric={key}
                  origin="system"
                  runs={drawn}
                  settings={{ ...settings, axis: axis === 'step' ? 'relative' : axis, logY: false }}
                  note={systemSeriesLabel(key)}
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
