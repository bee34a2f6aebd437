import { useState, type PointerEvent } from 'react'
import { cx } from '../cx.ts'
import { Icon } from '../icons/icon.tsx'
import { cellId } from './grid-row.tsx'
import { columnEdges, dropIndex } from './grid-window.ts'
import type { ColumnSort, GridColumn } from './model.ts'
import s from './data-grid.module.css'

export interface HeaderActions {
  readonly onSort: (id: string, add: boolean) => void
  readonly onResize?: ((id: string, width: number) => void) | undefined
  readonly onFit: (id: string) => void
  readonly onMove?: ((id: string, to: number) => void) | undefined
  readonly onMenu: (id: string, at: { readonly x: number; readonly y: number }) => void
}

export interface GridHeaderProps<Data> extends HeaderActions {
  readonly grid: string
  readonly columns: readonly GridColumn<Data>[]
  readonly fixedCount: number
  readonly freeStart: number
  readonly freeEnd: number
  readonly before: number
  readonly width: number
  readonly sort: readonly ColumnSort[]
  readonly active: number | undefined
}

interface Drag {
  readonly kind: 'press' | 'move' | 'resize'
  readonly id: string
  readonly x: number
  readonly width: number
  readonly to: number
}

/** px of movement that turn a press into a drag. */
const DRAG = 5

/** The header: click sorts, Shift+click adds a key, dragging moves the column, its right edge resizes it. */
export function GridHeader<Data>(props: GridHeaderProps<Data>) {
  const { grid, columns, fixedCount, freeStart, freeEnd, before, width, sort, active } = props
  const [drag, setDrag] = useState<Drag | null>(null)
  const two = columns.some((column) => column.subtitle !== undefined)
  const edges = columnEdges(columns.map((column) => column.width)).map((edge) => edge + 8)

  const press = (event: PointerEvent, column: GridColumn<Data>) => {
    if (event.button !== 0) return
    const resize = event.target instanceof Element && event.target.closest('[data-grip]') !== null
    event.currentTarget.setPointerCapture(event.pointerId)
    setDrag({ kind: resize ? 'resize' : 'press', id: column.id, x: event.clientX, width: column.width, to: -1 })
  }
  const move = (event: PointerEvent) => {
    if (drag === null) return
    if (drag.kind === 'resize') return props.onResize?.(drag.id, drag.width + event.clientX - drag.x)
    const movable = columns.find((column) => column.id === drag.id)?.movable !== false && props.onMove !== undefined
    if (!movable || (drag.kind === 'press' && Math.abs(event.clientX - drag.x) < DRAG)) return
    const line = event.currentTarget.closest('[role=row]')
    if (line === null) return
    setDrag({ ...drag, kind: 'move', to: dropIndex(edges, event.clientX - line.getBoundingClientRect().left) })
  }
  const release = (event: PointerEvent, column: GridColumn<Data>) => {
    if (drag === null) return
    if (drag.kind === 'move') props.onMove?.(drag.id, drag.to)
    if (drag.kind === 'press' && column.sortable === true) props.onSort(column.id, event.shiftKey)
    setDrag(null)
  }

  const cell = (column: GridColumn<Data>, at: number) => {
    const key = sort.findIndex((one) => one.column === column.id)
    const direction = sort[key]?.direction
    return (
      <div
        key={column.id}
        role="columnheader"
        aria-colindex={at + 1}
        aria-sort={direction === undefined ? undefined : direction === 'asc' ? 'ascending' : 'descending'}
        id={active === at ? cellId(grid, 0, at) : undefined}
        className={cx(s.headCell, active === at && s.active)}
        data-column={at}
        data-align={column.align}
        data-sortable={column.sortable === true ? '' : undefined}
        data-dragged={drag?.kind === 'move' && drag.id === column.id ? '' : undefined}
        style={{ width: column.width }}
        title={column.subtitle === undefined ? column.title : `${column.title}, ${column.subtitle}`}
        onPointerDown={(event) => press(event, column)}
        onPointerMove={move}
        onPointerUp={(event) => release(event, column)}
        onPointerCancel={() => setDrag(null)}
        onContextMenu={(event) => {
          event.preventDefault()
          event.stopPropagation()
          props.onMenu(column.id, { x: event.clientX, y: event.clientY })
        }}
      >
        <span className={s.words}>
          <span className={s.title}>
            <span>{column.title}</span>
            {column.label === undefined ? null : <span className="only-heard">{column.label}</span>}
            {direction === undefined ? null : (
              <>
                <Icon name={direction === 'asc' ? 'sortUp' : 'sortDown'} size={11} />
                {sort.length > 1 ? key + 1 : null}
              </>
            )}
          </span>
          {two ? <span className={s.subtitle}>{column.subtitle ?? '\u00a0'}</span> : null}
        </span>
        {column.resizable === false || props.onResize === undefined ? null : (
          <span className={s.grip} data-grip="" onDoubleClick={() => props.onFit(column.id)} />
        )}
      </div>
    )
  }

  return (
    <div
      role="row"
      aria-rowindex={1}
      className={cx(s.line, s.head)}
      data-line={0}
      data-two={two ? '' : undefined}
      style={{ width }}
    >
      <div role="presentation" className={s.fixed}>
        {columns.slice(0, fixedCount).map(cell)}
      </div>
      <div role="presentation" className={s.gap} style={{ width: before }} />
      {columns.slice(freeStart, freeEnd).map((column, at) => cell(column, freeStart + at))}
      {drag?.kind === 'move' ? <i className={s.drop} style={{ left: edges[drag.to] }} /> : null}
    </div>
  )
}
