import { chooseNumberFormat, formatNumber } from '#shared/lib/format.ts'
import { axisText, type ChartLayout } from './frame-layout.ts'
import type { LineChartModel, LineSeries } from './model.ts'
import { polyline, type Painter } from './painter.ts'
import { seriesLook, type ChartColours } from './palette.ts'
import { traceBand, traceBuckets, traceValues } from './trace.ts'

export interface DrawOptions {
  readonly colours: ChartColours
  readonly perPixel: number
  /** Smoothed values by series id (`smoothAll`); a series that is not in it is drawn as it is. */
  readonly smoothed: ReadonlyMap<string, Float64Array>
  /** The run whose lines are thick. */
  readonly emphasis: string | null
  /** Whether the others fade: when a line is pointed at, not when a row is. */
  readonly fading: boolean
}

/** The least that a line fades to. */
const FADED = 0.32

const drawFrame = (painter: Painter, model: LineChartModel, layout: ChartLayout, colours: ChartColours) => {
  const { plot, x, y } = layout
  const { until, label } = model.x
  if (until !== undefined && until < x.domain[1]) {
    const from = Math.max(plot.left, x.toPixel(until))
    painter.rect(from, plot.top, plot.right - from, plot.bottom - plot.top, colours.sunken)
  }
  const tick = { ...axisText, colour: colours.text3 }
  for (const value of layout.yTicks.values) {
    const at = Math.round(y.toPixel(value)) + 0.5
    painter.line(polyline(plot.left, at, plot.right, at), { colour: colours.line1, width: 1 })
    painter.text(plot.left - 6, at + 3.5, layout.yTicks.format(value), tick)
  }
  const labelWidth = label === undefined ? 0 : painter.measure(label, tick) + 10
  for (const value of layout.xTicks.values) {
    const at = Math.round(x.toPixel(value)) + 0.5
    const text = layout.xTicks.format(value)
    painter.line(polyline(at, plot.bottom, at, plot.bottom + 3), { colour: colours.line2, width: 1 })
    if (at + painter.measure(text, tick) / 2 > plot.right - labelWidth && label !== undefined) continue
    painter.text(at, plot.bottom + 14, text, { ...tick, anchor: 'middle' })
  }
  if (label !== undefined) painter.text(plot.right, plot.bottom + 14, label, tick)
  const base = Math.round(plot.bottom) + 0.5
  painter.line(polyline(plot.left, base, plot.right, base), { colour: colours.line2, width: 1 })
}

const drawSeries = (painter: Painter, series: LineSeries, layout: ChartLayout, options: DrawOptions) => {
  const { colours, perPixel, emphasis, fading } = options
  const { x, y, plot } = layout
  const { colour, dash } = seriesLook(series, colours)
  const { columns, gapAfter } = series
  const emphasised = emphasis === series.run
  const alpha = fading && emphasis !== null && !emphasised ? FADED : 1
  const width = emphasised ? 2.25 : series.baseline === true ? 1.25 : 1.5
  const smoothed = options.smoothed.get(series.id)
  if (smoothed !== undefined) {
    painter.line(traceBuckets(columns, x, y, perPixel, gapAfter), { colour, width: 1, alpha: 0.28 * alpha })
    painter.line(traceValues(columns.x, smoothed, x, y, perPixel, gapAfter), { colour, width, dash, alpha })
  } else {
    painter.line(traceBuckets(columns, x, y, perPixel, gapAfter), { colour, width, dash, alpha })
  }
  for (let at = 0; at < columns.oddX.length; at++) {
    const px = x.toPixel(columns.oddX[at] ?? 0)
    if (px < plot.left - 3 || px > plot.right + 3) continue
    // Plus infinity stands at the top; minus infinity and NaN on the axis.
    const py = columns.oddKind[at] === 1 ? plot.top + 4 : plot.bottom - 4
    painter.line(polyline(px - 3, py - 3, px + 3, py + 3, px, Number.NaN, px + 3, py - 3, px - 3, py + 3), {
      colour,
      width: 1.5,
      alpha,
    })
  }
}

/** The last drawn value of a live series: raw, or smoothed as the line is. */
const tipOf = (
  series: LineSeries,
  smoothed: Float64Array | undefined,
): { readonly x: number; readonly y: number } | undefined => {
  const { x, last } = series.columns
  const values = smoothed ?? last
  for (let at = x.length - 1; at >= 0; at--) {
    const y = values[at] ?? Number.NaN
    if (Number.isFinite(y)) return { x: x[at] ?? 0, y }
  }
  return undefined
}

const drawTips = (painter: Painter, model: LineChartModel, layout: ChartLayout, options: DrawOptions) => {
  const { colours } = options
  const { plot, x, y } = layout
  const seen = (px: number, py: number) =>
    px >= plot.left - 1 && px <= plot.right + 1 && py >= plot.top - 1 && py <= plot.bottom + 1
  for (const series of model.series) {
    const { colour } = seriesLook(series, colours)
    if (series.best !== undefined) {
      const [px, py] = [x.toPixel(series.best.x), y.toPixel(series.best.y)]
      if (seen(px, py)) painter.diamond(px, py, 4, colour, colours.canvas)
    }
    const tip = series.live === true ? tipOf(series, options.smoothed.get(series.id)) : undefined
    if (tip === undefined) continue
    const [px, py] = [x.toPixel(tip.x), y.toPixel(tip.y)]
    if (!seen(px, py)) continue
    painter.circle(px, py, 6, colour, 0.2)
    painter.circle(px, py, 2.75, colour)
    const text = formatNumber(tip.y, chooseNumberFormat([tip.y], 3))
    const ground = model.x.until !== undefined && px >= x.toPixel(model.x.until) - 2 ? colours.sunken : colours.canvas
    const style = { size: 11, weight: 600, anchor: 'start', colour: colours.text1, halo: ground } as const
    const fits = px + 10 + painter.measure(text, style) <= layout.width
    painter.text(fits ? px + 10 : px - 10, py + 4, text, { ...style, anchor: fits ? 'start' : 'end' })
  }
}

const drawLabels = (painter: Painter, layout: ChartLayout, options: DrawOptions) => {
  const { colours, emphasis, fading } = options
  const { right } = layout.plot
  for (const { series, text, y } of layout.labels) {
    const look = series === undefined ? { colour: colours.text3, dash: [3, 3] } : seriesLook(series, colours)
    const emphasised = series !== undefined && series.run === emphasis
    const alpha = fading && emphasis !== null && !emphasised ? 0.5 : 1
    painter.line(polyline(right + 6, y, right + 14, y), {
      colour: look.colour,
      width: 2.5,
      dash: look.dash.length > 0 ? [2, 3] : undefined,
      alpha,
      round: true,
    })
    painter.text(right + 19, y + 3.5, text, {
      size: 11,
      weight: emphasised ? 600 : 400,
      anchor: 'start',
      colour: emphasised ? colours.text1 : colours.text2,
    })
  }
}

/** Draws a whole chart but for what follows the pointer. */
export const drawChart = (painter: Painter, model: LineChartModel, layout: ChartLayout, options: DrawOptions): void => {
  const { plot } = layout
  const { colours, emphasis, fading } = options
  drawFrame(painter, model, layout, colours)
  // The emphasised run is drawn last, over the others; the baseline first.
  const rank = (series: LineSeries) => (series.run === emphasis ? 2 : series.baseline === true ? 0 : 1)
  const ordered = model.series.toSorted((a, b) => rank(a) - rank(b))
  painter.clip(plot.left, plot.top - 3, plot.right - plot.left + 4, plot.bottom - plot.top + 3.5, () => {
    if (model.reference !== undefined) {
      const at = layout.y.toPixel(model.reference.y)
      painter.line(polyline(plot.left, at, plot.right, at), { colour: colours.text3, width: 1, dash: [3, 3] })
    }
    for (const series of ordered) {
      if (series.band === undefined) continue
      const [upper, lower] = traceBand(series.band, layout.x, layout.y, options.perPixel)
      const faded = fading && emphasis !== null && series.run !== emphasis
      painter.area(
        upper,
        lower,
        seriesLook(series, colours).colour,
        faded ? 0.06 : series.run === emphasis ? 0.2 : 0.14,
      )
    }
    for (const series of ordered) drawSeries(painter, series, layout, options)
  })
  drawTips(painter, model, layout, options)
  drawLabels(painter, layout, options)
}
