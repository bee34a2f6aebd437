import { memo } from 'react'
import { cx } from '../cx.ts'
import type { GridColumn, RowView } from './model.ts'
import s from './data-grid.module.css'

export interface GridRowProps<Data> {
  readonly grid: string
  readonly view: RowView<Data> | undefined
  /** Its line: 1 for the first pinned row. */
  readonly line: number
  /** px below the body's top edge; undefined for pinned rows, which flow. */
  readonly top: number | undefined
  readonly pinned?: 'last' | 'more' | undefined
  readonly fixed: readonly GridColumn<Data>[]
  readonly free: readonly GridColumn<Data>[]
  /** Index of the first free column among all columns. */
  readonly firstFree: number
  /** px of the free columns left of the first drawn one. */
  readonly before: number
  readonly width: number
  readonly selected: boolean | undefined
  readonly lit: boolean
  readonly tree: boolean
  /** The active column, when the keyboard is in this row. */
  readonly active: number | undefined
}

/** The id of the cell that the keyboard is on, for `aria-activedescendant`. */
export const cellId = (grid: string, line: number, column: number): string => `${grid}-${line}-${column}`

function Row<Data>(props: GridRowProps<Data>) {
  const { grid, view, line, top, pinned, fixed, free, firstFree, before, width, selected, tree, active } = props
  const cell = (column: GridColumn<Data>, at: number) => (
    // Cells take no focus of their own: the grid has it, and names the active one.
    <div
      key={column.id}
      role="gridcell"
      aria-colindex={at + 1}
      id={active === at ? cellId(grid, line, at) : undefined}
      className={cx(s.cell, active === at && s.active)}
      data-column={at}
      data-align={column.align}
      data-inset={column.inset}
      style={{ width: column.width }}
    >
      {view === undefined ? <i className={s.bone} /> : column.render(view)}
    </div>
  )
  const depth = view?.depth ?? 0
  return (
    <div
      role="row"
      aria-rowindex={line + 1}
      aria-selected={selected}
      aria-level={tree ? depth + 1 : undefined}
      aria-expanded={tree ? view?.expanded : undefined}
      aria-busy={view === undefined ? true : undefined}
      className={cx(s.line, s.row)}
      data-line={line}
      data-id={view?.id}
      data-depth={depth > 0 ? depth : undefined}
      data-pinned={pinned}
      data-selected={selected === true ? '' : undefined}
      data-lit={props.lit ? '' : undefined}
      data-dim={view?.dim === true ? '' : undefined}
      style={top === undefined ? { width } : { width, top }}
    >
      <div role="presentation" className={s.fixed}>
        {fixed.map((column, at) => cell(column, at))}
      </div>
      <div role="presentation" className={s.gap} style={{ width: before }} />
      {free.map((column, at) => cell(column, firstFree + at))}
    </div>
  )
}

/** One line of the grid. It is drawn again only when something that it shows has changed. */
export const GridRow = memo(Row) as typeof Row
