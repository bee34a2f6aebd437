import { useEffect, useEffectEvent, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { useContextMenu } from '../overlays/context-menu.tsx'
import type { MenuEntry } from '../overlays/menu-items.tsx'
import { fitColumns } from './fit-columns.ts'
import { GRID_INSET, gridGeometry } from './grid-geometry.ts'
import { GridHeader } from './grid-header.tsx'
import { cellId, GridRow } from './grid-row.tsx'
import { headerMenu } from './header-menu.ts'
import {
  rowHeights,
  type ActiveCell,
  type ColumnSort,
  type Density,
  type GridColumn,
  type GridRows,
  type RowView,
  type SelectionChange,
} from './model.ts'
import { nextSort } from './sorting.ts'
import { useGridKeyboard } from './use-grid-keyboard.ts'
import { isRolling, useRolling } from './use-rolling.ts'
import { useScrollBox, type ScrollBox } from './use-scroll-box.ts'
import { createTitles, fittedWidth, placeOf } from './grid-elements.ts'
import s from './data-grid.module.css'

export interface DataGridProps<Data> {
  /** What the table is of; heard. */
  readonly label: string
  readonly rows: GridRows<Data>
  /** In the order in which they are drawn, pinned ones first (`useGridColumns` gives them so). */
  readonly columns: readonly GridColumn<Data>[]
  /** Columns that have a `minimum` give way in a narrow window, and the last one takes what is left over in a wide one. */
  readonly fit?: boolean | undefined
  /** Under the header, on `sunken`: the baseline. */
  readonly pinnedRows?: readonly RowView<Data>[] | undefined
  readonly density?: Density | undefined
  /** The column with the twisty. It makes a tree of the table. */
  readonly treeColumn?: string | undefined
  readonly sort?: readonly ColumnSort[] | undefined
  readonly onSort?: ((sort: readonly ColumnSort[]) => void) | undefined
  readonly selected?: ReadonlySet<string> | undefined
  readonly onSelect?: ((change: SelectionChange) => void) | undefined
  /** A row that is emphasised from elsewhere, e.g. by hovering its line in a chart. */
  readonly lit?: string | undefined
  readonly onHover?: ((row: RowView<Data> | undefined) => void) | undefined
  /** The row that the keyboard or a click is on: what an inspector shows. */
  readonly onActive?: ((row: RowView<Data> | undefined) => void) | undefined
  /** Enter or double click. */
  readonly onOpen?: ((row: RowView<Data>) => void) | undefined
  readonly onSpace?: ((row: RowView<Data>) => void) | undefined
  /** Opens or closes a group: the twisty, and the arrows on its column. */
  readonly onToggle?: ((row: RowView<Data>) => void) | undefined
  /** The verbs of a row: right click, the Menu key, Shift+F10. */
  readonly rowMenu?: ((row: RowView<Data>) => readonly MenuEntry[]) | undefined
  /** Further verbs of a column, e.g. which aggregate it shows. */
  readonly columnMenu?: ((column: GridColumn<Data>) => readonly MenuEntry[]) | undefined
  readonly onResize?: ((id: string, width: number) => void) | undefined
  readonly onMove?: ((id: string, to: number) => void) | undefined
  readonly onPin?: ((id: string, pinned: boolean) => void) | undefined
  readonly onHide?: ((id: string) => void) | undefined
  /** What the rows were asked by: when it changes, they are others, and are seen from the first. */
  readonly asked?: string | undefined
  /** Stands under the header while there is no row: NoMatch, EmptyState. */
  readonly empty?: ReactNode
}

const noRows: readonly never[] = []

/** Puts an entry before the rule that sets the dangerous ones apart, or at the end. */
const beforeLast = (entries: readonly MenuEntry[], entry: MenuEntry): readonly MenuEntry[] => {
  const rule = entries.findLastIndex((one) => one.kind === 'rule')
  return rule === -1 ? [...entries, entry] : entries.toSpliced(rule, 0, entry)
}

/**
 * A table of any length and width: only what is seen is drawn, in rows that are filled again as it scrolls. Heights
 * are fixed, so up to about a million rows fit into what a browser can scroll.
 */
export function DataGrid<Data>(props: DataGridProps<Data>) {
  const { label, rows, density = 'normal', treeColumn, selected, onSelect } = props
  const pinnedRows = props.pinnedRows ?? noRows
  const sort = props.sort ?? noRows
  const id = useId()
  const grid = useRef<HTMLDivElement>(null)
  const menu = useContextMenu()
  const [active, setActive] = useState<ActiveCell | null>(null)
  const [keys, setKeys] = useState(false)
  const [setTitle] = useState(createTitles)
  const rowHeight = rowHeights[density]

  const coarse = useMemo(
    () => (box: ScrollBox) => ({
      ...box,
      top: Math.floor(box.top / rowHeight) * rowHeight,
      left: box.left > 0 ? Math.max(1, Math.floor(box.left / 48) * 48) : 0,
    }),
    [rowHeight],
  )
  const box = useScrollBox(grid, coarse)
  const columns = useMemo(
    () => (props.fit === true ? fitColumns(props.columns, box.width - 2 * GRID_INSET) : props.columns),
    [props.fit, props.columns, box.width],
  )
  const geometry = gridGeometry(columns, box, rowHeight, rows.count)
  const free = useMemo(
    () => columns.slice(geometry.free.start, geometry.free.end),
    [columns, geometry.free.start, geometry.free.end],
  )
  const fixed = useMemo(() => columns.slice(0, geometry.fixed.length), [columns, geometry.fixed.length])

  useEffect(() => rows.ensure(geometry.rows.start, geometry.rows.end), [rows, geometry.rows.start, geometry.rows.end])

  const { asked } = props
  useEffect(() => {
    if (grid.current !== null) grid.current.scrollTop = 0
  }, [asked])

  const firstLine = 1 + pinnedRows.length
  const rowAt = (line: number): RowView<Data> | undefined =>
    line < 1 ? undefined : line < firstLine ? pinnedRows[line - 1] : rows.row(line - firstLine)
  const hover = (target: EventTarget | null): void => {
    const place = target === null ? undefined : placeOf(target)
    props.onHover?.(place === undefined ? undefined : rowAt(place.line))
  }
  useRolling(grid, (node) => hover(node.querySelector('[data-column]:hover')))
  const activeView = active === null ? undefined : rowAt(active.line)
  const tellActive = useEffectEvent((view: RowView<Data> | undefined) => {
    props.onActive?.(view)
  })
  useEffect(() => tellActive(activeView), [activeView])

  const resizeTo = (column: string, width: number) => props.onResize?.(column, width)
  const fit = (column: string) => {
    const at = columns.findIndex((one) => one.id === column)
    const width = grid.current === null ? undefined : fittedWidth(grid.current, at)
    if (width !== undefined) resizeTo(column, width)
  }
  const sortBy = (column: string, add: boolean) => {
    const found = columns.find((one) => one.id === column)
    if (found?.sortable === true) props.onSort?.(nextSort(sort, found, add))
  }
  const openColumnMenu = (column: string, at: { readonly x: number; readonly y: number }) => {
    const index = columns.findIndex((one) => one.id === column)
    const found = columns[index]
    if (found === undefined) return
    const entries = headerMenu(
      columns,
      index,
      sort,
      { setSort: props.onSort, move: props.onMove, resize: props.onResize, fit, pin: props.onPin, hide: props.onHide },
      props.columnMenu?.(found) ?? [],
    )
    if (entries.length > 0) menu.open({ ...at, label: found.label ?? found.title, entries })
  }
  const openRowMenu = (row: RowView<Data>, at: { readonly x: number; readonly y: number }, place: ActiveCell) => {
    const own = props.rowMenu?.(row) ?? noRows
    const exact = columns[place.column]?.exact?.(row)
    if (own.length === 0) return
    const copy: MenuEntry = {
      kind: 'action',
      id: 'copy-value',
      label: 'Copy value',
      icon: 'copy',
      note: exact === undefined || exact.length > 24 ? undefined : exact,
      keys: 'Mod+C',
      onSelect: () => keyboard.copy(place),
    }
    menu.open({ ...at, label: 'Row', entries: beforeLast(own, copy) })
  }

  const keyboard = useGridKeyboard({
    id,
    grid,
    columns,
    rows,
    geometry,
    rowHeight,
    firstLine,
    treeColumn,
    active,
    setActive,
    rowAt,
    select: onSelect,
    onOpen: props.onOpen,
    onSpace: props.onSpace,
    onToggle: props.onToggle,
    onMove: props.onMove,
    resizeTo,
    sortBy,
    openColumnMenu,
    openRowMenu,
  })

  const drawnColumn = (column: number) =>
    column < fixed.length || (column >= geometry.free.start && column < geometry.free.end)
  const drawnLine = (line: number) =>
    line < firstLine || (line - firstLine >= geometry.rows.start && line - firstLine < geometry.rows.end)
  const described = active !== null && drawnLine(active.line) && drawnColumn(active.column) ? active : null

  const shared = {
    grid: id,
    fixed,
    free,
    firstFree: geometry.free.start,
    before: geometry.before,
    width: geometry.width,
    tree: treeColumn !== undefined,
  }
  const line = (view: RowView<Data> | undefined, at: number) => ({
    ...shared,
    view,
    line: at,
    selected: selected === undefined ? undefined : view !== undefined && selected.has(view.id),
    lit: view !== undefined && props.lit === view.id,
    active: active?.line === at ? active.column : undefined,
  })
  const drawn = geometry.rows.end - geometry.rows.start

  return (
    <>
      <div
        ref={grid}
        role={treeColumn === undefined ? 'grid' : 'treegrid'}
        aria-label={label}
        aria-rowcount={firstLine + rows.count}
        aria-colcount={columns.length}
        aria-multiselectable={selected === undefined ? undefined : true}
        aria-activedescendant={described === null ? undefined : cellId(id, described.line, described.column)}
        tabIndex={0}
        className={s.grid}
        data-keys={keys ? '' : undefined}
        data-scrolled={box.left > 0 ? '' : undefined}
        style={{ '--row': `${rowHeight}px` } as React.CSSProperties}
        onFocus={(event) => {
          if (event.target !== grid.current || !event.target.matches(':focus-visible')) return
          setKeys(true)
          if (active === null) setActive({ line: Math.min(1, firstLine + rows.count - 1), column: 0 })
        }}
        onKeyDown={(event) => {
          if (event.target !== grid.current) return
          setKeys(true)
          keyboard.press(event)
        }}
        onPointerDown={() => setKeys(false)}
        onClick={keyboard.click}
        onDoubleClick={(event) => {
          const place = placeOf(event.target)
          const row = place === undefined ? undefined : rowAt(place.line)
          if (row !== undefined) props.onOpen?.(row)
        }}
        onContextMenu={(event) => {
          const place = placeOf(event.target)
          const row = place === undefined ? undefined : rowAt(place.line)
          if (place === undefined || row === undefined || props.rowMenu === undefined) return
          event.preventDefault()
          setActive(place)
          openRowMenu(row, { x: event.clientX, y: event.clientY }, place)
        }}
        onPointerOver={(event) => {
          // Rows that pass under a pointer at rest are not pointed at: each would have its line drawn in every chart.
          if (!isRolling(event.currentTarget)) hover(event.target)
        }}
        onPointerMove={(event) =>
          setTitle(event.target, (place) => {
            const row = rowAt(place.line)
            return row === undefined ? undefined : columns[place.column]?.exact?.(row)
          })
        }
        onPointerLeave={() => props.onHover?.(undefined)}
      >
        <div role="presentation" className={s.sheet} style={{ width: geometry.width }}>
          <div role="rowgroup" className={s.top}>
            <GridHeader
              {...shared}
              columns={columns}
              fixedCount={fixed.length}
              freeStart={geometry.free.start}
              freeEnd={geometry.free.end}
              sort={sort}
              active={active?.line === 0 ? active.column : undefined}
              onSort={sortBy}
              onResize={props.onResize}
              onFit={fit}
              onMove={props.onMove}
              onMenu={openColumnMenu}
            />
            {pinnedRows.map((view, at) => (
              <GridRow
                key={view.id}
                {...line(view, 1 + at)}
                top={undefined}
                pinned={at === pinnedRows.length - 1 ? 'last' : 'more'}
              />
            ))}
          </div>
          <div role="rowgroup" className={s.body} style={{ height: rows.count * rowHeight }}>
            {Array.from({ length: drawn }, (_, at) => {
              const index = geometry.rows.start + at
              return (
                // The slot, not the row, is the key: an element that leaves at the top is filled again at the bottom.
                <GridRow key={index % drawn} {...line(rows.row(index), firstLine + index)} top={index * rowHeight} />
              )
            })}
          </div>
          {rows.count === 0 && props.empty !== undefined ? (
            // As a row: nothing else may stand in a grid.
            <div role="rowgroup" className={s.empty} style={{ width: box.width }}>
              <div role="row">
                <div role="gridcell" aria-colspan={columns.length}>
                  {props.empty}
                </div>
              </div>
            </div>
          ) : null}
        </div>
      </div>
      {menu.element}
    </>
  )
}
