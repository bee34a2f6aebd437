import { useEffect, useMemo, useState } from 'react'
import type { Column, Lifecycle } from '#shared/contract/runs.ts'
import { useClient } from '#renderer/client/index.ts'
import { usualColumns, usualScatter } from './column-text.ts'
import { EXPERIMENT, isMixed, mixedCandidates, mixedColumns, mixedScatter } from './mixed-columns.ts'

/** Rows that are looked at: what a person sees first, and some. */
const LOOKED_AT = 100

export type UsualColumnsOptions = {
  readonly project: string
  readonly lifecycle: Lifecycle
  readonly filter: string
  readonly available: readonly Column[]
  /** False where a person has chosen columns. */
  readonly wanted: boolean
}

/** What is shown while nobody has chosen: the table's columns, and what a scatter is over. */
export type UsualView = {
  readonly columns: readonly string[]
  readonly scatter: { readonly x: string; readonly y: string } | null
}

/**
 * The columns while nobody has chosen any; undefined until they are known. With several experiments they follow the first runs of the filter: they are looked
 * for once for each, so that no column moves while runs log or rows are sorted.
 */
export function useUsualView(options: UsualColumnsOptions): UsualView | undefined {
  const { project, lifecycle, filter, available, wanted } = options
  const client = useClient()
  const [found, setFound] = useState<(UsualView & { readonly project: string }) | null>(null)
  const mixed = wanted && isMixed(available)
  const candidates = useMemo(() => (mixed ? mixedCandidates(available) : []), [mixed, available])
  const ids = candidates.map(({ id }) => id).join('\n')
  useEffect(() => {
    if (!mixed) return undefined
    const controller = new AbortController()
    const { signal } = controller
    const look = async (): Promise<UsualView> => {
      const { rows, rowCount } = await client.runs.table(
        {
          project,
          lifecycle,
          filter,
          columns: [EXPERIMENT, ...candidates.map(({ id }) => id)],
          sort: [{ column: 'attribute:started', direction: 'desc' }],
          limit: LOOKED_AT,
        },
        { signal },
      )
      if (rows.length === 0) return usualView(available)
      const cells = rows.map((row) => row.cells)
      return {
        columns: mixedColumns(candidates, cells, rowCount > rows.length),
        scatter: mixedScatter(candidates, cells),
      }
    }
    const take = async (): Promise<void> => {
      // A filter that is not right yet says so beside the table, which stays as it is.
      const view = await look().catch(() => undefined)
      if (signal.aborted) return
      setFound((before) =>
        view === undefined && before?.project === project ? before : { project, ...(view ?? usualView(available)) },
      )
    }
    void take()
    return () => controller.abort()
    // What is known of the columns changes with each run; only others of them matter.
  }, [client, project, lifecycle, filter, mixed, ids])
  if (!mixed) return usualView(available)
  return found?.project === project ? found : undefined
}

function usualView(available: readonly Column[]): UsualView {
  return { columns: usualColumns(available), scatter: usualScatter(available) }
}
