import type { Column } from '#shared/contract/runs.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Chip } from '#renderer/ui/marks/chip.tsx'
import { ColumnChooser } from './column-chooser.tsx'
import { FilterField } from './filter-field.tsx'
import s from './runs-screen.module.css'
import type { ChangeView, TableView } from './view-state.ts'

export type RunsBarProps = {
  readonly filter: string
  readonly onFilter: (filter: string) => void
  readonly counts: string
  readonly available: readonly Column[]
  readonly columns: readonly string[]
  readonly baseline: string | undefined
  readonly view: TableView
  readonly change: ChangeView
}

/** One line over table and charts: the filter with its matches counted inside it, grouping, baseline, columns. */
export function RunsBar({ filter, onFilter, counts, available, columns, baseline, view, change }: RunsBarProps) {
  return (
    <div className={s.bar} role="group" aria-label="Filter and columns">
      <FilterField value={filter} onChange={onFilter} columns={available} counts={counts} />
      {view.group === 'seed' ? (
        <Chip
          icon="group"
          name="Group"
          value="everything except seed"
          onRemove={() => change({ group: 'none', expanded: [] })}
        />
      ) : (
        <Button
          icon="group"
          keys="Shift+G"
          hint="One row for runs that differ in their seed only"
          onPress={() => change({ group: 'seed' })}
        >
          Group seeds
        </Button>
      )}
      {baseline === undefined ? null : (
        <Chip icon="pin" name="Baseline" value={baseline} onRemove={() => change({ baseline: null })} />
      )}
      <ColumnChooser available={available} chosen={columns} onChange={(next) => change({ columns: next })} />
    </div>
  )
}
