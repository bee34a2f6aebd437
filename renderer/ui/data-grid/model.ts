import type { ReactNode } from 'react'

/**
 * A row as the grid sees it. `data` is the screen's own; the grid never looks into it. The same row must be the same
 * object until it changes: that is what keeps scrolling cheap.
 */
export interface RowView<Data> {
  readonly id: string
  readonly data: Data
  /** 0 for the outermost. */
  readonly depth?: number | undefined
  /** Set on rows that can be opened. */
  readonly expanded?: boolean | undefined
  /** Hidden runs: text-2 throughout. */
  readonly dim?: boolean | undefined
}

/** Rows by index. Pages that are not here yet give undefined, which is drawn as a placeholder of the same height. */
export interface GridRows<Data> {
  readonly count: number
  readonly row: (index: number) => RowView<Data> | undefined
  /** Asked whenever other rows come into view: fetch `from` up to but without `to`. May be called often; be idempotent. */
  readonly ensure: (from: number, to: number) => void
}

/** Rows of an array, for short lists. Keep the result while the array is the same. */
export const rowsOf = <Data>(views: readonly RowView<Data>[]): GridRows<Data> => ({
  count: views.length,
  row: (index) => views[index],
  ensure: () => undefined,
})

export interface GridColumn<Data> {
  readonly id: string
  readonly title: string
  /** The second line of the header: the aggregate, "best", "param". */
  readonly subtitle?: string | undefined
  /** Heard where the title is no word, e.g. of the column of keys. */
  readonly label?: string | undefined
  /** px */
  readonly width: number
  readonly minimum?: number | undefined
  /** A person gave it this width. */
  readonly sized?: boolean | undefined
  /** Numbers end, texts start. */
  readonly align?: 'start' | 'end' | 'center' | undefined
  /** `bare` has no inset of its own: keys and trends. */
  readonly inset?: 'cell' | 'bare' | undefined
  readonly pinned?: boolean | undefined
  readonly sortable?: boolean | undefined
  /** What the first click sorts by: `desc` for metrics that should grow. */
  readonly firstSort?: 'asc' | 'desc' | undefined
  /** False for columns that keep their place, width or presence, such as the key. */
  readonly movable?: boolean | undefined
  readonly resizable?: boolean | undefined
  readonly hideable?: boolean | undefined
  readonly render: (row: RowView<Data>) => ReactNode
  /** The exact value: the cell's title, and what Mod+C copies. */
  readonly exact?: ((row: RowView<Data>) => string | undefined) | undefined
}

export interface ColumnSort {
  readonly column: string
  readonly direction: 'asc' | 'desc'
}

/** 24, 28 or 32 px a row. */
export type Density = 'compact' | 'normal' | 'cosy'
export const rowHeights: Readonly<Record<Density, number>> = { compact: 24, normal: 28, cosy: 32 }

/** Where the keyboard is. Line 0 is the header, then come the pinned rows, then the others. */
export interface ActiveCell {
  readonly line: number
  readonly column: number
}

/**
 * What a hand or a key did to the selection. Indexes are of rows, without header and pinned ones. `applySelection`
 * carries it out for rows that are loaded; a screen with pages may fetch the ids of a range instead.
 */
export type SelectionChange =
  | { readonly kind: 'toggle'; readonly id: string }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
