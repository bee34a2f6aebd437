import type { Aggregate, Entity } from '#shared/domain/filter/ast.ts'
import { runAttributeOf, splitEntity } from '#shared/domain/filter/names.ts'
import type { RunBundle } from '#electron/features/runs/index.ts'
import { invalid } from './errors.ts'
import { checkUnique, filterItems, type Order, orderClause, type Reader, sortItems } from './search-rows.ts'
import { artifactUri } from './wire-run.ts'

const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['name', 'status', 'started', 'ended', 'user', 'id', 'artifact_uri', 'duration', 'experiment', 'script', 'note'],
  ...['run_id', 'run_name', 'run name', 'start_time', 'end_time', 'created', 'user_id'],
])

/** Runs of a search in MLflow's order: as asked, then the newest first, then by id. */
export function searchRuns(
  bundles: readonly RunBundle[],
  filter: string,
  orderBy: readonly string[],
  now: number,
): readonly RunBundle[] {
  const found = filterItems(bundles, filter, readerOf, ATTRIBUTES, now)
  const clauses = orderBy.map(orderClause)
  checkUnique(clauses.map(({ key }) => key))
  const orders = clauses.map(({ key, ascending }): Order<RunBundle> => {
    const { entity, name } = splitEntity(unquoted(key))
    const reader = readerOf(
      entity ?? 'attribute',
      entity === null || entity === 'attribute' ? (runAttributeOf(name) ?? name) : name,
      'last',
    )
    if (reader === undefined) throw invalid(`Invalid order_by key '${key}'`)
    return { read: reader.read, ascending }
  })
  return sortItems(found, [
    ...orders,
    { read: ({ run }) => run.startedAt ?? undefined, ascending: false },
    { read: ({ run }) => run.id, ascending: true },
  ])
}

function unquoted(key: string): string {
  return key.replace(/[`"](.*)[`"]$/s, '$1')
}

function readerOf(entity: Entity, name: string, aggregate: Aggregate): Reader<RunBundle> | undefined {
  switch (entity) {
    case 'metric':
      if (aggregate !== 'last') return undefined
      return { kind: 'number', read: ({ metrics }) => metrics.find(({ key }) => key === name)?.value }
    case 'param':
      return { kind: 'text', read: ({ params }) => params.find(({ key }) => key === name)?.value }
    case 'tag':
      return { kind: 'text', read: ({ tags }) => tags.find(({ key }) => key === name)?.value }
    case 'dataset':
      return { kind: 'text', read: ({ datasets }) => datasetField(datasets[0], name) }
    case 'attribute':
      return attribute(name)
  }
}

function datasetField(dataset: RunBundle['datasets'][number] | undefined, name: string): string | undefined {
  if (name === 'name') return dataset?.name
  if (name === 'digest') return dataset?.digest
  return name === 'context' ? dataset?.tags['mlflow.data.context'] : undefined
}

const STATUS: Readonly<Record<string, string>> = {
  queued: 'SCHEDULED',
  running: 'RUNNING',
  stopping: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  killed: 'KILLED',
  lost: 'KILLED',
}

function attribute(name: string): Reader<RunBundle> | undefined {
  switch (name) {
    case 'id':
      return { kind: 'text', read: ({ run }) => run.id }
    case 'name':
      return { kind: 'text', read: ({ run }) => run.name }
    case 'status':
      return { kind: 'text', read: ({ run }) => STATUS[run.status], canonical: (text) => text.toUpperCase() }
    case 'user':
      return { kind: 'text', read: ({ run }) => run.user ?? undefined }
    case 'artifact_uri':
      return { kind: 'text', read: ({ run }) => artifactUri(run.experiment, run.id) }
    case 'script':
      return { kind: 'text', read: ({ run }) => run.script ?? undefined }
    case 'note':
      return { kind: 'text', read: ({ run }) => (run.note === '' ? undefined : run.note) }
    case 'experiment':
      return { kind: 'text', read: ({ run }) => run.experiment }
    case 'started':
      return { kind: 'number', read: ({ run }) => run.startedAt ?? undefined }
    case 'ended':
      return { kind: 'number', read: ({ run }) => run.endedAt ?? undefined }
    case 'duration':
      return {
        kind: 'number',
        read: ({ run }) => (run.startedAt === null || run.endedAt === null ? undefined : run.endedAt - run.startedAt),
      }
    default:
      return undefined
  }
}
