import type { ExperimentRecord } from '#electron/features/runs/index.ts'
import { invalid } from './errors.ts'
import { checkUnique, filterItems, type Order, orderClause, type Reader, sortItems } from './search-rows.ts'

export type ExperimentItem = {
  readonly record: ExperimentRecord
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

const ATTRIBUTES: ReadonlySet<string> = new Set(['name', 'experiment_id', 'creation_time', 'last_update_time'])

/** Experiments of a search: by default the newest first, then by id. */
export function searchExperiments(
  items: readonly ExperimentItem[],
  filter: string,
  orderBy: readonly string[],
): readonly ExperimentItem[] {
  const found = filterItems(
    items,
    filter,
    (entity, name) => (entity === 'tag' ? tag(name) : entity === 'attribute' ? attribute(name) : undefined),
    ATTRIBUTES,
    0,
  )
  const clauses = orderBy.map(orderClause)
  checkUnique(clauses.map(({ key }) => key))
  const orders = clauses.map(({ key, ascending }): Order<ExperimentItem> => {
    const reader = attribute(key.replace(/^(?:attributes?|attr)\./, ''))
    if (reader === undefined) throw invalid(`Invalid order_by key '${key}'`)
    return { read: reader.read, ascending }
  })
  const usual: readonly Order<ExperimentItem>[] = [
    { read: ({ record }) => record.createdAt ?? undefined, ascending: false },
  ]
  return sortItems(found, [
    ...(orders.length === 0 ? usual : orders),
    { read: ({ record }) => numericId(record.id), ascending: true },
  ])
}

/** `10` after `9`, as the real server's integer ids sort. */
function numericId(id: string): string {
  return id.padStart(64, '0')
}

function tag(name: string): Reader<ExperimentItem> {
  return { kind: 'text', read: ({ tags }) => tags.find(({ key }) => key === name)?.value }
}

function attribute(name: string): Reader<ExperimentItem> | undefined {
  switch (name) {
    case 'name':
      return { kind: 'text', read: ({ record }) => record.name }
    case 'experiment_id':
      return { kind: 'text', read: ({ record }) => numericId(record.id) }
    case 'creation_time':
      return { kind: 'number', read: ({ record }) => record.createdAt ?? undefined }
    case 'last_update_time':
      return { kind: 'number', read: ({ record }) => record.updatedAt ?? undefined }
    default:
      return undefined
  }
}
