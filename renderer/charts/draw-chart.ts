import { drawFrame } from './draw-frame.ts'
import { drawLines } from './draw-lines.ts'
import { drawMarks } from './draw-marks.ts'
import type { ChartLayout } from './frame-layout.ts'
import type { LineChartModel } from './model.ts'
import type { Painter } from './painter.ts'
import type { ChartColours } from './palette.ts'

export interface DrawOptions {
  readonly colours: ChartColours
  readonly perPixel: number
  /** Smoothed values by series id (`smoothAll`); a series that is not in it is drawn as it is. */
  readonly smoothed: ReadonlyMap<string, Float64Array>
  /** The run whose lines are thick and whose name is bold. */
  readonly emphasis: string | null
  /** Whether the names of the others fade: when a line is pointed at, not when a row is. */
  readonly fading: boolean
}

/**
 * Draws a whole chart at rest, as files have it. On the screen its three parts have a canvas each: the lines of a
 * hundred runs are drawn once, and fade or come back without being drawn again.
 */
export const drawChart = (painter: Painter, model: LineChartModel, layout: ChartLayout, options: DrawOptions): void => {
  drawFrame(painter, model, layout, options)
  drawLines(painter, model.series, layout, options, false)
  drawMarks(painter, model, layout, options)
}
