import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { cx } from '../cx.ts'
import { useRemembered } from '../view-storage.tsx'
import { clampSize, draggedSize, keyedSize } from './split.ts'
import s from './layout.module.css'

export interface SplitPaneProps {
  /** What the divider resizes; heard: "Resize inspector". */
  readonly label: string
  /** Where the resizable side lies. */
  readonly side: 'left' | 'right' | 'top' | 'bottom'
  /** The two panes: the side that has a size, and the main one that takes the rest. */
  readonly pane: ReactNode
  readonly children: ReactNode
  /** px */
  readonly initial: number
  readonly minimum: number
  readonly maximum?: number | undefined
  /** What the main pane must keep. */
  readonly mainMinimum?: number | undefined
  /** The key under which size and fold are remembered. */
  readonly remember?: string | undefined
  /** Controls the fold from outside, e.g. by a command. */
  readonly folded?: boolean | undefined
  readonly onFoldedChange?: ((folded: boolean) => void) | undefined
  readonly className?: string | undefined
}

interface Kept {
  readonly size: number
  readonly folded: boolean
}

const accept = (stored: unknown): Kept | undefined => {
  if (typeof stored !== 'object' || stored === null) return undefined
  const { size, folded } = stored as Record<string, unknown>
  return typeof size === 'number' && Number.isFinite(size) ? { size, folded: folded === true } : undefined
}

/**
 * Two panes with a divider: dragged, or moved by arrow keys (Shift for more, Home and End for the bounds, Enter or a
 * double click folds). Size and fold are remembered.
 */
export function SplitPane(props: SplitPaneProps) {
  const { label, side, pane, children, initial, minimum, maximum = 1200, mainMinimum = 240, className } = props
  const [kept, setKept] = useRemembered<Kept>(props.remember, { size: initial, folded: false }, accept)
  const [dragging, setDragging] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const row = side === 'left' || side === 'right'
  const foldable = props.folded === undefined || props.onFoldedChange !== undefined
  const folded = props.folded ?? kept.folded

  const bounds = () => {
    const box = root.current?.getBoundingClientRect()
    const whole = box === undefined ? Number.POSITIVE_INFINITY : row ? box.width : box.height
    return { minimum, maximum: Math.min(maximum, whole - mainMinimum) }
  }
  const take = (size: number | null) => {
    if (size === null) {
      if (props.folded === undefined) setKept({ ...kept, folded: true })
      props.onFoldedChange?.(true)
      return
    }
    setKept({ size, folded: props.folded === undefined ? false : kept.folded })
    if (folded) props.onFoldedChange?.(false)
  }
  const pulled = (event: PointerEvent) => {
    const box = root.current?.getBoundingClientRect()
    if (box === undefined) return
    const wanted = {
      left: event.clientX - box.left,
      right: box.right - event.clientX,
      top: event.clientY - box.top,
      bottom: box.bottom - event.clientY,
    }[side]
    take(draggedSize(wanted, bounds(), foldable))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const grow = ({ left: 'ArrowRight', right: 'ArrowLeft', top: 'ArrowDown', bottom: 'ArrowUp' } as const)[side]
    const next = keyedSize(event.key, event.shiftKey, folded ? null : kept.size, bounds(), grow, foldable)
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    take(next)
  }

  const divider = (
    // A separator that has a value and takes keys is a widget by the ARIA specification.
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={row ? 'vertical' : 'horizontal'}
      aria-valuenow={folded ? 0 : kept.size}
      aria-valuemin={foldable ? 0 : minimum}
      aria-valuemax={maximum}
      data-direction={row ? 'row' : 'column'}
      data-dragging={dragging ? '' : undefined}
      className={s.divider}
      onKeyDown={onKeyDown}
      onDoubleClick={() => (foldable ? take(folded ? clampSize(kept.size, bounds()) : null) : undefined)}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragging(true)
      }}
      onPointerMove={(event) => (dragging ? pulled(event) : undefined)}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
    />
  )
  // In a window smaller than the one that it was sized in, the main pane still keeps its room.
  const room = `calc(100% - ${mainMinimum}px)`
  const sidePane = (
    <div
      className={cx(s.pane, s.side)}
      hidden={folded}
      style={
        folded
          ? { display: 'none' }
          : row
            ? { width: kept.size, maxWidth: room }
            : { height: kept.size, maxHeight: room }
      }
    >
      {pane}
    </div>
  )
  const mainPane = <div className={cx(s.pane, s.main)}>{children}</div>
  const first = side === 'left' || side === 'top'
  return (
    <div ref={root} className={cx(s.split, className)} data-direction={row ? 'row' : 'column'}>
      {first ? sidePane : mainPane}
      {divider}
      {first ? mainPane : sidePane}
    </div>
  )
}
