import { useEffect, useMemo, useState } from 'react'
import type { Column, Lifecycle } from '#shared/contract/runs.ts'
import { useClient } from '#renderer/client/index.ts'
import { usualColumns } from './column-text.ts'
import { EXPERIMENT, isMixed, mixedCandidates, mixedColumns } from './mixed-columns.ts'

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

/**
 * The columns while nobody has chosen any; undefined until they are known. With several experiments they follow the first runs of the filter: they are looked
 * for once for each, so that no column moves while runs log or rows are sorted.
 */
export function useUsualColumns(options: UsualColumnsOptions): readonly string[] | undefined {
  const { project, lifecycle, filter, available, wanted } = options
  const client = useClient()
  const [found, setFound] = useState<{ readonly project: string; readonly columns: readonly string[] } | null>(null)
  const mixed = wanted && isMixed(available)
  const candidates = useMemo(() => (mixed ? mixedCandidates(available) : []), [mixed, available])
  const ids = candidates.map(({ id }) => id).join('\n')
  useEffect(() => {
    if (!mixed) return undefined
    const controller = new AbortController()
    const { signal } = controller
    const look = async (): Promise<readonly string[]> => {
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
      if (rows.length === 0) return usualColumns(available)
      return mixedColumns(
        candidates,
        rows.map(({ cells }) => cells),
        rowCount > rows.length,
      )
    }
    const take = async (): Promise<void> => {
      // A filter that is not right yet says so beside the table, which stays as it is.
      const columns = await look().catch(() => undefined)
      if (signal.aborted) return
      setFound((before) =>
        columns === undefined && before?.project === project
          ? before
          : { project, columns: columns ?? usualColumns(available) },
      )
    }
    void take()
    return () => controller.abort()
    // What is known of the columns changes with each run; only others of them matter.
  }, [client, project, lifecycle, filter, mixed, ids])
  if (!mixed) return usualColumns(available)
  return found?.project === project ? found.columns : undefined
}
