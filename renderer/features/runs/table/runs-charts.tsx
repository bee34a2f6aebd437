import { useState } from 'react'
import { useRead } from '#renderer/client/index.ts'
import { type DrawnRun, MetricChart, panelOrder } from '#renderer/features/metrics/index.ts'
import { ChartGroupProvider, type ChartGroup } from '#renderer/charts/chart-group.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Select } from '#renderer/ui/fields/select.tsx'
import { Segmented } from '#renderer/ui/fields/segmented.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { EmptyState, NoMatch } from '#renderer/ui/states/empty-state.tsx'
import s from './runs-screen.module.css'
import type { TableView } from './view-state.ts'

export type RunsChartsProps = {
  readonly project: string
  readonly runs: readonly DrawnRun[]
  readonly group: ChartGroup
  readonly view: TableView
  readonly onView: (change: Partial<TableView>) => void
}

/** Panels that are drawn before someone asks for more: each costs a request and a canvas. */
const FIRST = 12

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

/** The drawn runs' metrics: one big panel, then two columns; crosshair, zoom and axis are shared. */
export function RunsCharts({ project, runs, group, view, onView }: RunsChartsProps) {
  const [search, setSearch] = useState('')
  const [count, setCount] = useState(FIRST)
  const ids = runs.flatMap(({ id, members }) => members ?? [id])
  const keys = useRead('metrics.keys', { project, runs: ids }, { enabled: ids.length > 0, keepPrevious: true })
  const panels = panelOrder(keys.data ?? [])
  const found = panels.filter(({ key }) => matches(key, search))
  return (
    <section className={s.charts} aria-label="Charts">
      <div className={s.chartBar}>
        <SearchField
          label="Find metrics"
          value={search}
          onChange={setSearch}
          trail={`${found.length} of ${panels.length}`}
          className={s.chartSearch}
        />
        <Select
          label="Smoothing"
          labelHidden
          options={SMOOTHING}
          value={String(view.smoothing) as (typeof SMOOTHING)[number]['id']}
          onChange={(id) => onView({ smoothing: Number(id) })}
        />
        <Segmented label="X axis" segments={AXES} value={view.axis} onChange={(axis) => onView({ axis })} />
        <Switch label="Log y" checked={view.logY} onChange={(logY) => onView({ logY })} />
      </div>
      <ChartGroupProvider value={group}>
        <div className={s.panels}>
          {runs.length === 0 ? (
            <EmptyState title="No run is drawn">Click a run’s key, or press Space on its row, to draw it.</EmptyState>
          ) : null}
          {runs.length > 0 && keys.data !== undefined && panels.length === 0 ? (
            <EmptyState title="No curves yet">The drawn runs have logged no metrics.</EmptyState>
          ) : null}
          {panels.length > 0 && found.length === 0 ? (
            <NoMatch
              title="No metric has that name"
              kept={`${panels.length} metrics are here.`}
              action={<Button onPress={() => setSearch('')}>Clear search</Button>}
            />
          ) : null}
          {found.slice(0, count).map(({ key, origin }) => (
            <MetricChart
              key={`${origin}/${key}`}
              project={project}
              metric={key}
              origin={origin}
              runs={runs}
              settings={view}
              className={s.panel}
            />
          ))}
          {found.length > count ? (
            <Button className={s.more} onPress={() => setCount(count + FIRST)}>
              Show {Math.min(FIRST, found.length - count)} more of {found.length - count}
            </Button>
          ) : null}
        </div>
      </ChartGroupProvider>
    </section>
  )
}

/** By regular expression where the text is one, else by its letters. */
function matches(key: string, search: string): boolean {
  if (search === '') return true
  try {
    return new RegExp(search, 'i').test(key)
  } catch {
    return key.toLowerCase().includes(search.toLowerCase())
  }
}
