/** The bounds and the steps of a divider, in px. */
export interface SplitBounds {
  readonly minimum: number
  readonly maximum: number
}

export const clampSize = (size: number, bounds: SplitBounds): number =>
  Math.round(Math.min(Math.max(size, bounds.minimum), Math.max(bounds.minimum, bounds.maximum)))

/** How far the side must be pulled below its minimum until it folds. */
export const FOLD_PULL = 48

/**
 * What dragging makes of the side pane: its size, or null when it is folded. A pull well below the minimum folds it,
 * and pulling back out unfolds it.
 */
export const draggedSize = (wanted: number, bounds: SplitBounds, foldable: boolean): number | null =>
  foldable && wanted < bounds.minimum - FOLD_PULL ? null : clampSize(wanted, bounds)

/** What a key on the divider makes of it: arrows 16 px (with Shift 64), Home and End the bounds, Enter folds. */
export const keyedSize = (
  key: string,
  shift: boolean,
  size: number | null,
  bounds: SplitBounds,
  grow: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown',
  foldable: boolean,
): number | null | undefined => {
  const opposite = { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft', ArrowUp: 'ArrowDown', ArrowDown: 'ArrowUp' }[
    grow
  ]
  const step = shift ? 64 : 16
  const from = size ?? bounds.minimum - step
  if (key === grow) return clampSize(from + step, bounds)
  if (key === opposite)
    return size === null ? null : foldable && size <= bounds.minimum ? null : clampSize(size - step, bounds)
  if (key === 'Home') return bounds.minimum
  if (key === 'End') return Math.max(bounds.minimum, bounds.maximum)
  if (key === 'Enter' && foldable) return size === null ? bounds.minimum : null
  return undefined
}
