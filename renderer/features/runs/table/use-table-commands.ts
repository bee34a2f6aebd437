import { type RefObject, useMemo } from 'react'
import type { RunRow } from '#shared/contract/runs.ts'
import { useCommands } from '#renderer/ui/commands/command-registry.tsx'
import type { Command } from '#renderer/ui/commands/command.ts'
import { type RunVerb, verbCommands, type VerbTarget } from '../verbs/run-verb.ts'
import type { ChangeView, TableView } from './view-state.ts'

/** What the commands of the table read at the moment when they run. */
export type TableNow = {
  readonly view: TableView
  /** What is selected, or else the row that the keyboard is on. */
  readonly target: () => VerbTarget | undefined
  readonly row: () => RunRow | undefined
  readonly toggleDrawn: (row: RunRow) => void
  readonly selectAll: () => void
  readonly clearSelection: () => void
  readonly selected: number
}

const MODES = [
  ['table', 'Show the table alone', '1', 'table'],
  ['split', 'Show table and charts', '2', 'split'],
  ['charts', 'Show the charts alone', '3', 'chart'],
] as const

/** Offers the verbs of the run table. The list is the same for as long as the screen is; `now` says what they are done to. */
export function useTableCommands(now: RefObject<TableNow>, verbs: readonly RunVerb[], change: ChangeView): void {
  const commands = useMemo(
    (): readonly Command[] => [
      ...verbCommands(verbs, 'Runs', () => now.current.target()),
      {
        id: 'runs.baseline',
        label: 'Set as baseline',
        group: 'Runs',
        icon: 'pin',
        keys: 'b',
        note: 'again to drop it',
        when: () => isRun(now.current.row()),
        run: () => {
          const row = now.current.row()
          const { view } = now.current
          if (row !== undefined) change({ baseline: view.baseline === row.id ? null : row.id })
        },
      },
      {
        id: 'runs.draw',
        label: 'Draw or hide its lines',
        group: 'Runs',
        icon: 'eye',
        keys: 'd',
        when: () => now.current.row() !== undefined,
        run: () => {
          const row = now.current.row()
          if (row !== undefined) now.current.toggleDrawn(row)
        },
      },
      {
        id: 'runs.group',
        label: 'Group or ungroup seeds',
        group: 'Runs',
        icon: 'group',
        keys: 'Shift+G',
        words: 'everything except seed mean',
        run: () => change({ group: now.current.view.group === 'seed' ? 'none' : 'seed', expanded: [] }),
      },
      {
        id: 'runs.select-all',
        label: 'Select all runs',
        group: 'Runs',
        icon: 'check',
        keys: 'Mod+A',
        run: () => now.current.selectAll(),
      },
      {
        id: 'runs.select-none',
        label: 'Clear the selection',
        group: 'Runs',
        icon: 'close',
        when: () => now.current.selected > 0,
        run: () => now.current.clearSelection(),
      },
      {
        id: 'runs.filter',
        label: 'Filter runs',
        group: 'Runs',
        icon: 'filter',
        keys: '/',
        run: () => document.querySelector<HTMLInputElement>('[data-filter-field]')?.focus(),
      },
      ...MODES.map(([mode, label, keys, icon]): Command => ({
        id: `runs.view.${mode}`,
        label,
        group: 'View',
        icon,
        keys,
        when: () => now.current.view.mode !== mode,
        run: () => change({ mode }),
      })),
      {
        id: 'runs.scatter',
        label: 'Show or hide the scatter',
        group: 'View',
        icon: 'scatter',
        run: () => change({ scatter: now.current.view.scatter === false ? null : false }),
      },
    ],
    [now, verbs, change],
  )
  useCommands(commands)
}

function isRun(row: RunRow | undefined): boolean {
  return row !== undefined && row.members === 0
}
