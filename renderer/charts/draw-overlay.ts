import type { ChartLayout } from './frame-layout.ts'
import { readAt } from './lookup.ts'
import type { LineChartModel } from './model.ts'
import { polyline, type Painter } from './painter.ts'
import { seriesLook, type ChartColours } from './palette.ts'
import { formatX } from './ticks.ts'

export interface OverlayState {
  /** x of the crosshair, shared by the group. */
  readonly hover: number | null
  readonly emphasis: string | null
  /** A window that is being dragged, in x. */
  readonly drag: readonly [number, number] | null
}

/** What follows the pointer: crosshair, its tag on the axis, a dot on each line, the window that is dragged. */
export const drawOverlay = (
  painter: Painter,
  model: LineChartModel,
  layout: ChartLayout,
  colours: ChartColours,
  smoothed: ReadonlyMap<string, Float64Array>,
  state: OverlayState,
): void => {
  const { plot, x, y } = layout
  if (state.drag !== null) {
    const [from, to] = state.drag.map((value) => Math.min(plot.right, Math.max(plot.left, x.toPixel(value))))
    const left = Math.min(from ?? 0, to ?? 0)
    const right = Math.max(from ?? 0, to ?? 0)
    painter.area(
      polyline(left, plot.top, right, plot.top),
      polyline(left, plot.bottom, right, plot.bottom),
      colours.focus,
      0.12,
    )
    for (const edge of [left, right])
      painter.line(polyline(edge, plot.top, edge, plot.bottom), { colour: colours.focus, width: 1 })
    return
  }
  if (state.hover === null || state.hover < x.domain[0] || state.hover > x.domain[1]) return
  const at = Math.round(x.toPixel(state.hover)) + 0.5
  painter.line(polyline(at, plot.top, at, plot.bottom), { colour: colours.text2, width: 1 })
  for (const series of model.series) {
    const reading = readAt(series.columns, state.hover, series.gapAfter)
    if (reading === undefined) continue
    const value = smoothed.get(series.id)?.[reading.at] ?? reading.value
    const py = y.toPixel(value)
    if (!(py >= plot.top - 1 && py <= plot.bottom + 1)) continue
    const radius = series.run === state.emphasis ? 4 : 3
    painter.circle(x.toPixel(reading.x), py, radius, seriesLook(series, colours).colour, 1, colours.canvas)
  }
  const text = formatX(model.x.kind, state.hover)
  const style = { size: 10.5, weight: 500, anchor: 'middle', colour: colours.canvas } as const
  const width = painter.measure(text, style) + 12
  const middle = Math.min(Math.max(at, width / 2), layout.width - width / 2)
  // Tick labels that the tag would cut in two are covered whole.
  let [from, to] = [middle - width / 2 - 2, middle + width / 2 + 2]
  for (const value of layout.xTicks.values) {
    const half = painter.measure(layout.xTicks.format(value), style) / 2 + 2
    const tick = x.toPixel(value)
    if (tick + half < middle - width / 2 || tick - half > middle + width / 2) continue
    from = Math.min(from, tick - half)
    to = Math.max(to, tick + half)
  }
  painter.rect(from, plot.bottom + 4, to - from, 16, colours.canvas)
  painter.rect(middle - width / 2, plot.bottom + 3, width, 15, colours.text1, 3)
  painter.text(middle, plot.bottom + 14, text, style)
}
