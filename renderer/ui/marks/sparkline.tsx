export interface SparklineProps {
  readonly values: ArrayLike<number>
  readonly width?: number
  readonly height?: number
  /** A CSS colour; text-2 by default, text-3 for hidden runs, `var(--run-n)` for drawn ones. */
  readonly colour?: string
  /** The shared scale of the column; its own extent when left out. */
  readonly low?: number | undefined
  readonly high?: number | undefined
  /** A grey area under the line, as in the system strip. */
  readonly area?: boolean
}

const round = (value: number): number => Math.round(value * 10) / 10

/**
 * The path of a trend: pen up at NaN and infinities, values beyond the scale are held at its edge.
 * @returns `line` and the last finite point, or undefined where there is none
 */
export const sparkPath = (
  values: ArrayLike<number>,
  size: { readonly width: number; readonly height: number },
  scale: { readonly low: number; readonly high: number },
): { readonly line: string; readonly end: readonly [number, number] | undefined } => {
  const span = scale.high - scale.low || 1
  const last = Math.max(1, values.length - 1)
  let line = ''
  let pen = false
  let end: [number, number] | undefined
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN
    if (!Number.isFinite(value)) {
      pen = false
      continue
    }
    const x = round(1.5 + (at / last) * (size.width - 5))
    const share = Math.min(1, Math.max(0, (value - scale.low) / span))
    const y = round(size.height - 2.5 - share * (size.height - 5))
    line += `${pen ? 'L' : 'M'}${x} ${y}`
    pen = true
    end = [x, y]
  }
  return { line, end }
}

/** Smallest and largest finite value; 0 and 1 when there is none. */
export const finiteExtent = (values: ArrayLike<number>): { readonly low: number; readonly high: number } => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return low <= high ? { low, high } : { low: 0, high: 1 }
}

/** A trend of 66 x 18 with a dot at its end. It repeats what the cells beside it say, so it is not read aloud. */
export function Sparkline({
  values,
  width = 66,
  height = 18,
  colour = 'var(--text-2)',
  low,
  high,
  area,
}: SparklineProps) {
  const own = low === undefined || high === undefined ? finiteExtent(values) : { low, high }
  const { line, end } = sparkPath(values, { width, height }, { low: low ?? own.low, high: high ?? own.high })
  if (end === undefined) return null
  return (
    // An area fills the width of its place, whatever that is; its line stays as thin as it was drawn.
    <svg
      width={area === true ? '100%' : width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio={area === true ? 'none' : undefined}
      fill="none"
      aria-hidden="true"
    >
      {area === true ? <path d={`${line}L${end[0]} ${height}L1.5 ${height}Z`} fill={colour} fillOpacity=".14" /> : null}
      <path d={line} stroke={colour} strokeWidth="1.25" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
      {area === true ? null : <circle cx={end[0]} cy={end[1]} r="1.75" fill={colour} />}
    </svg>
  )
}
