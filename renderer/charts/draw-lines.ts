import type { DrawOptions } from './draw-chart.ts'
import type { ChartLayout } from './frame-layout.ts'
import type { LineSeries } from './model.ts'
import { polyline, type Painter, type Polyline } from './painter.ts'
import { seriesLook } from './palette.ts'
import { traceBand, traceBuckets, traceValues } from './trace.ts'

/** A line longer than so many times the plot's width, and its height, counts as noise. */
const NOISY = 3
/** ... and has a point every so many px. */
const DENSE = 3

/** Length in px of what of a line lies between `top` and `bottom`. */
export const inkLength = ({ points, count }: Polyline, top: number, bottom: number): number => {
  const held = (value: number) => (value < top ? top : value > bottom ? bottom : value)
  let length = 0
  for (let at = 1; at < count; at++) {
    const down = Math.abs(held(points[2 * at + 1] ?? 0) - held(points[2 * at - 1] ?? 0))
    // Sideways and up or down, rather than the diagonal: it is only compared with a multiple.
    if (down === down) length += down + Math.abs((points[2 * at] ?? 0) - (points[2 * at - 2] ?? 0))
  }
  return length
}

/** Of a noisy line with many gaps, more dots than this would hide it. */
const MOST_DOTS = 400

/** Points without a neighbour: a line through them alone would not be seen. */
export const lonePoints = ({ points, count }: Polyline): readonly (readonly [px: number, py: number])[] => {
  const lone: [number, number][] = []
  const there = (at: number): boolean => at >= 0 && at < count && !Number.isNaN(points[2 * at + 1] ?? Number.NaN)
  for (let at = 0; at < count && lone.length < MOST_DOTS; at++) {
    if (there(at) && !there(at - 1) && !there(at + 1)) lone.push([points[2 * at] ?? 0, points[2 * at + 1] ?? 0])
  }
  return lone
}

const drawOdd = (painter: Painter, series: LineSeries, layout: ChartLayout, colour: string) => {
  const { plot, x } = layout
  const { oddX, oddKind } = series.columns
  for (let at = 0; at < oddX.length; at++) {
    const px = x.toPixel(oddX[at] ?? 0)
    if (px < plot.left - 0.5 || px > plot.right + 0.5) continue
    // Plus infinity stands at the top; minus infinity and NaN on the axis.
    const py = oddKind[at] === 1 ? plot.top + 4 : plot.bottom - 4
    const cross = polyline(px - 3, py - 3, px + 3, py + 3, px, Number.NaN, px + 3, py - 3, px - 3, py + 3)
    painter.line(cross, { colour, width: 1.5 })
  }
}

const drawSeries = (
  painter: Painter,
  series: LineSeries,
  layout: ChartLayout,
  options: DrawOptions,
  thick: boolean,
) => {
  const { x, y, plot } = layout
  const { colour, dash } = seriesLook(series, options.colours)
  const { columns, gapAfter } = series
  const width = thick ? 2.25 : series.baseline === true ? 1.25 : 1.5
  const calm = (plot.right - plot.left) * NOISY + (plot.bottom - plot.top)
  // A few points far apart are a rough line, not noise: what is dense has a point every few px.
  const isDense = (line: Polyline): boolean =>
    line.count * DENSE > plot.right - plot.left && inkLength(line, plot.top, plot.bottom) > calm
  // Along a line that goes up and down in each pixel a dash cannot be seen, and it costs many times the line.
  const look = (line: Polyline) => (isDense(line) ? { dense: true } : { dash })
  const raw = traceBuckets(columns, x, y, options.perPixel, gapAfter)
  const smoothed = options.smoothed.get(series.id)
  if (smoothed === undefined) {
    painter.line(raw, { colour, width, ...look(raw) })
  } else {
    painter.line(raw, { colour, width: 1, alpha: 0.28, dense: true })
    const line = traceValues(columns.x, smoothed, x, y, options.perPixel, gapAfter)
    painter.line(line, { colour, width, ...look(line) })
  }
  for (const [px, py] of lonePoints(raw)) painter.circle(px, py, thick ? 2.5 : 2, colour)
}

/**
 * Bands, then lines, clipped to the plot; the baseline under the others.
 * @param thick for the emphasised run
 */
export const drawLines = (
  painter: Painter,
  series: readonly LineSeries[],
  layout: ChartLayout,
  options: DrawOptions,
  thick: boolean,
): void => {
  const { plot } = layout
  const ordered = series.toSorted((a, b) => Number(b.baseline === true) - Number(a.baseline === true))
  painter.clip(plot.left, plot.top - 3, plot.right - plot.left + 4, plot.bottom - plot.top + 3.5, () => {
    for (const one of ordered) {
      if (one.band === undefined) continue
      const [upper, lower] = traceBand(one.band, layout.x, layout.y, options.perPixel)
      painter.area(upper, lower, seriesLook(one, options.colours).colour, thick ? 0.2 : 0.14)
    }
    for (const one of ordered) drawSeries(painter, one, layout, options, thick)
  })
  // Beside the clip, which would leave half a cross at the first x.
  for (const one of ordered) drawOdd(painter, one, layout, seriesLook(one, options.colours).colour)
}
