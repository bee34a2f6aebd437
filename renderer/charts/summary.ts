import { formatNumber } from '#shared/lib/format.ts'
import type { LineChartModel, LineSeries } from './model.ts'
import { formatX } from './ticks.ts'

/** How many lines a summary speaks of one by one. */
const MOST = 6

const ofSeries = (series: LineSeries, model: LineChartModel): string => {
  const { x, last, min, max, oddX } = series.columns
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  let end = -1
  for (let at = 0; at < x.length; at++) {
    lowest = Math.min(lowest, min[at] ?? lowest)
    highest = Math.max(highest, max[at] ?? highest)
    if (Number.isFinite(last[at] ?? Number.NaN)) end = at
  }
  const odd = oddX.length === 0 ? '' : `, ${oddX.length} not a number or infinite`
  if (end === -1) return `${series.name}: no value${odd}`
  const where = formatX(model.x.kind, x[end] ?? 0)
  return `${series.name}: ${formatNumber(last[end] ?? 0)} at ${where}, from ${formatNumber(lowest)} to ${formatNumber(highest)}${odd}`
}

/** What a chart shows, in words: for those who do not see it. */
export const summarise = (title: string, model: LineChartModel): string => {
  const count = model.series.length
  if (count === 0) return `${title}, no lines`
  const named = model.series.slice(0, MOST).map((series) => ofSeries(series, model))
  const more = count > MOST ? [`and ${count - MOST} more lines`] : []
  const axis = model.x.label === undefined ? '' : ` over ${model.x.label}`
  return `${title}${axis}, ${count === 1 ? '1 line' : `${count} lines`}. ${[...named, ...more].join('. ')}.`
}
