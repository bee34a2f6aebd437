import type { Level } from '#shared/contract/metrics.ts'
import type { Band, SeriesColumns } from '#renderer/charts/model.ts'

/**
 * Mean line and min-max band of several runs of one metric. At each x that any of them has, the mean of those that have come
 * so far and have not ended: between two of its own points a run counts with the value on the line between them.
 */
export function groupBand(levels: readonly Level[]): { readonly columns: SeriesColumns; readonly band: Band } {
  const runs = levels.filter(({ x }) => x.length > 0)
  const xs = [...new Set(runs.flatMap(({ x }) => [...x]))].toSorted((a, b) => a - b)
  const mean = new Float64Array(xs.length)
  const low = new Float64Array(xs.length)
  const high = new Float64Array(xs.length)
  const cursor = new Int32Array(runs.length)
  xs.forEach((at, index) => {
    let sum = 0
    let count = 0
    let min = Infinity
    let max = -Infinity
    runs.forEach((level, run) => {
      let place = cursor[run] ?? 0
      while (place + 1 < level.x.length && (level.x[place + 1] ?? Infinity) <= at) place++
      cursor[run] = place
      const value = valueAt(level, place, at)
      if (Number.isNaN(value.mid)) return
      sum += value.mid
      count++
      if (value.low < min) min = value.low
      if (value.high > max) max = value.high
    })
    mean[index] = count === 0 ? Number.NaN : sum / count
    low[index] = count === 0 ? Number.NaN : min
    high[index] = count === 0 ? Number.NaN : max
  })
  const x = Float64Array.from(xs)
  return {
    columns: {
      x,
      first: mean,
      min: mean,
      max: mean,
      last: mean,
      oddX: new Float64Array(),
      oddKind: new Float64Array(),
      exact: runs.every(({ exact }) => exact),
    },
    band: { x, low, high },
  }
}

const NOTHING = { mid: Number.NaN, low: Number.NaN, high: Number.NaN }

function valueAt(
  level: Level,
  place: number,
  at: number,
): { readonly mid: number; readonly low: number; readonly high: number } {
  const from = level.x[place] ?? Number.NaN
  const value = level.last[place] ?? Number.NaN
  if (at < from) return NOTHING
  if (at === from) return { mid: value, low: level.min[place] ?? value, high: level.max[place] ?? value }
  const to = level.x[place + 1]
  if (to === undefined) return NOTHING
  const next = level.first[place + 1] ?? Number.NaN
  const mid = value + ((next - value) * (at - from)) / (to - from)
  return { mid, low: mid, high: mid }
}
