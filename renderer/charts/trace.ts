import { lowerBound } from './lookup.ts'
import type { Band, SeriesColumns } from './model.ts'
import type { Polyline } from './painter.ts'
import type { Scale } from './scale.ts'

/** Which buckets touch a window of x: one beyond each edge, so that lines run out of the view. */
const visible = (xs: Float64Array, domain: readonly [number, number]): readonly [number, number] => {
  const last = lowerBound(xs, domain[1])
  const beyond = xs[last] === domain[1] ? last + 2 : last + 1
  return [Math.max(0, lowerBound(xs, domain[0]) - 1), Math.min(xs.length, beyond)]
}

/**
 * The line through a series in px. Where buckets are denser than pixels, all that fall on one column of pixels become
 * one, of which the line touches the smallest and the largest value; a bucket that stands alone is also entered at its
 * first value and left at its last. So no extreme is ever lost, and a dense line costs two points a pixel. A bucket without a value lifts the pen, and so does a way in x
 * that is longer than `gapAfter`.
 * @param perPixel columns of pixels in a px (devicePixelRatio)
 */
export const traceBuckets = (
  columns: SeriesColumns,
  x: Scale,
  y: Scale,
  perPixel: number,
  gapAfter: number | undefined,
): Polyline => {
  const [from, to] = visible(columns.x, x.domain)
  const points = new Float32Array(8 * Math.max(0, to - from) + 8)
  let count = 0
  const put = (px: number, value: number) => {
    points[2 * count] = px
    points[2 * count + 1] = y.toPixel(value)
    count++
  }
  const lift = (px: number) => {
    points[2 * count] = px
    points[2 * count + 1] = Number.NaN
    count++
  }
  let open = false
  let column = 0
  let first = 0
  let low = 0
  let high = 0
  let last = 0
  let previous = Number.NaN
  const flush = () => {
    if (!open) return
    const px = column / perPixel
    open = false
    if (low === high) put(px, first)
    else if (column - previous <= 2) {
      // Side by side with the one before: first and last are less than a pixel of ink.
      put(px, first <= last ? low : high)
      put(px, first <= last ? high : low)
    } else {
      put(px, first)
      if (low !== first) put(px, low)
      if (high !== last) put(px, high)
      put(px, last)
    }
    previous = column
  }
  let before = Number.NaN
  for (let at = from; at < to; at++) {
    const own = columns.x[at] ?? 0
    const value = columns.last[at] ?? Number.NaN
    const place = Math.round(x.toPixel(own) * perPixel)
    const gap = gapAfter !== undefined && own - before > gapAfter
    if (Number.isNaN(value) || gap) {
      flush()
      lift(place / perPixel)
      if (Number.isNaN(value)) continue
    }
    before = own
    const small = columns.min[at] ?? value
    const large = columns.max[at] ?? value
    if (open && place === column) {
      if (small < low) low = small
      if (large > high) high = large
      last = value
      continue
    }
    flush()
    open = true
    column = place
    first = columns.first[at] ?? value
    low = small
    high = large
    last = value
  }
  flush()
  return { points, count }
}

/** The line through one value a bucket, e.g. the smoothed ones; thinned like the other. */
export const traceValues = (
  xs: Float64Array,
  values: Float64Array,
  x: Scale,
  y: Scale,
  perPixel: number,
  gapAfter: number | undefined,
): Polyline =>
  traceBuckets(
    { x: xs, first: values, min: values, max: values, last: values, oddX: values, oddKind: values, exact: false },
    x,
    y,
    perPixel,
    gapAfter,
  )

/** Both edges of a band, bucket by bucket; denser than pixels, the outermost of each column of pixels. */
export const traceBand = (band: Band, x: Scale, y: Scale, perPixel: number): readonly [Polyline, Polyline] => {
  const [from, to] = visible(band.x, x.domain)
  const upper = new Float32Array(2 * Math.max(0, to - from))
  const lower = new Float32Array(2 * Math.max(0, to - from))
  let count = 0
  let column = Number.NaN
  for (let at = from; at < to; at++) {
    const place = Math.round(x.toPixel(band.x[at] ?? 0) * perPixel)
    const low = band.low[at] ?? Number.NaN
    // On a log axis a band that reaches zero ends at the bottom edge, rather than nowhere.
    const bottom = y.log && low <= 0 ? y.range[0] : y.toPixel(low)
    const top = y.toPixel(band.high[at] ?? Number.NaN)
    if (place === column) {
      const index = 2 * (count - 1) + 1
      upper[index] = Math.min(upper[index] ?? top, top)
      lower[index] = Math.max(lower[index] ?? bottom, bottom)
      continue
    }
    column = place
    upper[2 * count] = place / perPixel
    lower[2 * count] = place / perPixel
    upper[2 * count + 1] = top
    lower[2 * count + 1] = bottom
    count++
  }
  return [
    { points: upper, count },
    { points: lower, count },
  ]
}
