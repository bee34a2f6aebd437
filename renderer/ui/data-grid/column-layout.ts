import type { GridColumn } from './model.ts'

/** What a person did to the columns of a table. Ids that no longer exist are kept: their columns may come back. */
export interface ColumnLayout {
  readonly order: readonly string[]
  readonly widths: Readonly<Record<string, number>>
  readonly pinned: Readonly<Record<string, boolean>>
  readonly hidden: Readonly<Record<string, boolean>>
}

export const emptyLayout: ColumnLayout = { order: [], widths: {}, pinned: {}, hidden: {} }

/** Widths stay between a column's minimum (48 px unless it says otherwise) and this. */
const WIDEST = 1200

/**
 * The columns as they are drawn: pinned first, then in the person's order; those that the order does not know stand
 * where they would by themselves, after the column that precedes them.
 */
export const layOut = <Data>(
  columns: readonly GridColumn<Data>[],
  layout: ColumnLayout,
): readonly GridColumn<Data>[] => {
  const rank = new Map(layout.order.map((id, at) => [id, at]))
  let last = -1
  const placed = columns.map((column, at) => {
    const own = rank.get(column.id)
    if (own !== undefined) last = own
    return { column, at, key: own ?? last + 0.5 }
  })
  const drawn = placed
    .toSorted((a, b) => a.key - b.key || a.at - b.at)
    .map(({ column }) => ({
      ...column,
      width: layout.widths[column.id] ?? column.width,
      ...(layout.widths[column.id] === undefined ? {} : { sized: true }),
      pinned: layout.pinned[column.id] ?? column.pinned ?? false,
    }))
    .filter((column) => layout.hidden[column.id] !== true)
  return [...drawn.filter((column) => column.pinned), ...drawn.filter((column) => !column.pinned)]
}

/** Layout after `id` was moved before what stands at `to` (0 to count) of the drawn columns. */
export const moveColumn = (
  layout: ColumnLayout,
  drawn: readonly { readonly id: string }[],
  id: string,
  to: number,
): ColumnLayout => {
  const ids = drawn.map((column) => column.id)
  const from = ids.indexOf(id)
  if (from === -1) return layout
  const rest = ids.filter((one) => one !== id)
  rest.splice(to > from ? to - 1 : to, 0, id)
  const known = new Set(ids)
  // Columns that are hidden or gone keep their rank behind the neighbour that they had.
  const order = [...rest]
  let before = -1
  for (const one of layout.order) {
    if (known.has(one)) before = order.indexOf(one)
    else order.splice(++before, 0, one)
  }
  return { ...layout, order }
}

export const resizeColumn = (layout: ColumnLayout, id: string, width: number, minimum = 48): ColumnLayout => ({
  ...layout,
  widths: { ...layout.widths, [id]: Math.round(Math.min(WIDEST, Math.max(minimum, width))) },
})

export const pinColumn = (layout: ColumnLayout, id: string, pinned: boolean): ColumnLayout => ({
  ...layout,
  pinned: { ...layout.pinned, [id]: pinned },
})

export const hideColumn = (layout: ColumnLayout, id: string, hidden: boolean): ColumnLayout => ({
  ...layout,
  hidden: { ...layout.hidden, [id]: hidden },
})

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const entriesOf = <Value>(value: unknown, accept: (one: unknown) => one is Value): Record<string, Value> =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, Value] => accept(entry[1])))
    : {}

/** Reads a layout that was stored; what is not one gives undefined, and damaged parts are left out. */
export const readLayout = (stored: unknown): ColumnLayout | undefined => {
  if (!isRecord(stored)) return undefined
  const isNumber = (one: unknown): one is number => typeof one === 'number' && Number.isFinite(one)
  const isBoolean = (one: unknown): one is boolean => typeof one === 'boolean'
  return {
    order: Array.isArray(stored['order'])
      ? stored['order'].filter((one): one is string => typeof one === 'string')
      : [],
    widths: entriesOf(stored['widths'], isNumber),
    pinned: entriesOf(stored['pinned'], isBoolean),
    hidden: entriesOf(stored['hidden'], isBoolean),
  }
}
