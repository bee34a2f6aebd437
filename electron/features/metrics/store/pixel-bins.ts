import { type Buckets, FINITE, FIRST, LAST, MAX, MIN, ODD, ODD_MINUS, ODD_NAN, ODD_PLUS, oddKind } from './buckets.ts'
import type { LevelColumns } from '../store.ts'

/** One bin a pixel, filled in any order from buckets and points; a bin's first and last value are those with the least and the greatest x. */
export type PixelBins = {
  readonly from: number
  readonly scale: number
  readonly lowX: Float64Array
  readonly highX: Float64Array
  readonly first: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly last: Float64Array
  readonly count: Float64Array
  /** Odd values by pixel and kind: 1 + where in oddX. */
  readonly oddSeen: Uint8Array
  readonly oddX: number[]
  readonly oddKinds: number[]
}

export function createBins(from: number, to: number, width: number): PixelBins {
  const column = (): Float64Array => new Float64Array(width)
  return {
    from,
    scale: to > from ? width / (to - from) : 0,
    lowX: column(),
    highX: column(),
    first: column(),
    min: column(),
    max: column(),
    last: column(),
    count: column(),
    oddSeen: new Uint8Array(width),
    oddX: [],
    oddKinds: [],
  }
}

function pixelOf(bins: PixelBins, x: number): number {
  const pixel = Math.floor((x - bins.from) * bins.scale)
  return pixel < 0 ? 0 : pixel >= bins.count.length ? bins.count.length - 1 : pixel
}

/** Takes in the bucket that stands at position `at` of `buckets` and starts at `x`. */
export function addBucket(bins: PixelBins, buckets: Buckets, at: number, x: number): void {
  const pixel = pixelOf(bins, x)
  const odd = buckets[at + ODD] as number
  if (odd !== 0) addOdd(bins, pixel, x, odd)
  const finite = buckets[at + FINITE] as number
  if (finite === 0) return
  addRange(
    bins,
    pixel,
    x,
    buckets[at + FIRST] as number,
    buckets[at + MIN] as number,
    buckets[at + MAX] as number,
    buckets[at + LAST] as number,
    finite,
  )
}

/** Takes in one point. */
export function addValue(bins: PixelBins, x: number, value: number): void {
  const pixel = pixelOf(bins, x)
  if (value - value === 0) addRange(bins, pixel, x, value, value, value, value, 1)
  else addOdd(bins, pixel, x, oddKind(value))
}

function addRange(
  bins: PixelBins,
  pixel: number,
  x: number,
  first: number,
  min: number,
  max: number,
  last: number,
  finite: number,
): void {
  const empty = bins.count[pixel] === 0
  bins.count[pixel] = (bins.count[pixel] as number) + finite
  if (empty || x < (bins.lowX[pixel] as number)) {
    bins.lowX[pixel] = x
    bins.first[pixel] = first
  }
  if (empty || x >= (bins.highX[pixel] as number)) {
    bins.highX[pixel] = x
    bins.last[pixel] = last
  }
  if (empty || min < (bins.min[pixel] as number)) bins.min[pixel] = min
  if (empty || max > (bins.max[pixel] as number)) bins.max[pixel] = max
}

function addOdd(bins: PixelBins, pixel: number, x: number, odd: number): void {
  const fresh = odd & ~(bins.oddSeen[pixel] as number)
  if (fresh === 0) return
  bins.oddSeen[pixel] = (bins.oddSeen[pixel] as number) | fresh
  for (const kind of [ODD_NAN, ODD_PLUS, ODD_MINUS]) {
    if ((fresh & kind) === 0) continue
    bins.oddX.push(x)
    bins.oddKinds.push(oddNumber(kind))
  }
}

/** The number that stands for a kind of odd value outside of the store: 0 NaN, 1 +infinity, -1 -infinity. */
export function oddNumber(kind: number): number {
  return kind === ODD_NAN ? 0 : kind === ODD_PLUS ? 1 : -1
}

/** The bins that have something in them, from left to right. */
export function readBins(bins: PixelBins): LevelColumns {
  const { count } = bins
  const filled = Uint32Array.from({ length: count.length }, (_, pixel) => pixel).filter((pixel) => count[pixel] !== 0)
  const pick = (column: Float64Array): Float64Array => {
    const picked = new Float64Array(filled.length)
    for (let i = 0; i < filled.length; i++) picked[i] = column[filled[i] as number] as number
    return picked
  }
  return {
    x: pick(bins.lowX),
    first: pick(bins.first),
    min: pick(bins.min),
    max: pick(bins.max),
    last: pick(bins.last),
    count: pick(count),
    ...sortedOdd(bins.oddX, bins.oddKinds),
    exact: false,
  }
}

/** Marks of odd values from left to right. */
export function sortedOdd(
  xs: readonly number[],
  kinds: readonly number[],
): { readonly oddX: Float64Array; readonly oddKind: Float64Array } {
  const order = xs.map((_, index) => index).sort((i, j) => (xs[i] as number) - (xs[j] as number))
  return {
    oddX: Float64Array.from(order, (index) => xs[index] as number),
    oddKind: Float64Array.from(order, (index) => kinds[index] as number),
  }
}
