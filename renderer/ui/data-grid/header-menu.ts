import type { MenuEntry } from '../overlays/menu-items.tsx'
import type { ColumnSort, GridColumn } from './model.ts'

export interface HeaderMenuActions {
  readonly setSort?: ((sort: readonly ColumnSort[]) => void) | undefined
  readonly move?: ((id: string, to: number) => void) | undefined
  readonly resize?: ((id: string, width: number) => void) | undefined
  readonly fit: (id: string) => void
  readonly pin?: ((id: string, pinned: boolean) => void) | undefined
  readonly hide?: ((id: string) => void) | undefined
}

/** Everything that a hand can do to a column, as verbs: what is dragged must be reachable without dragging. */
export const headerMenu = (
  columns: readonly GridColumn<never>[],
  at: number,
  sort: readonly ColumnSort[],
  actions: HeaderMenuActions,
  more: readonly MenuEntry[],
): readonly MenuEntry[] => {
  const column = columns[at]
  if (column === undefined) return []
  const { id } = column
  const { setSort, move, resize, pin, hide } = actions
  const sorted = sort.find((key) => key.column === id)?.direction
  const group = (name: string, entries: readonly (MenuEntry | false)[]): readonly MenuEntry[] => {
    const kept = entries.filter((entry) => entry !== false)
    return kept.length === 0 ? [] : [{ kind: 'rule', id: `rule-${name}` }, ...kept]
  }
  const sortable = column.sortable === true && setSort !== undefined
  const movable = column.movable !== false && move !== undefined
  const resizable = column.resizable !== false && resize !== undefined
  const entries = [
    ...group('sort', [
      sortable && {
        kind: 'action',
        id: 'asc',
        label: 'Sort ascending',
        icon: 'sortUp',
        checked: sorted === 'asc',
        onSelect: () => setSort([{ column: id, direction: 'asc' }]),
      },
      sortable && {
        kind: 'action',
        id: 'desc',
        label: 'Sort descending',
        icon: 'sortDown',
        checked: sorted === 'desc',
        onSelect: () => setSort([{ column: id, direction: 'desc' }]),
      },
      sortable &&
        sorted !== undefined && {
          kind: 'action',
          id: 'unsort',
          label: 'Do not sort by it',
          onSelect: () => setSort(sort.filter((key) => key.column !== id)),
        },
    ]),
    ...group('more', more),
    ...group('place', [
      movable && {
        kind: 'action',
        id: 'left',
        label: 'Move left',
        icon: 'left',
        keys: 'Alt+Left',
        disabled: at === 0,
        onSelect: () => move(id, at - 1),
      },
      movable && {
        kind: 'action',
        id: 'right',
        label: 'Move right',
        icon: 'right',
        keys: 'Alt+Right',
        disabled: at === columns.length - 1,
        onSelect: () => move(id, at + 2),
      },
      column.movable !== false &&
        pin !== undefined && {
          kind: 'action',
          id: 'pin',
          label: 'Pin to the left',
          icon: 'pin',
          checked: column.pinned === true,
          onSelect: () => pin(id, column.pinned !== true),
        },
    ]),
    ...group('width', [
      resizable && {
        kind: 'action',
        id: 'wider',
        label: 'Wider',
        keys: 'Shift+Right',
        onSelect: () => resize(id, column.width + 24),
      },
      resizable && {
        kind: 'action',
        id: 'narrower',
        label: 'Narrower',
        keys: 'Shift+Left',
        onSelect: () => resize(id, column.width - 24),
      },
      resizable && { kind: 'action', id: 'fit', label: 'Fit to what is shown', onSelect: () => actions.fit(id) },
    ]),
    ...group('hide', [
      column.hideable !== false &&
        hide !== undefined && {
          kind: 'action',
          id: 'hide',
          label: 'Hide column',
          icon: 'eyeOff',
          onSelect: () => hide(id),
        },
    ]),
  ] satisfies readonly MenuEntry[]
  return entries[0]?.kind === 'rule' ? entries.slice(1) : entries
}
