import type { ActiveCell } from './model.ts'

/** The line and column that an element inside the grid belongs to. */
export const placeOf = (target: EventTarget): ActiveCell | undefined => {
  if (!(target instanceof Element)) return undefined
  const line = target.closest<HTMLElement>('[data-line]')?.dataset['line']
  const column = target.closest<HTMLElement>('[data-column]')?.dataset['column']
  return line === undefined ? undefined : { line: Number(line), column: Number(column ?? 0) }
}

/** The width at which all of a column that is drawn now fits, header included; undefined when nothing is drawn. */
export const fittedWidth = (grid: HTMLElement, column: number): number | undefined => {
  const cells = [...grid.querySelectorAll<HTMLElement>(`[data-column="${column}"]`)]
  if (cells.length === 0) return undefined
  const before = cells.map((cell) => cell.style.width)
  for (const cell of cells) cell.style.width = 'max-content'
  const widest = Math.max(...cells.map((cell) => cell.getBoundingClientRect().width))
  cells.forEach((cell, at) => {
    cell.style.width = before[at] ?? ''
  })
  return Math.ceil(widest) + 1
}

/**
 * Gives the cell under the pointer its exact value as a title, and takes it from the one before. Only when it is
 * pointed at: a title on each of some hundred cells costs as much as drawing their numbers.
 */
export const createTitles = () => {
  let titled: HTMLElement | null = null
  return (target: EventTarget, exact: (place: ActiveCell) => string | undefined): void => {
    const cell = target instanceof Element ? target.closest<HTMLElement>('[role=gridcell]') : null
    if (titled !== null && titled !== cell) titled.removeAttribute('title')
    titled = cell
    const place = cell === null ? undefined : placeOf(cell)
    const text = place === undefined ? undefined : exact(place)
    if (text === undefined) cell?.removeAttribute('title')
    else if (cell !== null && cell.title !== text) cell.title = text
  }
}
