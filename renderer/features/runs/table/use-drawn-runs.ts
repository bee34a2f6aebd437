import type { RunRow } from '#shared/contract/runs.ts'
import { useRead } from '#renderer/client/index.ts'
import type { DrawnRun } from '#renderer/features/metrics/index.ts'
import type { ChangeView, TableView } from './view-state.ts'

/** Rows whose lines are drawn while a person has not chosen: the first ones of the table. */
const DRAWN_BY_ITSELF = 6
/** Of the rows that were drawn by hand, those that are looked up when they are not among the first ones. */
const LOOKED_UP = 60
const LIVE: ReadonlySet<string> = new Set(['running', 'stopping'])

export type DrawnRuns = {
  readonly drawn: readonly DrawnRun[]
  readonly baseline: RunRow | undefined
  readonly isDrawn: (row: RunRow) => boolean
  readonly toggle: (row: RunRow) => void
}

type Request = {
  readonly project: string
  readonly columns: readonly string[]
  readonly lifecycle: 'active' | 'archived' | 'deleted'
}

/** Which rows' lines the charts draw: the first ones, what a person added or took away, and the baseline wherever it is. */
export function useDrawnRuns(
  request: Request,
  first: readonly RunRow[],
  view: TableView,
  change: ChangeView,
): DrawnRuns {
  const byItself = new Set(
    first
      .filter(({ depth }) => depth === 0)
      .slice(0, DRAWN_BY_ITSELF)
      .map(({ id }) => id),
  )
  const here = new Set(first.map(({ id }) => id))
  const elsewhere = Object.keys(view.drawn)
    .filter((id) => view.drawn[id] === true && !here.has(id) && !id.startsWith('group:'))
    .slice(0, LOOKED_UP)
  const ids = [...(view.baseline === null ? [] : [view.baseline]), ...elsewhere]
  const looked = useRead(
    'runs.table',
    { ...request, filter: `id in (${ids.map((id) => `'${id}'`).join(', ')})`, limit: ids.length },
    { enabled: ids.length > 0, keepPrevious: true },
  )
  const found = ids.length === 0 ? [] : (looked.data?.rows ?? [])
  const baseline = found.find(({ id }) => id === view.baseline)
  const isDrawn = (row: RunRow): boolean => view.drawn[row.id] ?? byItself.has(row.id)
  const rows = [
    ...first.filter(isDrawn),
    ...found.filter(({ id }) => !here.has(id) && (id === view.baseline || view.drawn[id] === true)),
  ]
  return {
    baseline,
    isDrawn,
    toggle: (row) => change({ drawn: { ...view.drawn, [row.id]: !isDrawn(row) } }),
    drawn: rows.map((row) => ({
      id: row.id,
      name: row.name,
      number: row.number,
      live: LIVE.has(row.status),
      baseline: row.id === view.baseline,
      ...(row.memberIds === undefined ? {} : { members: row.memberIds }),
    })),
  }
}
