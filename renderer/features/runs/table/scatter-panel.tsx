import type { Column } from '#shared/contract/runs.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'
import { ScatterChart } from '#renderer/charts/scatter-chart.tsx'
import { useClient, useRead } from '#renderer/client/index.ts'
import { Select } from '#renderer/ui/fields/select.tsx'
import { columnParts, columnWords } from './column-text.ts'
import s from './runs-screen.module.css'
import type { ChangeView } from './view-state.ts'

export type ScatterPanelProps = {
  readonly project: string
  readonly filter: string
  /** The table's own rows are there: all runs at once take longer, and must not stand before them at each key that is typed. */
  readonly ready: boolean
  readonly available: readonly Column[]
  readonly chosen: { readonly x: string; readonly y: string }
  readonly change: ChangeView
  readonly onOpen: (run: string) => void
}

/** All matching runs over two of their columns; a point opens its run. */
export function ScatterPanel({ project, filter, ready, available, chosen, change, onOpen }: ScatterPanelProps) {
  const client = useClient()
  const { data } = useRead(
    'runs.scatter',
    { project, filter, x: chosen.x, y: chosen.y },
    { enabled: ready, keepPrevious: true },
  )
  if (data?.numbers.length === 0) return null
  const options = available
    .filter(({ numeric, kind, id }) => numeric && (kind !== 'metric' || !isOfMachine(columnParts(id))))
    .map(({ id, kind }) => ({ id, label: columnWords(id), note: kind === 'metric' ? undefined : kind }))
  const name = (id: string): string => columnWords(id)
  const axis = (which: 'x' | 'y') => (
    <Select
      label={which === 'x' ? 'Across' : 'Up'}
      labelHidden
      size="small"
      options={options}
      value={chosen[which]}
      onChange={(id) => change({ scatter: { ...chosen, [which]: id } })}
      className={s.axisChoice}
    />
  )
  return (
    <div className={s.scatter}>
      {data === undefined ? null : (
        <ScatterChart
          title="Scatter"
          model={{ ...data, xName: name(chosen.x), yName: name(chosen.y) }}
          named={(numbers) => client.runs.named({ project, numbers })}
          onOpen={onOpen}
          tools={
            <>
              {axis('y')}
              <span className="t3 s11">over</span>
              {axis('x')}
            </>
          }
          menu={[
            {
              kind: 'action',
              id: 'hide',
              label: 'Hide the scatter',
              icon: 'eyeOff',
              onSelect: () => change({ scatter: false }),
            },
            { kind: 'rule', id: 'hide-rule' },
          ]}
        />
      )}
    </div>
  )
}
