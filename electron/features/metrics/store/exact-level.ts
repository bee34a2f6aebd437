import type { LevelColumns, LevelView, SeriesColumns } from '../store.ts'
import { oddKind } from './buckets.ts'
import type { Neighbour } from './outside.ts'
import { addValue, createBins, oddNumber, readBins, sortedOdd } from './pixel-bins.ts'
import { sortOrder } from './sort-points.ts'

/** A view answered from its points: every one of them when there are at most two a pixel, else one bin a pixel. */
export function exactLevel(points: SeriesColumns, view: LevelView): LevelColumns {
  const xs = view.axis === 'step' ? points.step : points.time
  if (countWithin(xs, view) > 2 * view.width) return binned(points, xs, view)
  const order = sortOrder(xs)
  const x: number[] = []
  const values: number[] = []
  const oddX: number[] = []
  const oddKinds: number[] = []
  for (let i = 0; i < xs.length; i++) {
    const at = order === undefined ? i : (order[i] as number)
    const place = xs[at] as number
    if (place < view.from || place > view.to) continue
    const value = points.value[at] as number
    const odd = oddKind(value)
    if (odd === 0) {
      x.push(place)
      values.push(value)
    } else {
      oddX.push(place)
      oddKinds.push(oddNumber(odd))
    }
  }
  const column = Float64Array.from(values)
  return {
    x: Float64Array.from(x),
    first: column,
    min: column,
    max: column,
    last: column,
    count: new Float64Array(x.length).fill(1),
    ...sortedOdd(oddX, oddKinds),
    exact: true,
  }
}

function countWithin(xs: Float64Array, view: LevelView): number {
  let count = 0
  for (let i = 0; i < xs.length; i++) if ((xs[i] as number) >= view.from && (xs[i] as number) <= view.to) count++
  return count
}

function binned(points: SeriesColumns, xs: Float64Array, view: LevelView): LevelColumns {
  const bins = createBins(view.from, view.to, view.width)
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number
    if (x >= view.from && x <= view.to) addValue(bins, x, points.value[i] as number)
  }
  return readBins(bins)
}

/** Adds the points just outside of the view at its ends, each as a bucket of one. */
export function withNeighbours(
  level: LevelColumns,
  before: Neighbour | undefined,
  after: Neighbour | undefined,
): LevelColumns {
  if (before === undefined && after === undefined) return level
  const around = (column: Float64Array, of: (neighbour: Neighbour) => number): Float64Array => {
    const start = before === undefined ? 0 : 1
    const wider = new Float64Array(column.length + start + (after === undefined ? 0 : 1))
    wider.set(column, start)
    if (before !== undefined) wider[0] = of(before)
    if (after !== undefined) wider[wider.length - 1] = of(after)
    return wider
  }
  const value = (neighbour: Neighbour): number => neighbour.value
  const first = around(level.first, value)
  const same = level.exact
  return {
    ...level,
    x: around(level.x, (neighbour) => neighbour.x),
    first,
    min: same ? first : around(level.min, value),
    max: same ? first : around(level.max, value),
    last: same ? first : around(level.last, value),
    count: around(level.count, () => 1),
  }
}
