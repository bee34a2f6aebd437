import { useRemembered } from '../view-storage.tsx'
import {
  emptyLayout,
  hideColumn,
  layOut,
  moveColumn,
  pinColumn,
  readLayout,
  resizeColumn,
  type ColumnLayout,
} from './column-layout.ts'
import type { GridColumn } from './model.ts'

/** Columns as drawn, and what the grid needs to change them; spread into DataGrid. */
export interface GridColumns<Data> {
  readonly columns: readonly GridColumn<Data>[]
  readonly onResize: (id: string, width: number) => void
  readonly onMove: (id: string, to: number) => void
  readonly onPin: (id: string, pinned: boolean) => void
  readonly onHide: (id: string) => void
}

/**
 * Order, widths, pins and hidden columns of a table, remembered under a key.
 * @returns `grid` for the DataGrid, and the layout with its setter for a column chooser
 */
export function useGridColumns<Data>(
  columns: readonly GridColumn<Data>[],
  remember: string | undefined,
  initial: ColumnLayout = emptyLayout,
): {
  readonly grid: GridColumns<Data>
  readonly layout: ColumnLayout
  readonly setLayout: (next: ColumnLayout) => void
} {
  const [layout, setLayout] = useRemembered(remember, initial, readLayout)
  const drawn = layOut(columns, layout)
  return {
    grid: {
      columns: drawn,
      onResize: (id, width) =>
        setLayout(resizeColumn(layout, id, width, columns.find((column) => column.id === id)?.minimum)),
      onMove: (id, to) => setLayout(moveColumn(layout, drawn, id, to)),
      onPin: (id, pinned) => setLayout(pinColumn(layout, id, pinned)),
      onHide: (id) => setLayout(hideColumn(layout, id, true)),
    },
    layout,
    setLayout,
  }
}
