import { useCallback, useState } from 'react'
import { z } from 'zod'
import { useViewStorage } from '#renderer/ui/view-storage.tsx'

/** How a project's run table is looked at; remembered per project. */
export const TableView = z.object({
  mode: z.enum(['table', 'split', 'charts']).default('split'),
  group: z.enum(['none', 'seed']).default('none'),
  sort: z
    .array(z.object({ column: z.string(), direction: z.enum(['asc', 'desc']) }))
    .readonly()
    .default([{ column: 'attribute:started', direction: 'desc' }]),
  /** Chosen columns; null follows what the runs have. */
  columns: z.array(z.string()).readonly().nullable().default(null),
  baseline: z.string().nullable().default(null),
  expanded: z.array(z.string()).readonly().default([]),
  /** Runs that a person showed or hid; the others are drawn while they are among the first rows. */
  drawn: z.record(z.string(), z.boolean()).default({}),
  /** Columns with heat; null chooses by itself. */
  heat: z.array(z.string()).readonly().nullable().default(null),
  smoothing: z.number().min(0).max(0.999).default(0),
  axis: z.enum(['step', 'relative', 'time']).default('step'),
  logY: z.boolean().default(false),
  /** The scatter's columns; null follows what the runs have, and `false` has none. */
  scatter: z.object({ x: z.string(), y: z.string() }).or(z.literal(false)).nullable().default(null),
})
export type TableView = z.infer<typeof TableView>
export type ChangeView = (change: Partial<TableView>) => void

/** The view of a project's table, and its setter by parts. One owner a screen: the setter is the same function for good. */
export function useTableView(project: string): readonly [TableView, ChangeView] {
  const storage = useViewStorage()
  const key = `runs.${project}`
  const [view, setView] = useState(() => TableView.safeParse(storage.get(key) ?? {}).data ?? TableView.parse({}))
  const change = useCallback<ChangeView>(
    (part) =>
      setView((before) => {
        const next = { ...before, ...part }
        storage.set(key, next)
        return next
      }),
    [storage, key],
  )
  return [view, change]
}
