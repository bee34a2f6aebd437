import { useRef, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { formatNumber } from '#shared/lib/format.ts'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { cx } from '#renderer/ui/cx.ts'
import { MiddleCut } from '#renderer/ui/marks/middle-cut.tsx'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import { Modal } from '#renderer/ui/overlays/modal.tsx'
import { useSize } from '#renderer/ui/use-size.ts'
import { crosshairOn, useChartGroup, zoomGroup, zoomOn } from './chart-group.tsx'
import { saveChart, type ChartFormat } from './chart-files.ts'
import { ChartTable } from './chart-table.tsx'
import { xExtent, yDomain, type YDomain } from './extent.ts'
import { LineChart, type ChartView } from './line-chart.tsx'
import type { LineChartModel, LineSeries, YAxis } from './model.ts'
import { readoutAt, readoutFormat } from './readout.ts'
import { linearScale } from './scale.ts'
import { smoothAll } from './smooth.ts'
import { SeriesLine } from './series-line.tsx'
import { useChartColours, useMeasure } from './use-canvas.ts'
import s from './chart-panel.module.css'

export interface ChartPanelProps {
  /** The metric. What is before its last slash is set dim: "val/" auc. */
  readonly title: string
  /** Beside the title: "mean of 5 seeds". Smoothing and clipping are said by the panel itself. */
  readonly note?: string | undefined
  readonly model: LineChartModel
  readonly onView?: ((view: ChartView) => void) | undefined
  /** Keeps the y axis outside; without it the panel keeps what its menu sets. */
  readonly onAxis?: ((axis: YAxis) => void) | undefined
  /** Further verbs, above the exports. */
  readonly menu?: readonly MenuEntry[] | undefined
  /** Names in the header where they cannot stand at the line ends. */
  readonly legend?: boolean | undefined
  /** A line between header and chart: what is odd about it, and what helps. */
  readonly strip?: ReactNode
  /** Instead of the chart, e.g. while it loads. */
  readonly instead?: ReactNode
  readonly className?: string | undefined
}

/** From this width on the tools are always seen. */
const WIDE = 440
/** How many values a header can show. */
const READOUTS = 3

/** Which bound was set, or that values were held at the edge: an axis that does not show all says so. */
const edgeNote = (word: string, bound: number | null | undefined, clipped: boolean, edge: string): string | undefined =>
  !clipped ? undefined : bound === null || bound === undefined ? `${edge} clipped` : `${word} ${formatNumber(bound)}`

const noteOf = (note: string | undefined, model: LineChartModel, clipped: YDomain['clipped']): string => {
  const odd = model.series.reduce((sum, series) => sum + series.columns.oddX.length, 0)
  return [
    note,
    model.smoothing > 0 ? `EMA ${formatNumber(model.smoothing)} over raw` : undefined,
    edgeNote('from', model.y.low, clipped.bottom, 'bottom'),
    edgeNote('up to', model.y.high, clipped.top, 'top'),
    odd > 0 ? `${odd} NaN or ∞` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(', ')
}

function Readout({ model }: { model: LineChartModel }) {
  const group = useChartGroup()
  const hover = useStore(group, (state) => crosshairOn(state, model.x.kind))
  const emphasis = useStore(group, (state) => state.emphasis)
  if (hover === null) return null
  const smoothed = smoothAll(model)
  const rows = readoutAt(model.series, smoothed, hover)
  // In the order of the lines, so that values do not change places as the crosshair moves.
  const ordered = model.series.flatMap((series) => rows.filter((row) => row.series === series))
  const own = ordered.filter((row) => row.series.run === emphasis)
  const shown = ordered.length <= READOUTS ? ordered : (own.length > 0 ? own : ordered).slice(0, 1)
  const domain = model.x.domain ?? xExtent(model.series) ?? [0, 1]
  const { domain: y } = yDomain(model.series, domain, model.y, undefined)
  const format = readoutFormat({ ...linearScale(y, [0, 1]), log: model.y.log ?? false })
  return (
    <span className={s.readout} aria-hidden="true">
      {shown.map(({ series, value }) => (
        <span key={series.id} className={s.entry}>
          <SeriesLine series={series} width={10} />
          {formatNumber(value, format)}
        </span>
      ))}
    </span>
  )
}

function Legend({ series }: { series: readonly LineSeries[] }) {
  return (
    <span className={s.legend}>
      {series.map((one) => (
        <span key={one.id} className={s.entry}>
          <SeriesLine series={one} width={14} />
          <MiddleCut text={one.name} />
        </span>
      ))}
    </span>
  )
}

/** A metric: header with name, what was done to it, values under the crosshair and tools; and the chart or its table. */
export function ChartPanel(props: ChartPanelProps) {
  const { title, model, menu = [], legend = false } = props
  const [view, setView] = useState<'chart' | 'table' | 'full'>('chart')
  const [axis, setAxis] = useState<YAxis | undefined>(undefined)
  const [fault, setFault] = useState<string | undefined>(undefined)
  const root = useRef<HTMLElement>(null)
  const { width } = useSize(root)
  const group = useChartGroup()
  const domain = useStore(group, (state) => zoomOn(state, model.x.kind))
  const crossed = useStore(group, (state) => crosshairOn(state, model.x.kind) !== null)
  const colours = useChartColours()
  const measure = useMeasure()
  const y = props.onAxis === undefined ? (axis ?? model.y) : model.y
  const drawn = y === model.y ? model : { ...model, y }
  const changeAxis = props.onAxis ?? setAxis
  const whole = drawn.x.domain ?? xExtent(drawn.series) ?? [0, 1]
  const { clipped } = yDomain(drawn.series, domain ?? whole, y, drawn.reference?.y)
  const note = noteOf(props.note, drawn, clipped)
  const cut = title.lastIndexOf('/') + 1

  const exportAs = (format: ChartFormat) => () => {
    setFault(undefined)
    saveChart(format, { title, model: drawn, domain, colours, measure }).catch((error: unknown) =>
      setFault(error instanceof Error ? error.message : String(error)),
    )
  }
  const entries: readonly MenuEntry[] = [
    {
      kind: 'action',
      id: 'log',
      label: 'Logarithmic axis',
      checked: y.log === true,
      onSelect: () => changeAxis({ ...y, log: y.log !== true }),
    },
    {
      kind: 'action',
      id: 'clip',
      label: 'Clip extreme values',
      checked: y.clip === true,
      onSelect: () => changeAxis({ ...y, clip: y.clip !== true }),
    },
    {
      kind: 'action',
      id: 'reset',
      label: 'Show all of x',
      keys: '0',
      disabled: domain === null,
      onSelect: () => zoomGroup(group, model.x.kind, null),
    },
    ...(menu.length === 0 ? [] : [{ kind: 'rule', id: 'own-rule' } as const, ...menu]),
    { kind: 'rule', id: 'export-rule' },
    { kind: 'action', id: 'csv', label: 'Export CSV', icon: 'download', onSelect: exportAs('csv') },
    { kind: 'action', id: 'svg', label: 'Export SVG', icon: 'download', onSelect: exportAs('svg') },
    { kind: 'action', id: 'png', label: 'Export PNG', icon: 'download', onSelect: exportAs('png') },
  ]
  const showsLegend = legend && !crossed
  const readout = crossed && view === 'chart' && width < WIDE
  const quiet = width < WIDE || legend

  const head = (full: boolean) => (
    <header className={s.head}>
      <h2 className={s.title} title={title}>
        {cut === 0 ? null : <span className={s.prefix}>{title.slice(0, cut)}</span>}
        <span className={s.own}>{title.slice(cut)}</span>
      </h2>
      <span className={s.note} title={note}>
        {note}
      </span>
      <span className="grow" />
      {showsLegend ? <Legend series={drawn.series} /> : null}
      {crossed && !full && (readout || legend) ? <Readout model={drawn} /> : null}
      <span
        className={s.tools}
        data-quiet={quiet && !full ? '' : undefined}
        data-hidden={readout && !full ? '' : undefined}
      >
        <IconButton
          icon={view === 'table' ? 'chart' : 'table'}
          label={view === 'table' ? 'View as chart' : 'View as table'}
          size="small"
          onPress={() => setView(view === 'table' ? 'chart' : 'table')}
        />
        <IconButton
          icon={full ? 'close' : 'expand'}
          label={full ? 'Close' : 'Full screen'}
          size="small"
          onPress={() => setView(full ? 'chart' : 'full')}
        />
        <MoreMenu label={`More for ${title}`} size="small" entries={entries} />
      </span>
    </header>
  )

  return (
    <section ref={root} className={cx(s.panel, props.className)} aria-label={title}>
      {head(false)}
      {fault === undefined ? null : (
        <p className={cx('s12 bad', s.fault)} role="alert">
          The chart could not be exported. {fault}
        </p>
      )}
      {view === 'chart' ? props.strip : null}
      <div className={s.body}>
        {props.instead ??
          (view === 'table' ? (
            <ChartTable title={title} model={drawn} />
          ) : (
            <LineChart title={title} model={drawn} ends={legend ? 'never' : 'auto'} onView={props.onView} />
          ))}
      </div>
      <Modal open={view === 'full'} onClose={() => setView('chart')} label={title} kind="full">
        <div className={s.full}>
          <div className={cx(s.panel, s.bare)}>
            {head(true)}
            {props.strip}
            <div className={s.body}>
              <LineChart title={title} model={drawn} ends="auto" onView={props.onView} />
            </div>
          </div>
        </div>
      </Modal>
    </section>
  )
}
