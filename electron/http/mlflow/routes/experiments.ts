import { AppError } from '#shared/rpc/errors.ts'
import type { ExperimentRecord, Tag } from '#electron/features/runs/index.ts'
import { type ClientCall, get, post, type Route } from '../call.ts'
import { invalid, missing, MlflowError } from '../errors.ts'
import { absent, optionalText, text, texts } from '../fields.ts'
import { page, pageOffset, pageSize } from '../paging.ts'
import { viewIn } from '../run-status.ts'
import { searchExperiments } from '../search/experiments.ts'
import { checkExperimentId, checkLength, LIMITS, pairsIn, strictTag } from '../validation.ts'

/** `experiments/...`. */
export const experimentRoutes: readonly Route[] = [
  post('experiments/create', async ({ services, project, fields }) => {
    const name = text(fields, 'name')
    checkLength(name, LIMITS.experimentName, 'name')
    const artifactLocation = optionalText(fields, 'artifact_location')
    const tags = pairsIn(fields, 'tags').map((tag) => strictTag(tag, LIMITS.experimentTagValue))
    const made = await named(() =>
      services.runs.createExperiment(project, {
        name,
        tags,
        ...(artifactLocation === undefined || artifactLocation === '' ? {} : { artifactLocation }),
      }),
    )
    return { experiment_id: made.id }
  }),
  get('experiments/get', (call) => {
    const record = call.services.runs.getExperiment(call.project, experimentId(call))
    return { experiment: wireExperiment(record, tagsOf(call, record)) }
  }),
  get('experiments/get-by-name', (call) => {
    const name = text(call.fields, 'experiment_name')
    const found = call.services.runs.findExperimentByName(call.project, name)
    if (found === undefined) throw missing(`Could not find experiment with name '${name}'`)
    return { experiment: wireExperiment(found, tagsOf(call, found)) }
  }),
  post('experiments/search', (call) => search(call, undefined)),
  get('experiments/search', (call) => search(call, undefined)),
  // Of clients before 2.0: the same without a filter, and all when no number is said.
  get('experiments/list', (call) => search(call, LIMITS.search)),
  post('experiments/delete', async (call) => {
    const id = experimentId(call)
    inStage(call, id, 'active')
    await call.services.runs.deleteExperiment(call.project, id)
  }),
  post('experiments/restore', async (call) => {
    const id = experimentId(call)
    inStage(call, id, 'deleted')
    await call.services.runs.restoreExperiment(call.project, id)
  }),
  post('experiments/update', async (call) => {
    const id = experimentId(call)
    const name = text(call.fields, 'new_name')
    checkLength(name, LIMITS.experimentName, 'name')
    if (call.services.runs.getExperiment(call.project, id).lifecycle === 'deleted')
      throw new MlflowError('INVALID_STATE', 'Cannot rename a non-active experiment.')
    await named(() => call.services.runs.renameExperiment(call.project, id, name))
  }),
  post('experiments/set-experiment-tag', async (call) => {
    const id = experimentId(call)
    const key = text(call.fields, 'key')
    const tag = strictTag({ key, value: optionalText(call.fields, 'value') ?? '' }, LIMITS.experimentTagValue)
    activeExperiment(call, id)
    await call.services.runs.setExperimentTags(call.project, id, [tag])
  }),
  post('experiments/delete-experiment-tag', async (call) => {
    const id = experimentId(call)
    const key = text(call.fields, 'key')
    activeExperiment(call, id)
    await call.services.runs.deleteExperimentTag(call.project, id, key)
  }),
  post('experiments/search-datasets', ({ services, project, fields }) => {
    const ids = texts(fields, 'experiment_ids').map(checkExperimentId)
    if (ids.length === 0) throw invalid('SearchDatasets request must specify at least one experiment_id.')
    if (ids.length > 20)
      throw invalid(
        `SearchDatasets request cannot specify more than 20 experiment_ids. Received ${ids.length} experiment_ids.`,
      )
    const found = services.runs.datasetsOf(project, ids).slice(0, 1_000)
    if (found.length === 0) return {}
    return {
      dataset_summaries: found.map(({ experiment, name, digest, context }) => ({
        experiment_id: experiment,
        name,
        digest,
        ...(context === null ? {} : { context }),
      })),
    }
  }),
]

function experimentId({ fields }: ClientCall): string {
  return checkExperimentId(text(fields, 'experiment_id'))
}

/** A name that is taken has a code of its own. */
async function named<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict' && error.field === 'name')
      throw new MlflowError('RESOURCE_ALREADY_EXISTS', error.message)
    if (error instanceof AppError && error.code === 'invalid' && error.field === 'name') throw absent('name')
    throw error
  }
}

/** What is deleted can only be restored, and what is active only be deleted. */
function inStage({ services, project }: ClientCall, id: string, stage: ExperimentRecord['lifecycle']): void {
  if (services.runs.getExperiment(project, id).lifecycle !== stage) throw missing(`No Experiment with id=${id} exists`)
}

function activeExperiment({ services, project }: ClientCall, id: string): void {
  if (services.runs.getExperiment(project, id).lifecycle === 'deleted')
    throw invalid(`The experiment ${id} must be in the 'active' state. Current state is deleted.`)
}

/** `fallback` is the number of results for who says none; without it that is refused. */
function search({ fields, project, services }: ClientCall, fallback: number | undefined): unknown {
  const size = pageSize(fields, { most: LIMITS.search, fallback, bySchema: false })
  const offset = pageOffset(fields)
  const view = viewIn(fields, 'view_type')
  const tags = services.runs.allExperimentTags(project)
  const items = services.runs
    .listExperiments(project)
    .filter(({ lifecycle }) => view === 'all' || lifecycle === view)
    .map((record) => ({ record, tags: tags.get(record.id) ?? [] }))
  const found = searchExperiments(items, optionalText(fields, 'filter') ?? '', texts(fields, 'order_by'))
  const shown = page(found, offset, size)
  return shown.items.length === 0
    ? shown.next
    : { experiments: shown.items.map((item) => wireExperiment(item.record, item.tags)), ...shown.next }
}

function tagsOf({ services, project }: ClientCall, record: ExperimentRecord): readonly Tag[] {
  return services.runs.experimentTags(project, record.id)
}

function wireExperiment(record: ExperimentRecord, tags: readonly Tag[]): unknown {
  return {
    experiment_id: record.id,
    name: record.name,
    artifact_location: record.artifactLocation ?? `mlflow-artifacts:/${record.id}`,
    lifecycle_stage: record.lifecycle,
    ...(record.updatedAt === null ? {} : { last_update_time: record.updatedAt }),
    ...(record.createdAt === null ? {} : { creation_time: record.createdAt }),
    ...(tags.length === 0 ? {} : { tags }),
    workspace: 'default',
  }
}
