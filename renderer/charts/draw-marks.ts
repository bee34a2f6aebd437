import { chooseNumberFormat, formatNumber } from '#shared/lib/format.ts'
import type { DrawOptions } from './draw-chart.ts'
import type { ChartLayout } from './frame-layout.ts'
import type { LineChartModel, LineSeries } from './model.ts'
import type { Painter } from './painter.ts'
import { seriesLook } from './palette.ts'

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

/** What lies over the lines: the best value's diamond, and halo and value of what trains. */
export const drawMarks = (painter: Painter, model: LineChartModel, layout: ChartLayout, options: DrawOptions): void => {
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
