import { columnEdges, columnWindow, rowWindow, type Range } from './grid-window.ts'
import type { GridColumn } from './model.ts'
import type { ScrollBox } from './use-scroll-box.ts'

/** px left of the first column, so that titles stand at the pane's inset. */
export const GRID_INSET = 8

export interface GridGeometry<Data> {
  readonly fixed: readonly GridColumn<Data>[]
  readonly free: Range
  /** Left edges of the free columns, from the right edge of the fixed ones. */
  readonly freeEdges: readonly number[]
  readonly fixedWidth: number
  /** px of free columns left of the drawn ones. */
  readonly before: number
  readonly width: number
  readonly rows: Range
}

/** What of the table is drawn, and where, for a place that it is scrolled to. */
export const gridGeometry = <Data>(
  columns: readonly GridColumn<Data>[],
  box: ScrollBox,
  rowHeight: number,
  count: number,
): GridGeometry<Data> => {
  const pinned = columns.filter((column) => column.pinned === true)
  const freeEdges = columnEdges(columns.slice(pinned.length).map((column) => column.width))
  const fixedWidth = GRID_INSET + pinned.reduce((sum, column) => sum + column.width, 0)
  const window = columnWindow(freeEdges, box.left, box.width - fixedWidth)
  return {
    fixed: pinned,
    free: { start: pinned.length + window.start, end: pinned.length + window.end },
    freeEdges,
    fixedWidth,
    before: freeEdges[window.start] ?? 0,
    width: fixedWidth + (freeEdges.at(-1) ?? 0) + GRID_INSET,
    rows: rowWindow(box.top, box.height, rowHeight, count),
  }
}

/** px between which a column lies when nothing is scrolled; undefined for pinned ones, which are always seen. */
export const columnSpan = <Data>(
  geometry: GridGeometry<Data>,
  column: number,
): readonly [number, number] | undefined => {
  const at = column - geometry.fixed.length
  const from = geometry.freeEdges[at]
  const to = geometry.freeEdges[at + 1]
  return at < 0 || from === undefined || to === undefined ? undefined : [from, to]
}
