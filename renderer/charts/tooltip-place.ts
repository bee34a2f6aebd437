export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** px between the crosshair and the tooltip. */
const AWAY = 14

/**
 * Where a tooltip hides least: of the places beside the crosshair (right or left of it, at the top, the bottom or
 * between) the one that the fewest points of lines lie under. Among equals, the first: right, top. It may reach over
 * the gutters, but not out of `frame`.
 * @param points x and y in turn, in px
 */
export const placeTooltip = (
  size: { readonly width: number; readonly height: number },
  frame: Box,
  crosshair: number,
  points: Float32Array,
): { readonly left: number; readonly top: number } => {
  const lefts = [crosshair + AWAY, crosshair - AWAY - size.width].filter(
    (left) => left >= frame.left && left + size.width <= frame.left + frame.width,
  )
  const clamped = Math.max(frame.left, Math.min(crosshair + AWAY, frame.left + frame.width - size.width))
  const bottom = Math.max(frame.top, frame.top + frame.height - size.height)
  let best = { left: lefts[0] ?? clamped, top: frame.top, under: Number.POSITIVE_INFINITY }
  for (const share of [0, 1, 0.25, 0.5, 0.75]) {
    const top = Math.round(frame.top + (bottom - frame.top) * share)
    for (const left of lefts.length === 0 ? [clamped] : lefts) {
      let under = 0
      for (let at = 0; at + 1 < points.length; at += 2) {
        const x = points[at] ?? 0
        const y = points[at + 1] ?? 0
        if (x >= left - 4 && x <= left + size.width + 4 && y >= top - 4 && y <= top + size.height + 4) under++
      }
      if (under < best.under) best = { left, top, under }
    }
  }
  return { left: best.left, top: best.top }
}
