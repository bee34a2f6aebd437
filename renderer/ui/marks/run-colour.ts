/**
 * A run's colour and dash from its number in the project, which it keeps for life: the ten colours of Petroff (2021),
 * then the same ten with the next of nine strokes. Canvas and SVG both take the dash as lengths in px.
 */
export interface RunStyle {
  /** 1 to 10: the token is `--run-<hue>`. */
  readonly hue: number
  /** 0 is solid. */
  readonly stroke: number
  readonly colour: string
  readonly dash: readonly number[]
}

export const strokes: readonly (readonly number[])[] = [
  [],
  [6, 3],
  [2, 2.5],
  [8, 3, 2, 3],
  [10, 4],
  [1, 3],
  [8, 3, 2, 3, 2, 3],
  [4, 4],
  [12, 3, 4, 3],
]

/** Style of run `number` (1, 2, 3 ...). Past ninety the cycle starts again. */
export const runStyle = (number: number): RunStyle => {
  const index = Math.max(0, Math.trunc(number) - 1)
  const hue = (index % 10) + 1
  const stroke = Math.floor(index / 10) % strokes.length
  return { hue, stroke, colour: `var(--run-${hue})`, dash: strokes[stroke] ?? [] }
}
