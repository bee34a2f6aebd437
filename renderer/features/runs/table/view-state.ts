import { z } from 'zod'
import { useRemembered } from '#renderer/ui/view-storage.tsx'

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
  smoothing: z.number().min(0).max(0.999).default(0),
  axis: z.enum(['step', 'relative', 'time']).default('step'),
  logY: z.boolean().default(false),
  scatter: z.object({ x: z.string(), y: z.string() }).nullable().default(null),
})
export type TableView = z.infer<typeof TableView>

/** The view of a project's table, and its setter by parts. */
export function useTableView(project: string): readonly [TableView, (change: Partial<TableView>) => void] {
  const [view, setView] = useRemembered<TableView>(`runs.${project}`, TableView.parse({}), (stored) => {
    const parsed = TableView.safeParse(stored)
    return parsed.success ? parsed.data : undefined
  })
  return [view, (change) => setView({ ...view, ...change })]
}
