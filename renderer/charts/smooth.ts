import type { LineChartModel } from './model.ts'

/**
 * Exponential moving average without the bias towards zero at its start (Kingma and Ba 2015, section 3; the same as
 * TensorBoard draws): s <- w s + (1 - w) y, drawn is s / (1 - w^n). NaN gives NaN and leaves the average as it was.
 * It runs over the points as they are drawn, at most about two a pixel.
 * @param weight of the past, 0 to below 1
 */
export const smooth = (values: Float64Array, weight: number): Float64Array => {
  const out = new Float64Array(values.length)
  let average = 0
  let mass = 0
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN
    if (!Number.isFinite(value)) {
      out[at] = Number.NaN
      continue
    }
    average = average * weight + value * (1 - weight)
    mass = mass * weight + (1 - weight)
    out[at] = average / mass
  }
  return out
}

/** Mean distance of neighbouring x; undefined for fewer than two. */
const spacing = (x: Float64Array): number | undefined =>
  x.length < 2 ? undefined : ((x[x.length - 1] ?? 0) - (x[0] ?? 0)) / (x.length - 1)

/**
 * Smoothed values by series id: of every series but baselines; empty when nothing is smoothed. The weight holds for
 * the densest line of the chart; where points lie k times as far apart it is w^k, so that all lines are smoothed over
 * the same length of x, and a metric of each epoch does not lag behind one of each step.
 */
export const smoothAll = (model: Pick<LineChartModel, 'series' | 'smoothing'>): ReadonlyMap<string, Float64Array> => {
  if (!(model.smoothing > 0)) return new Map()
  const own = model.series.filter((series) => series.baseline !== true)
  const densest = Math.min(...own.map((series) => spacing(series.columns.x) || Number.POSITIVE_INFINITY))
  return new Map(
    own.map(({ id, columns }) => {
      const ratio = (spacing(columns.x) ?? densest) / densest
      return [id, smooth(columns.last, model.smoothing ** (Number.isFinite(ratio) ? Math.max(1, ratio) : 1))]
    }),
  )
}
