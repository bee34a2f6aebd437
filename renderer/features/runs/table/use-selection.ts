import { useState } from 'react'
import type { RunRow, TableRequest } from '#shared/contract/runs.ts'
import { useClient, useRead } from '#renderer/client/index.ts'
import type { GridRows, SelectionChange } from '#renderer/ui/data-grid/model.ts'
import { applySelection } from '#renderer/ui/data-grid/selection.ts'

export type Selection = {
  /** Ids of rows: runs and groups. */
  readonly selected: ReadonlySet<string>
  /** The runs that are meant, those of selected groups included. */
  readonly runs: readonly string[]
  readonly select: (change: SelectionChange) => void
  readonly clear: () => void
}

type Request = Pick<TableRequest, 'project' | 'filter' | 'sort' | 'lifecycle'>

/** The selected rows of the run table, and the runs behind them. */
export function useSelection(request: Request, rows: GridRows<RunRow>): Selection {
  const client = useClient()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const groups = [...selected].filter((id) => id.startsWith('group:'))
  const members = useRead('runs.ids', { ...request, group: 'seed', groups }, { enabled: groups.length > 0 })
  const single = [...selected].filter((id) => !id.startsWith('group:'))
  const runs = groups.length === 0 ? single : [...new Set([...single, ...(members.data ?? [])])]
  return {
    selected,
    runs,
    clear: () => setSelected(new Set()),
    select: (change) => {
      const loaded = applySelection(selected, change, rows)
      setSelected(loaded)
      if (isWhole(change, rows)) return
      // Rows that were never scrolled to have no id here: the backend knows them, in the same order.
      void client.runs.ids({ ...request, group: 'none' }).then((ids) => {
        const from = change.kind === 'range' ? Math.min(change.from, change.to) : 0
        const to = change.kind === 'range' ? Math.max(change.from, change.to) : ids.length
        setSelected(new Set([...loaded, ...ids.slice(from, to + 1)]))
      })
    },
  }
}

/** Whether all rows that a change means are loaded. Of closed groups, the group's own row stands for its runs. */
function isWhole(change: SelectionChange, rows: GridRows<RunRow>): boolean {
  if (change.kind === 'toggle' || change.kind === 'none') return true
  const from = change.kind === 'range' ? Math.min(change.from, change.to) : 0
  const to = change.kind === 'range' ? Math.max(change.from, change.to) : rows.count - 1
  for (let index = Math.max(0, from); index <= to; index++) if (rows.row(index) === undefined) return false
  return true
}
