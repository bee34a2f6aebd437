import { AppError } from '#shared/rpc/errors.ts'
import type { ExperimentRecord } from '#electron/features/runs/index.ts'
import { type ClientCall, get, post, type Route } from '../call.ts'
import { invalid, missing, MlflowError } from '../errors.ts'
import { optionalInteger, optionalText, text, texts } from '../fields.ts'
import { searchExperiments } from '../search-experiments.ts'
import { checkExperimentId, checkKey, checkPageSize, LIMITS, offsetOf, page } from '../validation.ts'
import { tagsIn } from '../wire-run.ts'

/** `experiments/...`. */
export const experimentRoutes: readonly Route[] = [
  post('experiments/create', async ({ services, project, fields }) => {
    const name = text(fields, 'name')
    checkName(name)
    const artifactLocation = optionalText(fields, 'artifact_location')
    const tags = tagsIn(fields, 'tags')
    for (const { key } of tags) checkKey(key, 'tag')
    try {
      const made = await services.runs.createExperiment(project, {
        name,
        tags,
        ...(artifactLocation === undefined || artifactLocation === '' ? {} : { artifactLocation }),
      })
      return { experiment_id: made.id }
    } catch (error) {
      throw error instanceof AppError && error.code === 'conflict'
        ? new MlflowError('RESOURCE_ALREADY_EXISTS', error.message)
        : error
    }
  }),
  get('experiments/get', (call) => ({
    experiment: wireExperiment(call, call.services.runs.getExperiment(call.project, experimentId(call))),
  })),
  get('experiments/get-by-name', (call) => {
    const name = text(call.fields, 'experiment_name')
    const found = call.services.runs.findExperimentByName(call.project, name)
    if (found === undefined) throw missing(`Could not find experiment with name '${name}'`)
    return { experiment: wireExperiment(call, found) }
  }),
  post('experiments/search', search),
  get('experiments/search', search),
  post('experiments/delete', async (call) => {
    await call.services.runs.deleteExperiment(call.project, experimentId(call))
  }),
  post('experiments/restore', async (call) => {
    await call.services.runs.restoreExperiment(call.project, experimentId(call))
  }),
  post('experiments/update', async (call) => {
    const name = optionalText(call.fields, 'new_name')
    if (name === undefined || name === '') return
    checkName(name)
    try {
      await call.services.runs.renameExperiment(call.project, experimentId(call), name)
    } catch (error) {
      throw error instanceof AppError && error.code === 'conflict' && error.field === 'name'
        ? new MlflowError('RESOURCE_ALREADY_EXISTS', error.message)
        : error
    }
  }),
  post('experiments/set-experiment-tag', async (call) => {
    const key = text(call.fields, 'key')
    const value = optionalText(call.fields, 'value') ?? ''
    checkKey(key, 'tag')
    if (value.length > LIMITS.experimentTagValue)
      throw invalid(`'value' exceeds the maximum length of ${LIMITS.experimentTagValue} characters`)
    await call.services.runs.setExperimentTags(call.project, experimentId(call), [{ key, value }])
  }),
  post('experiments/delete-experiment-tag', async (call) => {
    await call.services.runs.deleteExperimentTag(call.project, experimentId(call), text(call.fields, 'key'))
  }),
  post('experiments/search-datasets', ({ services, project, fields }) => ({
    dataset_summaries: services.runs
      .datasetsOf(project, texts(fields, 'experiment_ids'))
      .map(({ experiment, name, digest, context }) => ({
        experiment_id: experiment,
        name,
        digest,
        ...(context === null ? {} : { context }),
      })),
  })),
]

function experimentId({ fields }: ClientCall): string {
  return checkExperimentId(text(fields, 'experiment_id'))
}

function checkName(name: string): void {
  if (name.trim() === '') throw invalid("Invalid experiment name: ''")
  if (name.length > LIMITS.experimentName)
    throw invalid(`'name' exceeds the maximum length of ${LIMITS.experimentName} characters`)
}

function search(call: ClientCall): unknown {
  const { fields, project, services } = call
  const size = checkPageSize(optionalInteger(fields, 'max_results'), LIMITS.searchRuns, undefined)
  const view = optionalText(fields, 'view_type') ?? 'ACTIVE_ONLY'
  const records = services.runs
    .listExperiments(project)
    .filter(
      ({ lifecycle }) => view === 'ALL' || (view === 'DELETED_ONLY' ? lifecycle === 'deleted' : lifecycle === 'active'),
    )
    .map((record) => ({ record, tags: services.runs.experimentTags(project, record.id) }))
  const found = searchExperiments(records, optionalText(fields, 'filter') ?? '', texts(fields, 'order_by'))
  const { items, next } = page(found, offsetOf(optionalText(fields, 'page_token')), size)
  return items.length === 0 ? next : { experiments: items.map(({ record }) => wireExperiment(call, record)), ...next }
}

function wireExperiment({ services, project }: ClientCall, record: ExperimentRecord): unknown {
  const tags = services.runs.experimentTags(project, record.id)
  return {
    experiment_id: record.id,
    name: record.name,
    artifact_location: record.artifactLocation ?? `mlflow-artifacts:/${record.id}`,
    lifecycle_stage: record.lifecycle,
    ...(record.updatedAt === null ? {} : { last_update_time: record.updatedAt }),
    ...(record.createdAt === null ? {} : { creation_time: record.createdAt }),
    ...(tags.length === 0 ? {} : { tags }),
  }
}
