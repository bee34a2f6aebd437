import type { ActiveCell } from './model.ts'

export interface KeyPress {
  readonly key: string
  readonly mod: boolean
  readonly alt: boolean
  readonly shift: boolean
}
export interface GridShape {
  /** Header, pinned rows and rows. */
  readonly lines: number
  readonly columns: number
  /** How many rows a page is. */
  readonly page: number
}

/** What a key means in a grid; undefined leaves it to the page. */
export type GridIntent =
  | { readonly kind: 'move'; readonly to: ActiveCell; readonly extend: boolean }
  | {
      readonly kind: 'expand' | 'collapse' | 'select' | 'selectAll' | 'selectNone' | 'open' | 'space' | 'copy' | 'menu'
    }
  | { readonly kind: 'sort'; readonly add: boolean }
  | { readonly kind: 'resize'; readonly by: number }
  | { readonly kind: 'reorder'; readonly by: -1 | 1 }

/** Whether the active row can be opened or closed, and whether the active column is the one with the twisty. */
export interface KeyContext {
  readonly onTree: boolean
  readonly expanded: boolean | undefined
}

const vi: Readonly<Record<string, string>> = { j: 'ArrowDown', k: 'ArrowUp' }

const clamp = (cell: ActiveCell, shape: GridShape): ActiveCell => ({
  line: Math.min(Math.max(0, cell.line), Math.max(0, shape.lines - 1)),
  column: Math.min(Math.max(0, cell.column), Math.max(0, shape.columns - 1)),
})

const headerIntent = (press: KeyPress): GridIntent | undefined => {
  const step = press.key === 'ArrowLeft' ? -1 : press.key === 'ArrowRight' ? 1 : undefined
  if (press.key === 'Enter' || press.key === ' ') return { kind: 'sort', add: press.shift }
  if (step === undefined) return undefined
  if (press.alt) return { kind: 'reorder', by: step }
  if (press.shift) return { kind: 'resize', by: step * 8 }
  return undefined
}

const rowIntent = (press: KeyPress, context: KeyContext): GridIntent | undefined => {
  if (press.mod) {
    if (press.key.toLowerCase() === 'c') return { kind: 'copy' }
    if (press.key.toLowerCase() === 'a') return { kind: 'selectAll' }
    return undefined
  }
  if (press.alt) return undefined
  if (press.key === 'Enter') return { kind: 'open' }
  if (press.key === ' ') return { kind: 'space' }
  if (press.key === 'x') return { kind: 'select' }
  if (press.key === 'Escape') return { kind: 'selectNone' }
  if (press.key === 'ArrowRight' && context.onTree && context.expanded === false) return { kind: 'expand' }
  if (press.key === 'ArrowLeft' && context.onTree && context.expanded === true) return { kind: 'collapse' }
  return undefined
}

const moved = (press: KeyPress, at: ActiveCell, shape: GridShape): ActiveCell | undefined => {
  switch (press.mod || press.alt ? press.key : (vi[press.key] ?? press.key)) {
    case 'ArrowDown':
      return { ...at, line: at.line + 1 }
    case 'ArrowUp':
      return { ...at, line: at.line - 1 }
    case 'ArrowRight':
      return { ...at, column: at.column + 1 }
    case 'ArrowLeft':
      return { ...at, column: at.column - 1 }
    case 'PageDown':
      return { ...at, line: at.line + shape.page }
    case 'PageUp':
      return { ...at, line: Math.max(1, at.line - shape.page) }
    case 'Home':
      return press.mod ? { line: 1, column: 0 } : { ...at, column: 0 }
    case 'End':
      return press.mod ? { line: shape.lines - 1, column: shape.columns - 1 } : { ...at, column: shape.columns - 1 }
    default:
      return undefined
  }
}

/**
 * The keys of the ARIA grid pattern, with j and k, x, Space and Enter. In the header: Enter sorts (with Shift as a
 * further key), Shift and arrows resize, Alt and arrows move the column, the Menu key or Shift+F10 opens its menu.
 */
export const gridIntent = (
  press: KeyPress,
  at: ActiveCell,
  shape: GridShape,
  context: KeyContext,
): GridIntent | undefined => {
  if (press.key === 'ContextMenu' || (press.shift && press.key === 'F10')) return { kind: 'menu' }
  const own = at.line === 0 ? headerIntent(press) : rowIntent(press, context)
  if (own !== undefined) return own
  if (press.alt) return undefined
  const to = moved(press, at, shape)
  if (to === undefined) return undefined
  const vertical = to.line !== at.line
  return { kind: 'move', to: clamp(to, shape), extend: press.shift && vertical && at.line > 0 }
}
