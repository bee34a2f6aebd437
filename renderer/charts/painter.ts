/** Points as x0, y0, x1, y1 ...; NaN lifts the pen. `count` points of it are used. */
export interface Polyline {
  readonly points: Float32Array
  readonly count: number
}

export interface Stroke {
  readonly colour: string
  readonly width: number
  readonly dash?: readonly number[] | undefined
  readonly alpha?: number | undefined
  /** Rounded ends. */
  readonly round?: boolean | undefined
  /** The line has more points than pixels: it is drawn as cheaply as it can be without losing ink that is seen. */
  readonly dense?: boolean | undefined
}

export interface TextStyle {
  readonly colour: string
  readonly size: number
  readonly weight: 400 | 500 | 600
  readonly anchor: 'start' | 'middle' | 'end'
  /** A ground around the letters, where they may stand on lines. */
  readonly halo?: string | undefined
}

/**
 * What a chart draws with. Two kinds exist: a canvas, for the screen and PNG, and SVG text, for files; so an export is
 * what was seen. Colours are CSS colours that need no page around them.
 */
export interface Painter {
  readonly line: (line: Polyline, stroke: Stroke) => void
  /** The area between two lines of the same x; a pair with NaN parts it. */
  readonly area: (upper: Polyline, lower: Polyline, colour: string, alpha: number) => void
  readonly rect: (x: number, y: number, width: number, height: number, colour: string, radius?: number) => void
  readonly circle: (x: number, y: number, radius: number, colour: string, alpha?: number, edge?: string) => void
  readonly diamond: (x: number, y: number, radius: number, colour: string, edge: string) => void
  readonly text: (x: number, y: number, text: string, style: TextStyle) => void
  readonly clip: (x: number, y: number, width: number, height: number, inside: () => void) => void
  /** Width of a text in px. */
  readonly measure: (text: string, style: TextStyle) => number
}

/** A polyline of a few points, for axes and marks. */
export const polyline = (...points: readonly number[]): Polyline => ({
  points: Float32Array.from(points),
  count: points.length / 2,
})

/** Runs of an area's points without NaN: pairs of first index and the index behind the last. */
export const areaRuns = (upper: Polyline, lower: Polyline): readonly (readonly [number, number])[] => {
  const runs: [number, number][] = []
  let start = -1
  for (let at = 0; at <= upper.count; at++) {
    const whole = at < upper.count && !Number.isNaN(upper.points[2 * at + 1]) && !Number.isNaN(lower.points[2 * at + 1])
    if (whole && start === -1) start = at
    if (!whole && start !== -1) {
      runs.push([start, at])
      start = -1
    }
  }
  return runs
}
