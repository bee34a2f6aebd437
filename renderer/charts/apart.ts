import type { Extent } from './extent.ts'
import type { LineSeries } from './model.ts'

/** A way without any point that is longer than this share of the whole x parts what lies on its two sides. */
const APART = 0.05
/** Points that share less than this share of the whole, about half a pixel, cannot be told apart. */
const UNREADABLE = 1 / 2_000
/** More parts than this are points far from each other, such as one a million steps, and no kinds of step. */
const MOST = 4

/** A range of x that holds points, with those on either side far away. */
export interface ApartRange {
  readonly from: number
  readonly to: number
  /** Whether a line has points in it that cannot be told apart while all of x is seen. */
  readonly unreadable: boolean
}

/**
 * The ranges of x that lie so far apart that a chart of all of them shows at least one as a single upright stroke: steps of
 * 1, 2, 3 beside steps that are nanoseconds. Empty for every chart that can be read as it is.
 */
export const apartRanges = (series: readonly LineSeries[]): readonly ApartRange[] => {
  const whole = extentOf(series)
  if (whole === undefined) return []
  const span = whole[1] - whole[0]
  const ranges: { from: number; to: number; unreadable: boolean }[] = []
  const piecesByStart = series
    .flatMap((one) => piecesOf(one, span * APART))
    .toSorted((a, b) => a.from - b.from || a.to - b.to)
  for (const { from, to, hidden } of piecesByStart) {
    let last = ranges.at(-1)
    if (last === undefined || from - last.to > span * APART) {
      last = { from, to, unreadable: false }
      ranges.push(last)
    }
    last.to = Math.max(last.to, to)
    if (hidden) last.unreadable = true
  }
  if (ranges.length < 2 || ranges.length > MOST) return []
  const found = ranges.map(({ from, to, unreadable }) => ({
    from,
    to,
    unreadable: (unreadable || to > from) && to - from < span * UNREADABLE,
  }))
  return found.some(({ unreadable }) => unreadable) ? found : []
}

/** The range that a window of x lies in, with a little room, or undefined when it reaches beyond each of them. */
export const rangeAround = (ranges: readonly ApartRange[], window: Extent): ApartRange | undefined =>
  ranges.find(({ from, to }) => {
    const [low, high] = windowOf({ from, to })
    return window[0] >= low && window[1] <= high
  })

/** The window of x that shows a range: one of a single x gets room on both sides. */
export const windowOf = ({ from, to }: Pick<ApartRange, 'from' | 'to'>): Extent =>
  to > from ? [from, to] : [from - Math.max(1, Math.abs(from) * 1e-12), to + Math.max(1, Math.abs(to) * 1e-12)]

const extentOf = (series: readonly LineSeries[]): Extent | undefined => {
  const ends = series.flatMap(({ columns: { x } }) => (x.length === 0 ? [] : [x[0] ?? 0, x.at(-1) ?? 0]))
  return ends.length === 0 ? undefined : [Math.min(...ends), Math.max(...ends)]
}

interface Piece {
  readonly from: number
  readonly to: number
  /** A bucket of several points that all lie at one place here: there is more in it than can be seen. */
  readonly hidden: boolean
}

/** A line's x where no way between neighbours is longer than `gap`. */
const piecesOf = ({ columns }: LineSeries, gap: number): readonly Piece[] => {
  const { x, min, max, exact } = columns
  const pieces: Piece[] = []
  let start = 0
  for (let at = 1; at <= x.length; at++) {
    const here = x[at]
    const before = x[at - 1] ?? 0
    if (here !== undefined && here - before <= gap) continue
    const hidden = !exact && at - start === 1 && (min[start] ?? 0) < (max[start] ?? 0)
    pieces.push({ from: x[start] ?? 0, to: before, hidden })
    // So many far points mean no kinds of step; who has thousands of lines need not wait for all of theirs.
    if (pieces.length > MOST) return pieces
    start = at
  }
  return pieces
}
