import { rangeAround, windowOf } from './apart.ts'
import { xExtent, yDomain, type Extent } from './extent.ts'
import { spreadLabels } from './labels.ts'
import { lowerBound } from './lookup.ts'
import type { LineChartModel, LineSeries } from './model.ts'
import type { Painter, TextStyle } from './painter.ts'
import { linearScale, logScale, type Scale } from './scale.ts'
import { linearTicks, logTicks, xTicks, type Ticks } from './ticks.ts'

export interface EndLabel {
  /** Undefined for the reference line. */
  readonly series: LineSeries | undefined
  readonly text: string
  readonly y: number
}

/** Everything about a chart that follows from its model and its size, before a single pixel is drawn. */
export interface ChartLayout {
  readonly width: number
  readonly height: number
  readonly plot: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
  readonly x: Scale
  readonly y: Scale
  readonly xTicks: Ticks
  readonly yTicks: Ticks
  /** All of x, or of the range apart that is seen: zooming and moving stay within it. */
  readonly whole: Extent
  readonly clipped: { readonly top: boolean; readonly bottom: boolean }
  readonly labels: readonly EndLabel[]
}

export const axisText: Omit<TextStyle, 'colour'> = { size: 10.5, weight: 400, anchor: 'end' }
const labelText: Omit<TextStyle, 'colour'> = { size: 11, weight: 600, anchor: 'start' }
/** px between end labels. */
export const LABEL_GAP = 13
/** The widest that end labels may get before they are cut. */
const LABEL_WIDEST = 120
const TOP = 8
const BOTTOM = 20

/** Where a series ends within the view, or undefined when it is not in it. */
const endOf = (series: LineSeries, domain: Extent): { readonly x: number; readonly y: number } | undefined => {
  const { x, last } = series.columns
  for (let at = Math.min(x.length, lowerBound(x, domain[1]) + 1) - 1; at >= 0; at--) {
    const own = x[at] ?? 0
    if (own > domain[1]) continue
    if (own < domain[0]) return undefined
    const y = last[at] ?? Number.NaN
    if (Number.isFinite(y)) return { x: own, y }
  }
  return undefined
}

/** Cuts a text in its middle until it fits. */
export const cutToFit = (text: string, width: number, measure: (text: string) => number): string => {
  if (measure(text) <= width) return text
  const signs = Array.from(text)
  for (let keep = signs.length - 1; keep > 2; keep--) {
    const head = Math.ceil(keep / 2)
    const cut = `${signs.slice(0, head).join('')}…${signs.slice(signs.length - (keep - head)).join('')}`
    if (measure(cut) <= width) return cut
  }
  return '…'
}

/** @param ends whether lines are named at their ends. @param zoom the window of x, or null for all of it. */
export const layoutChart = (
  model: LineChartModel,
  size: { readonly width: number; readonly height: number },
  zoom: Extent | null,
  ends: boolean,
  measure: Painter['measure'],
): ChartLayout => {
  const { series, x: axis, y: yAxis, reference } = model
  const all = axis.domain ?? xExtent(series) ?? [0, 1]
  const domain = zoom ?? all
  const around = zoom === null ? undefined : rangeAround(axis.apart ?? [], zoom)
  const whole = around === undefined ? all : windowOf(around)
  const { domain: yRange, clipped } = yDomain(series, domain, yAxis, reference?.y)
  const plotHeight = Math.max(1, size.height - TOP - BOTTOM)
  const wantedY = Math.max(2, Math.min(8, Math.round(plotHeight / 46)))
  const yTicks = yAxis.log === true ? logTicks(yRange, wantedY) : linearTicks(yRange, wantedY)
  const tick = (text: string) => measure(text, { ...axisText, colour: '' })
  const widestTick = Math.max(0, ...yTicks.values.map((value) => tick(yTicks.format(value))))
  // In steps of 8, so that panels above each other mostly begin at the same x.
  const left = Math.max(32, Math.ceil((widestTick + 12) / 8) * 8)
  const label = (text: string) => measure(text, { ...labelText, colour: '' })
  const named = [
    ...series.filter((one) => one.live !== true).map((one) => one.name),
    ...(reference === undefined ? [] : [reference.label]),
  ]
  const liveRoom = series.some((one) => one.live === true) && axis.domain === undefined ? 48 : 12
  const right = ends
    ? Math.max(liveRoom, 24 + Math.min(LABEL_WIDEST, Math.max(0, ...named.map((name) => label(name)))))
    : liveRoom
  const plot = {
    left,
    top: TOP,
    right: Math.max(left + 1, size.width - right),
    bottom: TOP + plotHeight,
  }
  const x = linearScale(domain, [plot.left, plot.right])
  const y = (yAxis.log === true ? logScale : linearScale)(yRange, [plot.bottom, plot.top])
  const wantedX = Math.max(2, Math.floor((plot.right - plot.left) / 76))

  const wanted: { readonly series: LineSeries | undefined; readonly text: string; readonly y: number }[] = []
  if (ends) {
    for (const one of series) {
      const end = one.live === true ? undefined : endOf(one, domain)
      if (end !== undefined)
        wanted.push({ series: one, text: cutToFit(one.name, LABEL_WIDEST, label), y: y.toPixel(end.y) })
    }
    if (reference !== undefined)
      wanted.push({
        series: undefined,
        text: cutToFit(reference.label, LABEL_WIDEST, label),
        y: y.toPixel(reference.y),
      })
  }
  const inside = wanted.filter((one) => Number.isFinite(one.y))
  const held = inside.map((one) => Math.min(Math.max(one.y, plot.top + 4), plot.bottom - 2))
  const placed = spreadLabels(held, LABEL_GAP, plot.top + 2, plot.bottom)
  return {
    width: size.width,
    height: size.height,
    plot,
    x,
    y,
    xTicks: xTicks(axis.kind, domain, wantedX),
    yTicks,
    whole,
    clipped,
    labels: inside.map((one, at) => ({ ...one, y: placed[at] ?? one.y })),
  }
}

/** Whether all lines of a chart can be named at their ends. */
export const endsFit = (count: number, size: { readonly width: number; readonly height: number }): boolean =>
  size.width >= 400 && count > 0 && count * LABEL_GAP <= size.height - TOP - BOTTOM
