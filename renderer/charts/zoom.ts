import type { Extent } from './extent.ts'

/** No deeper than a millionth of the whole: beyond, digits of x run out. */
const DEEPEST = 1e-6

/** A window held inside the whole, and no narrower than can be told apart. */
export const clampDomain = (domain: Extent, whole: Extent): Extent => {
  const width = whole[1] - whole[0]
  const span = Math.min(width, Math.max(domain[1] - domain[0], width * DEEPEST))
  const start = Math.min(Math.max(domain[0], whole[0]), whole[1] - span)
  return [start, start + span]
}

/** Zooms by a factor (above 1 shows less) so that `at` stays where it is. The whole gives null: no zoom. */
export const zoomAround = (domain: Extent, whole: Extent, at: number, factor: number): Extent | null => {
  const next = clampDomain([at - (at - domain[0]) / factor, at + (domain[1] - at) / factor], whole)
  return next[1] - next[0] >= (whole[1] - whole[0]) * (1 - 1e-9) ? null : next
}

/** Moves the window by a share of its width. */
export const panBy = (domain: Extent, whole: Extent, share: number): Extent => {
  const by = (domain[1] - domain[0]) * share
  return clampDomain([domain[0] + by, domain[1] + by], whole)
}

/** The window of a drag from one x to another; null when it is too short to be meant. */
export const dragDomain = (from: number, to: number, whole: Extent, pixels: number): Extent | null =>
  pixels < 4 ? null : clampDomain([Math.min(from, to), Math.max(from, to)], whole)
