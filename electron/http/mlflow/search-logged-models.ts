import type { LoggedModelBundle } from '#electron/features/models/index.ts'
import { invalid } from './errors.ts'
import { filterItems, type Order, type Reader, sortItems } from './search-rows.ts'

const ATTRIBUTES: ReadonlySet<string> = new Set([
  'name',
  'model_id',
  'model_type',
  'status',
  'source_run_id',
  'creation_timestamp',
  'creation_time',
  'last_updated_timestamp',
  'last_updated_time',
])
const STATUS = { pending: 'PENDING', ready: 'READY', failed: 'UPLOAD_FAILED' } as const

export type ModelOrder = { readonly field: string; readonly ascending: boolean; readonly dataset: string | null }

/** Logged models of a search: by default the newest first. */
export function searchLoggedModels(
  bundles: readonly LoggedModelBundle[],
  filter: string,
  orderBy: readonly ModelOrder[],
): readonly LoggedModelBundle[] {
  const found = filterItems(
    bundles,
    filter,
    (entity, name): Reader<LoggedModelBundle> | undefined => {
      if (entity === 'metric') return { kind: 'number', read: metric(name, null) }
      if (entity === 'param')
        return { kind: 'text', read: ({ params }) => params.find(({ key }) => key === name)?.value }
      if (entity === 'tag') return { kind: 'text', read: ({ tags }) => tags.find(({ key }) => key === name)?.value }
      return entity === 'attribute' ? attribute(name) : undefined
    },
    ATTRIBUTES,
    0,
  )
  const orders = orderBy.map(({ field, ascending, dataset }): Order<LoggedModelBundle> => {
    if (field.startsWith('metrics.')) return { read: metric(field.slice('metrics.'.length), dataset), ascending }
    const reader = attribute(field.replace(/^attributes\./, ''))
    if (reader === undefined) throw invalid(`Invalid order by field name: ${field}`)
    return { read: reader.read, ascending }
  })
  return sortItems(found, [
    ...orders,
    { read: ({ model }) => model.createdAt, ascending: false },
    { read: ({ model }) => model.id, ascending: true },
  ])
}

/** The latest value of a metric, of one dataset if named. */
function metric(name: string, dataset: string | null): (bundle: LoggedModelBundle) => number | undefined {
  return ({ metrics }) =>
    metrics
      .filter(({ key, datasetName }) => key === name && (dataset === null || datasetName === dataset))
      .toSorted((a, b) => b.step - a.step || b.time - a.time)[0]?.value
}

function attribute(name: string): Reader<LoggedModelBundle> | undefined {
  switch (name) {
    case 'name':
      return { kind: 'text', read: ({ model }) => model.name }
    case 'id':
    case 'model_id':
      return { kind: 'text', read: ({ model }) => model.id }
    case 'model_type':
      return { kind: 'text', read: ({ model }) => model.type ?? undefined }
    case 'status':
      return {
        kind: 'text',
        read: ({ model }) => STATUS[model.status],
        canonical: (text) => text.toUpperCase().replace(/^LOGGED_MODEL_/, ''),
      }
    case 'source_run_id':
      return { kind: 'text', read: ({ model }) => model.sourceRun ?? undefined }
    case 'creation_timestamp':
    case 'creation_time':
      return { kind: 'number', read: ({ model }) => model.createdAt }
    case 'last_updated_timestamp':
    case 'last_updated_time':
      return { kind: 'number', read: ({ model }) => model.updatedAt }
    default:
      return undefined
  }
}
