import type { ExperimentRecord, Tag } from '#electron/features/runs/index.ts'
import { numberColumn, type Searched, textColumn } from './columns.ts'
import { matching } from './filter.ts'
import { ordersIn, sorted } from './order.ts'

export type ExperimentItem = { readonly record: ExperimentRecord; readonly tags: readonly Tag[] }

/** Experiments of a search: as asked, or the newest first; then by id. */
export function searchExperiments(
  items: readonly ExperimentItem[],
  filter: string,
  orderBy: readonly string[],
): readonly ExperimentItem[] {
  // Padded: 10 after 9, as the real server's integer ids sort.
  const ids = textColumn(items.map(({ record }) => record.id.padStart(64, '0')))
  const created = numberColumn(items.map(({ record }) => record.createdAt))
  const searched: Searched = {
    length: items.length,
    now: 0,
    attributes: {
      name: () => textColumn(items.map(({ record }) => record.name)),
      experiment_id: () => ({ ...ids, kind: 'text', canonical: (id: string) => id.padStart(64, '0') }) as typeof ids,
      creation_time: () => created,
      last_update_time: () => numberColumn(items.map(({ record }) => record.updatedAt)),
    },
    keyed: {
      tag: (key) => textColumn(items.map(({ tags }) => tags.find((tag) => tag.key === key)?.value)),
    },
  }
  const found = matching(searched, filter)
  const orders = ordersIn(searched, orderBy, { repeatable: true })
  const rest =
    orders.length === 0
      ? [
          { column: created, ascending: false },
          { column: ids, ascending: true },
        ]
      : [{ column: ids, ascending: false }]
  return sorted(found, [...orders, ...rest]).flatMap((row) => items[row] ?? [])
}
