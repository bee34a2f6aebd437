import { useState } from 'react'
import type { SeriesOrigin } from '#shared/contract/common.ts'
import type { Axis, Level } from '#shared/contract/metrics.ts'
import { ChartPanel } from '#renderer/charts/chart-panel.tsx'
import type { ChartView } from '#renderer/charts/line-chart.tsx'
import type { LineChartModel, LineSeries } from '#renderer/charts/model.ts'
import { useRead } from '#renderer/client/index.ts'
import { ApartStrip, SinceStartStrip } from './apart-strip.tsx'
import { groupBand } from './group-band.ts'
import { useApart } from './use-apart.ts'

/** A run whose line is drawn. */
export type DrawnRun = {
  readonly id: string
  readonly name: string
  readonly number: number
  readonly live?: boolean
  readonly baseline?: boolean
  /** Runs of a group: drawn as their mean with a band from their smallest to their largest value. */
  readonly members?: readonly string[]
}

/** How all panels beside each other draw. */
export type ChartSettings = { readonly axis: Axis; readonly smoothing: number; readonly logY: boolean }

export type MetricChartProps = {
  readonly project: string
  readonly metric: string
  readonly origin?: SeriesOrigin
  readonly runs: readonly DrawnRun[]
  readonly settings: ChartSettings
  /** The last x of the whole budget, where it is known. */
  readonly budget?: number | undefined
  /** What a step is, at the end of the axis: "epoch". */
  readonly unit?: string | undefined
  /** Instead of the metric's key. */
  readonly title?: string | undefined
  /** Draws values times `factor`, which are in `unit`. */
  readonly scale?: { readonly factor: number; readonly unit: string } | undefined
  /** Names in the header rather than at the line ends. */
  readonly legend?: boolean | undefined
  /** Beside the title. */
  readonly note?: string | undefined
  /** Draws all charts beside each other over another axis, where steps lie too far apart for one. */
  readonly onAxis?: ((axis: Axis) => void) | undefined
  readonly className?: string | undefined
}

const X_KIND = { step: 'number', relative: 'duration', time: 'time' } as const

/** px: what is asked before a chart is laid out then serves it, be it a large one beside the table or a small one below it. */
const USUAL_WIDTH = 500

/** The width to ask for, when another was asked for before: a level for somewhat more than is drawn serves as well, and is here. */
export function widthToAsk(before: number, drawn: number): number {
  return drawn <= before && drawn > before / 3 ? before : drawn
}

/** One metric of some runs: asks for just the level that its width and zoom can show, and keeps the old one meanwhile. */
export function MetricChart(props: MetricChartProps) {
  const { project, metric, origin, runs, settings, legend, note, className, onAxis } = props
  const [told, setView] = useState<ChartView>({ from: undefined, to: undefined, width: USUAL_WIDTH })
  const [toldOn, setToldOn] = useState(settings.axis)
  // A window of steps means nothing over time.
  const view = toldOn === settings.axis ? told : { from: undefined, to: undefined, width: told.width }
  const series = runs.flatMap(({ id, members }) =>
    (members ?? [id]).map((run) => ({ run, key: metric, ...(origin === undefined ? {} : { origin }) })),
  )
  const levels = useRead(
    'metrics.levels',
    {
      project,
      series,
      axis: settings.axis,
      ...(view.from === undefined || view.to === undefined ? {} : { from: view.from, to: view.to }),
      // In steps, so that dragging a divider does not ask anew for every pixel.
      width: Math.max(100, Math.ceil(view.width / 100) * 100),
    },
    { enabled: runs.length > 0, keepPrevious: true },
  )
  const whole = view.from === undefined && !levels.isPlaceholderData
  const { model, ranges, wasApart } = useApart({
    project,
    series,
    axis: settings.axis,
    model: chartModel(scaled(levels.data ?? [], props.scale?.factor ?? 1), runs, settings, props),
    whole,
  })
  const strip =
    ranges.length > 0 ? (
      <ApartStrip axis={settings.axis} ranges={ranges} onAxis={onAxis} />
    ) : wasApart && settings.axis === 'relative' && onAxis !== undefined ? (
      <SinceStartStrip onBack={() => onAxis('step')} />
    ) : undefined
  return (
    <ChartPanel
      title={props.title ?? metric}
      model={model}
      strip={strip}
      onView={(next) => {
        setToldOn(settings.axis)
        setView((before) =>
          isSameRange(before, next) ? { ...next, width: widthToAsk(before.width, next.width) } : next,
        )
      }}
      note={note ?? props.scale?.unit}
      legend={legend}
      className={className}
    />
  )
}

function isSameRange(a: ChartView, b: ChartView): boolean {
  return a.from === b.from && a.to === b.to
}

function scaled(levels: readonly Level[], factor: number): readonly Level[] {
  if (factor === 1) return levels
  const times = (values: Level['x']): Level['x'] => values.map((value) => value * factor)
  return levels.map((level) => ({
    ...level,
    first: times(level.first),
    min: times(level.min),
    max: times(level.max),
    last: times(level.last),
  }))
}

/** The chart's model of the levels that came; runs without the metric have no line. */
export function chartModel(
  levels: readonly Level[],
  runs: readonly DrawnRun[],
  settings: ChartSettings,
  { budget, unit }: { readonly budget?: number | undefined; readonly unit?: string | undefined } = {},
): LineChartModel {
  const byRun = Map.groupBy(levels, ({ run }) => run)
  const series = runs.flatMap((run): LineSeries[] => {
    const own = (run.members ?? [run.id]).flatMap((id) => byRun.get(id) ?? []).filter(({ count }) => count > 0)
    const [first] = own
    if (first === undefined) return []
    return [
      {
        id: run.id,
        name: run.name,
        run: run.id,
        number: run.number,
        ...(own.length === 1 ? { columns: first } : groupBand(own)),
        ...(run.live === true ? { live: true } : {}),
        ...(run.baseline === true ? { baseline: true } : {}),
      },
    ]
  })
  const last = Math.max(...series.map(({ columns }) => columns.x.at(-1) ?? -Infinity))
  const hasBudget = settings.axis === 'step' && budget !== undefined && Number.isFinite(last) && budget > last
  return {
    series,
    x: {
      kind: X_KIND[settings.axis],
      ...(unit === undefined || settings.axis !== 'step' ? {} : { label: unit }),
      ...(hasBudget
        ? { domain: [Math.min(...series.map(({ columns }) => columns.x[0] ?? 0)), budget], until: last }
        : {}),
    },
    y: { log: settings.logY },
    smoothing: settings.smoothing,
  }
}
