import { useState } from 'react'
import type { Column } from '#shared/contract/runs.ts'
import { useRead } from '#renderer/client/index.ts'
import { ChartSettingsBar, type DrawnRun, MetricChart, panelOrder } from '#renderer/features/metrics/index.ts'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { cx } from '#renderer/ui/cx.ts'
import { EmptyState, NoMatch } from '#renderer/ui/states/empty-state.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import s from './runs-screen.module.css'
import { ScatterPanel } from './scatter-panel.tsx'
import type { ChangeView, TableView } from './view-state.ts'

export type RunsChartsProps = {
  readonly project: string
  readonly filter: string
  /** What the scatter is over; null for none. */
  readonly scatter: { readonly x: string; readonly y: string } | false | null
  /** Whether the table shows what was asked for last. */
  readonly ready: boolean
  readonly runs: readonly DrawnRun[]
  /** Whether no run matches at all. */
  readonly none: boolean
  readonly available: readonly Column[]
  readonly view: TableView
  readonly change: ChangeView
  readonly onOpen: (run: string) => void
}

/** Panels that are drawn before someone asks for more: each costs a request and a canvas. */
const FIRST = 12
/** The scatter stands after the first rows of panels: one that is wide, then two columns. */
const SCATTER_AFTER = 5

/** The drawn runs' metrics: one big panel, then two columns; crosshair, zoom and axis are shared. */
export function RunsCharts(props: RunsChartsProps) {
  const { project, runs, view, change } = props
  const [search, setSearch] = useState('')
  const [count, setCount] = useState(FIRST)
  const ids = runs.flatMap(({ id, members }) => members ?? [id])
  const keys = useRead('metrics.keys', { project, runs: ids }, { enabled: ids.length > 0, keepPrevious: true })
  const panels = panelOrder(ids.length === 0 ? [] : (keys.data ?? []))
  const found = panels.filter(({ key }) => matches(key, search))
  const shown = found.slice(0, count)
  const grouped = runs.some(({ members }) => members !== undefined)
  // The first is wide; of the small ones, an odd one before the scatter or at the end stands alone.
  const ends = [shown.slice(0, SCATTER_AFTER).at(-1), shown.length > SCATTER_AFTER ? shown.at(-1) : undefined]
  const isAlone = (key: string): boolean => ends.some((end) => end?.key === key && shown.indexOf(end) % 2 === 1)
  const panelsOf = (part: typeof shown): React.ReactNode =>
    part.map(({ key, origin }) => (
      <MetricChart
        key={`${origin}/${key}`}
        project={project}
        metric={key}
        origin={origin}
        runs={runs}
        settings={view}
        onAxis={(axis) => change({ axis })}
        note={grouped ? 'mean, min–max of seeds' : undefined}
        className={isAlone(key) ? cx(s.panel, s.alone) : s.panel}
      />
    ))
  return (
    <section className={s.charts} aria-label="Charts">
      <div className={s.chartBar}>
        <SearchField
          label="Find metrics"
          value={search}
          onChange={setSearch}
          trail={`${found.length.toLocaleString('en')} of ${panels.length.toLocaleString('en')}`}
          className={s.chartSearch}
        />
        <ChartSettingsBar settings={view} onChange={change} />
      </div>
      <div className={s.panels}>
        {ids.length === 0 ? (
          <div className={s.whole}>
            <EmptyState title="No run is drawn" fill={false}>
              {props.none ? 'There is none to draw.' : 'Click a run’s key, or press Space on its row, to draw it.'}
            </EmptyState>
          </div>
        ) : null}
        {ids.length > 0 && keys.data === undefined ? (
          <div className={s.whole}>
            <Loading label="Charts" rows={4} />
          </div>
        ) : null}
        {ids.length > 0 && keys.data !== undefined && panels.length === 0 ? (
          <div className={s.whole}>
            <EmptyState title="No curves yet" fill={false}>
              The drawn runs have logged no metrics.
            </EmptyState>
          </div>
        ) : null}
        {panels.length > 0 && found.length === 0 ? (
          <div className={s.whole}>
            <NoMatch
              title="No metric has that name"
              kept={`${panels.length.toLocaleString('en')} metrics are here.`}
              action={<Button onPress={() => setSearch('')}>Clear search</Button>}
              fill={false}
            />
          </div>
        ) : null}
        {panelsOf(shown.slice(0, SCATTER_AFTER))}
        {search === '' && props.scatter !== null && props.scatter !== false ? (
          <ScatterPanel
            project={project}
            filter={props.filter}
            ready={props.ready}
            available={props.available}
            chosen={props.scatter}
            change={change}
            onOpen={props.onOpen}
          />
        ) : null}
        {panelsOf(shown.slice(SCATTER_AFTER))}
        {found.length > count ? (
          <Button className={s.more} onPress={() => setCount(count + FIRST)}>
            Show {Math.min(FIRST, found.length - count)} more of {(found.length - count).toLocaleString('en')}
          </Button>
        ) : null}
      </div>
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
