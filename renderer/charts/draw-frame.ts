import type { DrawOptions } from './draw-chart.ts'
import { axisText, type ChartLayout } from './frame-layout.ts'
import type { LineChartModel } from './model.ts'
import { polyline, type Painter } from './painter.ts'
import { seriesLook, type ChartColours } from './palette.ts'

const drawAxes = (painter: Painter, model: LineChartModel, layout: ChartLayout, colours: ChartColours) => {
  const { plot, x, y } = layout
  const { until } = model.x
  const named = model.x.label === undefined ? 0 : painter.measure(model.x.label, { ...axisText, colour: '' })
  // A small chart has no room for the axis' name beside its numbers; the crosshair and the table name it.
  const label = named > (plot.right - plot.left) / 4 ? undefined : model.x.label
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

/** What lies under the lines: axes, grid, what is not yet trained, the reference, and the names at the line ends. */
export const drawFrame = (painter: Painter, model: LineChartModel, layout: ChartLayout, options: DrawOptions): void => {
  const { plot } = layout
  drawAxes(painter, model, layout, options.colours)
  if (model.reference !== undefined) {
    const at = layout.y.toPixel(model.reference.y)
    const stroke = { colour: options.colours.text3, width: 1, dash: [3, 3] }
    if (at >= plot.top - 1 && at <= plot.bottom + 1) painter.line(polyline(plot.left, at, plot.right, at), stroke)
  }
  drawLabels(painter, layout, options)
}
