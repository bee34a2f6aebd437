/** A half-open range of indexes. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** Rows drawn beyond the edges, so that a quick scroll meets rows and not ground. */
const ROW_MARGIN = 3
/** px drawn beyond the left and right edges. */
const COLUMN_MARGIN = 64

/**
 * The rows to draw. Its length depends on the height alone, so a row's slot is its index modulo that length: the same
 * few elements are filled again and again.
 */
export const rowWindow = (scrollTop: number, viewHeight: number, rowHeight: number, count: number): Range => {
  const wanted = Math.ceil(Math.max(0, viewHeight) / rowHeight) + 1 + 2 * ROW_MARGIN
  const length = Math.min(count, wanted)
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight) - ROW_MARGIN
  const start = Math.min(Math.max(0, first), count - length)
  return { start, end: start + length }
}

/** Left edges of columns that stand side by side, and the right edge of the last one. */
export const columnEdges = (widths: readonly number[]): readonly number[] => {
  const edges = [0]
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width)
  return edges
}

/** The first index whose right edge lies beyond `x`; edges ascend, so halves do. */
const columnAt = (edges: readonly number[], x: number): number => {
  let low = 0
  let high = Math.max(0, edges.length - 2)
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle + 1] ?? 0) > x) high = middle
    else low = middle + 1
  }
  return low
}

/** The columns to draw between `left` and `left + width`, with a margin. */
export const columnWindow = (edges: readonly number[], left: number, width: number): Range => {
  const count = edges.length - 1
  if (count === 0) return { start: 0, end: 0 }
  return {
    start: columnAt(edges, left - COLUMN_MARGIN),
    end: Math.min(count, columnAt(edges, left + Math.max(0, width) + COLUMN_MARGIN) + 1),
  }
}

/** Where to scroll so that `from` to `to` is seen in a view of `size` px; where it is when it is seen already. */
export const scrollToShow = (scroll: number, size: number, from: number, to: number): number =>
  from < scroll ? from : to > scroll + size ? Math.min(from, to - size) : scroll

/** The place before which a dragged column would land, from the pointer's x in the row of columns: 0 to count. */
export const dropIndex = (edges: readonly number[], x: number): number => {
  for (let index = 0; index < edges.length - 1; index++) {
    if (x < ((edges[index] ?? 0) + (edges[index + 1] ?? 0)) / 2) return index
  }
  return edges.length - 1
}
