import { useRef, type KeyboardEvent, type MouseEvent, type RefObject } from 'react'
import { columnSpan, type GridGeometry } from './grid-geometry.ts'
import { cellId } from './grid-row.tsx'
import { gridIntent, type GridIntent } from './grid-keys.ts'
import { placeOf } from './grid-elements.ts'
import { scrollToShow } from './grid-window.ts'
import type { ActiveCell, GridColumn, GridRows, RowView, SelectionChange } from './model.ts'

interface KeyboardParts<Data> {
  readonly id: string
  readonly grid: RefObject<HTMLDivElement | null>
  readonly columns: readonly GridColumn<Data>[]
  readonly rows: GridRows<Data>
  readonly geometry: GridGeometry<Data>
  readonly rowHeight: number
  readonly firstLine: number
  readonly treeColumn: string | undefined
  readonly active: ActiveCell | null
  readonly setActive: (cell: ActiveCell | null) => void
  readonly rowAt: (line: number) => RowView<Data> | undefined
  readonly select: ((change: SelectionChange) => void) | undefined
  readonly onOpen: ((row: RowView<Data>) => void) | undefined
  readonly onSpace: ((row: RowView<Data>) => void) | undefined
  readonly onToggle: ((row: RowView<Data>) => void) | undefined
  readonly onMove: ((id: string, to: number) => void) | undefined
  readonly resizeTo: (id: string, width: number) => void
  readonly sortBy: (id: string, add: boolean) => void
  readonly openColumnMenu: (id: string, at: { readonly x: number; readonly y: number }) => void
  readonly openRowMenu: (row: RowView<Data>, at: { readonly x: number; readonly y: number }, place: ActiveCell) => void
}

/** What keys and clicks do to the active cell and the selection, and the scrolling that keeps the cell in sight. */
export function useGridKeyboard<Data>(parts: KeyboardParts<Data>) {
  const { grid, columns, rows, firstLine, active, rowAt, select } = parts
  /** Where a range began: the row of the last single choice. */
  const anchor = useRef<number | null>(null)

  const show = ({ line, column }: ActiveCell) => {
    const node = grid.current
    if (node === null) return
    if (line >= firstLine) {
      const top = (line - firstLine) * parts.rowHeight
      // The header and the pinned rows stay above the rows: the view begins under them.
      const above = (node.querySelector<HTMLElement>('[role=rowgroup]')?.offsetHeight ?? 0) + 1
      node.scrollTop = scrollToShow(node.scrollTop, node.clientHeight - above, top, top + parts.rowHeight)
    }
    const span = columnSpan(parts.geometry, column)
    if (span === undefined) return
    node.scrollLeft = scrollToShow(node.scrollLeft, node.clientWidth - parts.geometry.fixedWidth, span[0], span[1])
  }
  const goTo = (to: ActiveCell) => {
    parts.setActive(to)
    show(to)
  }
  const range = (from: number, to: number) => select?.({ kind: 'range', from: from - firstLine, to: to - firstLine })
  const toggle = (line: number) => {
    const row = rowAt(line)
    if (row === undefined || line < firstLine) return
    anchor.current = line
    select?.({ kind: 'toggle', id: row.id })
  }
  const cellPoint = (cell: ActiveCell) => {
    const box = document.getElementById(cellId(parts.id, cell.line, cell.column))?.getBoundingClientRect()
    return { x: (box?.left ?? 0) + 12, y: box?.bottom ?? 0 }
  }

  const copy = (at: ActiveCell): boolean => {
    const row = rowAt(at.line)
    const column = columns[at.column]
    if (row === undefined || column === undefined) return false
    const shown = document.getElementById(cellId(parts.id, at.line, at.column))?.textContent ?? ''
    void navigator.clipboard.writeText(column.exact?.(row) ?? shown)
    return true
  }

  const carryOut = (intent: GridIntent, at: ActiveCell): boolean => {
    const column = columns[at.column]
    const row = rowAt(at.line)
    switch (intent.kind) {
      case 'move':
        if (intent.extend && select !== undefined) {
          anchor.current ??= at.line
          range(anchor.current, Math.max(firstLine, intent.to.line))
        }
        goTo(intent.to)
        return true
      case 'expand':
      case 'collapse':
        if (row === undefined) return false
        parts.onToggle?.(row)
        return true
      case 'select':
        if (select === undefined) return false
        toggle(at.line)
        return true
      case 'selectAll':
      case 'selectNone':
        if (select === undefined) return false
        select({ kind: intent.kind === 'selectAll' ? 'all' : 'none' })
        // Escape also closes what lies around the grid; only Mod+A is the grid's alone.
        return intent.kind === 'selectAll'
      case 'open':
        if (row === undefined || parts.onOpen === undefined) return false
        parts.onOpen(row)
        return true
      case 'space':
        if (row !== undefined) (parts.onSpace ?? (() => undefined))(row)
        return true
      case 'copy':
        return String(document.getSelection()) === '' && copy(at)
      case 'menu':
        if (at.line === 0 && column !== undefined) parts.openColumnMenu(column.id, cellPoint(at))
        else if (row !== undefined) parts.openRowMenu(row, cellPoint(at), at)
        return true
      case 'sort':
        if (column === undefined) return false
        parts.sortBy(column.id, intent.add)
        return true
      case 'resize':
        if (column === undefined || column.resizable === false) return false
        parts.resizeTo(column.id, column.width + intent.by)
        return true
      case 'reorder':
        if (column === undefined || column.movable === false || parts.onMove === undefined) return false
        parts.onMove(column.id, intent.by < 0 ? at.column - 1 : at.column + 2)
        goTo({ ...at, column: Math.min(columns.length - 1, Math.max(0, at.column + intent.by)) })
        return true
    }
  }

  return {
    /** Copies a cell's exact value, or what it shows where it has none. */
    copy,
    press: (event: KeyboardEvent) => {
      const at = active ?? { line: 0, column: 0 }
      const row = rowAt(at.line)
      const height = grid.current?.clientHeight ?? 0
      const intent = gridIntent(
        { key: event.key, mod: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey },
        at,
        {
          lines: firstLine + rows.count,
          columns: columns.length,
          page: Math.max(1, Math.floor(height / parts.rowHeight) - 3),
        },
        { onTree: columns[at.column]?.id === parts.treeColumn, expanded: row?.expanded },
      )
      if (intent === undefined || !carryOut(intent, at)) return
      event.preventDefault()
      event.stopPropagation()
    },
    click: (event: MouseEvent) => {
      const place = placeOf(event.target)
      if (place === undefined || place.line === 0) return
      // A button in a cell does its own work; the row is still the one that is looked at.
      const onControl = event.target instanceof Element && event.target.closest('button, a, input') !== null
      if (!onControl && select !== undefined && place.line >= firstLine) {
        if (event.shiftKey) range(anchor.current ?? active?.line ?? place.line, place.line)
        else if (event.ctrlKey || event.metaKey) toggle(place.line)
        else anchor.current = place.line
      }
      parts.setActive(place)
    },
  }
}
