import { useQueries } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { RunRow, TablePage, TableRequest } from '#shared/contract/runs.ts'
import type { AppError } from '#shared/rpc/errors.ts'
import { useClient } from '#renderer/client/index.ts'
import type { GridRows, RowView } from '#renderer/ui/data-grid/model.ts'

/** Rows a page. A page is one answer of the backend. */
const PAGE = 200

type Pages = ReadonlyMap<number, TablePage>
type Shown = { readonly key: string; readonly pages: Pages; readonly summary: TablePage | undefined }

export type RunPages = {
  readonly rows: GridRows<RunRow>
  /** Counts of the newest answer; undefined before the first. */
  readonly summary: TablePage | undefined
  /** The rows shown are those of an earlier request: a new answer is on its way. */
  readonly stale: boolean
  readonly error: AppError | null
  /** The first rows, for what is drawn beside the table. */
  readonly first: readonly RunRow[]
}

const views = new WeakMap<RunRow, RowView<RunRow>>()

/** The same row stays the same object, which is what keeps scrolling cheap. */
function viewOf(row: RunRow): RowView<RunRow> {
  const known = views.get(row)
  if (known !== undefined) return known
  const view = { id: row.id, data: row, depth: row.depth, ...(row.members > 0 ? { expanded: row.expanded } : {}) }
  views.set(row, view)
  return view
}

/** The run table by pages: fetched as they come into view, the old ones stay until the new are here. */
export function useRunPages(request: Omit<TableRequest, 'offset' | 'limit'>, enabled: boolean): RunPages {
  const client = useClient()
  const key = JSON.stringify(request)
  const [range, setRange] = useState<readonly [number, number]>([0, 0])
  const [shown, setShown] = useState<Shown>({ key: '', pages: new Map(), summary: undefined })
  // The first page is always kept new: what is drawn beside the table follows from it.
  const seen = Array.from({ length: range[1] - range[0] + 1 }, (_, index) => range[0] + index)
  const wanted = [...new Set([0, ...seen])]
  const { pages, error, complete } = useQueries({
    queries: wanted.map((page) => ({
      queryKey: ['runs.table', { ...request, offset: page * PAGE, limit: PAGE }],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        client.runs.table({ ...request, offset: page * PAGE, limit: PAGE }, { signal }),
      enabled,
    })),
    combine: (results) => ({
      pages: new Map(
        results.flatMap(({ data }, index): [number, TablePage][] =>
          data === undefined ? [] : [[wanted[index] ?? 0, data]],
        ),
      ),
      error: (results.find((result) => result.error !== null)?.error ?? null) as AppError | null,
      complete: results.some(({ data }) => data !== undefined),
    }),
  })
  useEffect(() => {
    if (!complete) return
    setShown((before) => {
      const kept: Pages = before.key === key ? before.pages : new Map()
      const next = new Map([...kept, ...pages])
      const summary = [...pages.values()].reduce<TablePage | undefined>(
        (best, page) => (best === undefined || page.revision > best.revision ? page : best),
        undefined,
      )
      const same =
        before.key === key &&
        next.size === before.pages.size &&
        [...next].every(([page, value]) => before.pages.get(page) === value)
      return same ? before : { key, pages: next, summary: summary ?? before.summary }
    })
  }, [complete, pages, key])
  const rows: GridRows<RunRow> = {
    count: shown.summary?.rowCount ?? 0,
    row: (index) => {
      const row = shown.pages.get(Math.floor(index / PAGE))?.rows[index % PAGE]
      return row === undefined ? undefined : viewOf(row)
    },
    ensure: (from, to) => {
      const next = [Math.floor(from / PAGE), Math.floor(Math.max(from, to - 1) / PAGE)] as const
      if (next[0] !== range[0] || next[1] !== range[1]) setRange(next)
    },
  }
  return { rows, summary: shown.summary, stale: shown.key !== key, error, first: shown.pages.get(0)?.rows ?? [] }
}
