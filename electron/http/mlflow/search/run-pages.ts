import type { RunRows } from '#electron/features/runs/index.ts'
import { optionalText, type Fields } from '../fields.ts'
import { type Page, page } from '../paging.ts'

/** The run that a page ended with, by what the order goes by: when it began, and its id. */
type LastRun = { readonly startedAt: number; readonly rest: number; readonly id: string }

/** Runs by their beginning, which never changes: 1 for the oldest first, -1 for the newest, which is MLflow's order when none is asked for. */
type ByStart = 1 | -1

/**
 * A page of runs, which begins at `offset` or, where the order is that of their beginnings, after the run that the page before ended with. Runs
 * that came or went meanwhile then move no other: by its place alone a page repeats runs when new ones came in front of it, and leaves some
 * out when others were deleted. Where values that change decide the order, the place is all there is.
 */
export function pageOfRuns(
  rows: RunRows,
  found: readonly number[],
  { fields, orderBy, offset, size }: PageOfRuns,
): Page<number> {
  const order = byStart(orderBy)
  if (order === undefined) return page(found, offset, size)
  const last = lastRunIn(fields)
  const start = last === undefined ? offset : placeAfter(rows, found, order, last)
  const { items, next } = page(found, start, size)
  const end = items.at(-1)
  const startedAt = end === undefined ? undefined : rows.attribute('started_at')[end]
  const id = end === undefined ? undefined : rows.attribute('id')[end]
  if (next.next_page_token === undefined || typeof startedAt !== 'number' || id === undefined) return { items, next }
  const rest = rows.rests('started_at')?.[end ?? 0] ?? 0
  return { items, next: { next_page_token: tokenAfter(start + size, { startedAt, rest, id }) } }
}

type PageOfRuns = {
  readonly fields: Fields
  readonly orderBy: readonly string[]
  readonly offset: number
  readonly size: number
}

/** Undefined for another order than that of the beginnings alone. */
function byStart(orderBy: readonly string[]): ByStart | undefined {
  if (orderBy.length === 0) return -1
  const match = /^\s*(?:attributes?\.)?start_time(?:\s+(asc|desc))?\s*$/i.exec(orderBy.join())
  if (match === null) return undefined
  return match[1]?.toLowerCase() === 'desc' ? -1 : 1
}

function placeAfter(rows: RunRows, found: readonly number[], order: ByStart, last: LastRun): number {
  const started = rows.attribute('started_at')
  const rests = rows.rests('started_at')
  const ids = rows.attribute('id')
  const place = found.findIndex((row) => {
    const startedAt = started[row]
    // Those that never began come last.
    if (startedAt === null || startedAt === undefined) return true
    const later = (startedAt - last.startedAt || (rests?.[row] ?? 0) - last.rest) * order
    return later > 0 || (later === 0 && (ids[row] ?? '') > last.id)
  })
  return place < 0 ? found.length : place
}

function lastRunIn(fields: Fields): LastRun | undefined {
  const token = optionalText(fields, 'page_token') ?? ''
  if (token === '') return undefined
  // That it is a token was found out where its offset was read.
  const value = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as { readonly after?: unknown }
  const [startedAt, id, rest = 0] = Array.isArray(value.after) ? (value.after as readonly unknown[]) : []
  return typeof startedAt === 'number' && typeof id === 'string' && typeof rest === 'number'
    ? { startedAt, id, rest }
    : undefined
}

function tokenAfter(offset: number, { startedAt, id, rest }: LastRun): string {
  const after = rest === 0 ? [startedAt, id] : [startedAt, id, rest]
  return Buffer.from(JSON.stringify({ offset, after })).toString('base64')
}
