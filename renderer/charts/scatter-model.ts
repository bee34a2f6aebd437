import { formatNumber } from '#shared/lib/format.ts'
import { runStyle } from '#renderer/ui/marks/run-colour.ts'
import type { ChartColours } from './palette.ts'
import { linearTicks } from './ticks.ts'

/** Runs by two of their columns; NaN where a run has no such value. All arrays are of one length. */
export interface ScatterModel {
  /** The runs' numbers, from which their colours follow. */
  readonly numbers: Float64Array
  readonly x: Float64Array
  readonly y: Float64Array
  readonly xName: string
  readonly yName: string
  readonly xLog?: boolean | undefined
  readonly yLog?: boolean | undefined
}

export interface ScatterPoint {
  readonly value: readonly [number, number]
  /** The run's number. */
  readonly run: number
  readonly itemStyle: { readonly color: string }
}

/** Points that can be drawn: both values finite, and positive where an axis is logarithmic. */
export const scatterPoints = (model: ScatterModel, colours: ChartColours): readonly ScatterPoint[] =>
  Array.from(model.numbers).flatMap((run, at): readonly ScatterPoint[] => {
    const x = model.x[at] ?? Number.NaN
    const y = model.y[at] ?? Number.NaN
    if (!Number.isFinite(x) || !Number.isFinite(y)) return []
    if ((model.xLog === true && x <= 0) || (model.yLog === true && y <= 0)) return []
    const color = colours.runs[runStyle(run).hue - 1] ?? colours.text2
    return [{ value: [x, y], run, itemStyle: { color } }]
  })

/** How many runs are not drawn, in words; undefined when all are. */
export const leftOut = (model: ScatterModel, drawn: number): string | undefined =>
  drawn === model.numbers.length
    ? undefined
    : `${model.numbers.length - drawn} of ${model.numbers.length} runs have no point here`

/** Ids and names of runs, in the order in which they were asked for by number. */
export interface NamedRuns {
  readonly ids: readonly string[]
  readonly names: readonly string[]
}

/** Who runs are: asked for of those that are pointed at, and of all only where all are shown. */
export type NameRuns = (numbers: Float64Array<ArrayBuffer>) => Promise<NamedRuns>

/** Thousands of points are a cloud: small, seen through, and without a rim that would be most of them. */
export const isCloud = (points: readonly unknown[]): boolean => points.length > 2000

/** Bounds and labels of an axis: round ones where it is straight, a little room where it is logarithmic. */
const bounds = (values: readonly number[], log: boolean) => {
  // Not by spreading: a hundred thousand arguments are too many for a call.
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  if (values.length === 0) return {}
  if (log) {
    const factor = Math.max(1.1, (high / low) ** 0.06)
    return {
      min: low / factor,
      max: high * factor,
      axisLabel: { formatter: (value: number) => formatNumber(value), hideOverlap: true },
    }
  }
  const room = (high - low || Math.abs(high) || 1) * 0.06
  const { values: ticks, format } = linearTicks([low - room, high + room], 6)
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0)
  return {
    min: (ticks[0] ?? low) - (low < (ticks[0] ?? low) ? step : 0),
    max: (ticks.at(-1) ?? high) + (high > (ticks.at(-1) ?? high) ? step : 0),
    interval: step,
    axisLabel: { formatter: format, hideOverlap: true },
  }
}

const axis = (name: string, log: boolean | undefined, colours: ChartColours, values: readonly number[]) => {
  const { axisLabel, ...range } = bounds(values, log === true)
  return {
    type: log === true ? ('log' as const) : ('value' as const),
    scale: true,
    ...range,
    name,
    nameTextStyle: { color: colours.text2, fontSize: 11 },
    axisLabel: { ...axisLabel, color: colours.text3, fontSize: 10.5 },
    axisLine: { show: true, lineStyle: { color: colours.line2 } },
    axisTick: { lineStyle: { color: colours.line2 } },
    splitLine: { lineStyle: { color: colours.line1 } },
  }
}

/** Points as they are drawn, a series of ECharts each: a cloud by colours, in which one path draws all of a colour; few as one series. */
export const scatterSeries = (points: readonly ScatterPoint[]): readonly (readonly ScatterPoint[])[] =>
  isCloud(points) ? [...Map.groupBy(points, ({ itemStyle }) => itemStyle.color).values()] : [points]

/**
 * Points of a cloud that are of one colour. An element of its own for each would be looked at in every frame, 100,000 of them for seconds. Whoever is
 * emphasised is marked over the chart then, rather than by drawing thousands of points again.
 */
const cloudSeries = (points: readonly ScatterPoint[], all: number) => ({
  type: 'scatter' as const,
  large: true,
  largeThreshold: 0,
  symbolSize: all > CROWD ? CROWD_SIZE : CLOUD_SIZE,
  itemStyle: { opacity: all > CROWD ? 0.35 : 0.6, color: points[0]?.itemStyle.color ?? '' },
  data: points.map((point) => [...point.value]),
})

const CLOUD_SIZE = 4
/** So many points are drawn as squares, which cost a fraction of what circles do, and let more through: colours lie over one another. */
const CROWD = 20_000
const CROWD_SIZE = 3

/** Each point with its own size and strength, so that one of them can be emphasised. */
const pointSeries = (points: readonly ScatterPoint[], colours: ChartColours, emphasis: number | null) => ({
  type: 'scatter' as const,
  symbolSize: POINT_SIZE,
  itemStyle: { borderColor: colours.canvas, borderWidth: 1 },
  data: points.map((point) => ({
    ...point,
    value: [...point.value],
    symbolSize: point.run === emphasis ? POINT_SIZE * 1.6 : POINT_SIZE,
    itemStyle: { ...point.itemStyle, opacity: point.run === emphasis || emphasis === null ? 1 : 0.35 },
  })),
})

const POINT_SIZE = 8

/** What ECharts draws of scatterPoints, in series as scatterSeries has them. `emphasis` is for what is no cloud. */
export const scatterOption = (model: ScatterModel, colours: ChartColours, emphasis: number | null) => {
  const points = scatterPoints(model, colours)
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'Inter, "Segoe UI", system-ui, sans-serif' },
    grid: { left: 12, right: 20, top: 28, bottom: 30, containLabel: true },
    xAxis: {
      ...axis(
        model.xName,
        model.xLog,
        colours,
        points.map((point) => point.value[0]),
      ),
      nameLocation: 'middle' as const,
      nameGap: 26,
    },
    yAxis: {
      ...axis(
        model.yName,
        model.yLog,
        colours,
        points.map((point) => point.value[1]),
      ),
      nameLocation: 'end' as const,
      nameGap: 10,
      nameTextStyle: { color: colours.text2, fontSize: 11, align: 'left' as const },
    },
    dataZoom: [
      {
        type: 'inside' as const,
        xAxisIndex: 0,
        filterMode: 'none' as const,
        zoomOnMouseWheel: 'ctrl' as const,
        moveOnMouseWheel: false,
      },
      {
        type: 'inside' as const,
        yAxisIndex: 0,
        filterMode: 'none' as const,
        zoomOnMouseWheel: 'ctrl' as const,
        moveOnMouseWheel: false,
      },
    ],
    series: isCloud(points)
      ? scatterSeries(points).map((part) => cloudSeries(part, points.length))
      : [pointSeries(points, colours, emphasis)],
  }
}
