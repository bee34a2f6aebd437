import type { LoggedModelBundle } from '#electron/features/models/index.ts'
import { type ClientCall, get, patch, post, remove, type Route } from '../call.ts'
import { invalid } from '../errors.ts'
import { flag, objects, optionalInteger, optionalText, text, texts, wireDouble } from '../fields.ts'
import { searchLoggedModels } from '../search-logged-models.ts'
import { checkPageSize, offsetOf, page } from '../validation.ts'
import { tagsIn } from '../wire-run.ts'

/** `logged-models/...`: MLflow 3. */
export const loggedModelRoutes: readonly Route[] = [
  post('logged-models', async (call) => {
    const { services, project, fields } = call
    const name = optionalText(fields, 'name')
    if (name !== undefined && /[/:.%"']/.test(name)) {
      throw invalid(
        `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
      )
    }
    const made = await services.models.create(project, {
      experiment: text(fields, 'experiment_id'),
      name: name ?? null,
      type: optionalText(fields, 'model_type') ?? null,
      sourceRun: optionalText(fields, 'source_run_id') ?? null,
      params: tagsIn(fields, 'params'),
      tags: tagsIn(fields, 'tags'),
    })
    return { model: wireModel(services.models.bundle(project, made.id)) }
  }),
  post('logged-models/search', search),
  get('logged-models/:model_id', ({ services, project, fields }) => ({
    model: wireModel(
      services.models.bundle(project, text(fields, 'model_id'), { deleted: flag(fields, 'allow_deleted') }),
    ),
  })),
  patch('logged-models/:model_id', async ({ services, project, fields }) => {
    const id = text(fields, 'model_id')
    const given = String(fields['status'] ?? '')
    const status = STATUS_IN[given]
    if (status === undefined)
      throw invalid(`Invalid value ${JSON.stringify(fields['status'])} for parameter 'status' supplied.`)
    await services.models.setStatus(project, id, status)
    return { model: wireModel(services.models.bundle(project, id)) }
  }),
  remove('logged-models/:model_id', async ({ services, project, fields }) => {
    await services.models.remove(project, text(fields, 'model_id'))
  }),
  post('logged-models/:model_id/params', async ({ services, project, fields }) => {
    await services.models.logParams(project, text(fields, 'model_id'), tagsIn(fields, 'params'))
  }),
  patch('logged-models/:model_id/tags', async ({ services, project, fields }) => {
    const id = text(fields, 'model_id')
    await services.models.setTags(project, id, tagsIn(fields, 'tags'))
    return { model: wireModel(services.models.bundle(project, id)) }
  }),
  remove('logged-models/:model_id/tags/:tag_key', async ({ services, project, fields }) => {
    await services.models.deleteTag(project, text(fields, 'model_id'), text(fields, 'tag_key'))
  }),
  get('logged-models/:model_id/artifacts/directories', async ({ services, project, fields }) => {
    const { model } = services.models.bundle(project, text(fields, 'model_id'))
    const files = await services.listModelFiles(
      project,
      model.id,
      optionalText(fields, 'artifact_directory_path') ?? '',
    )
    return {
      root_uri: locationOf(model),
      ...(files.length === 0
        ? {}
        : {
            files: files.map(({ path, folder, size }) =>
              folder ? { path, is_dir: true } : { path, is_dir: false, file_size: size },
            ),
          }),
    }
  }),
]

const STATUS_IN: Readonly<Record<string, 'pending' | 'ready' | 'failed'>> = {
  LOGGED_MODEL_PENDING: 'pending',
  LOGGED_MODEL_READY: 'ready',
  LOGGED_MODEL_UPLOAD_FAILED: 'failed',
  '1': 'pending',
  '2': 'ready',
  '3': 'failed',
}
const STATUS_OUT = {
  pending: 'LOGGED_MODEL_PENDING',
  ready: 'LOGGED_MODEL_READY',
  failed: 'LOGGED_MODEL_UPLOAD_FAILED',
} as const

function locationOf(model: LoggedModelBundle['model']): string {
  return `mlflow-artifacts:/${model.experiment}/models/${model.id}/artifacts`
}

function wireModel({ model, params, tags, metrics }: LoggedModelBundle): unknown {
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experiment,
      name: model.name,
      creation_timestamp_ms: model.createdAt,
      last_updated_timestamp_ms: model.updatedAt,
      artifact_uri: locationOf(model),
      status: STATUS_OUT[model.status],
      ...(model.type === null ? {} : { model_type: model.type }),
      ...(model.sourceRun === null ? {} : { source_run_id: model.sourceRun }),
      ...(tags.length === 0 ? {} : { tags }),
    },
    data: {
      ...(params.length === 0 ? {} : { params }),
      ...(metrics.length === 0
        ? {}
        : {
            metrics: metrics.map(({ key, value, time, step, run, datasetName, datasetDigest }) => ({
              key,
              value: wireDouble(value),
              timestamp: time,
              step,
              run_id: run,
              model_id: model.id,
              ...(datasetName === null ? {} : { dataset_name: datasetName }),
              ...(datasetDigest === null ? {} : { dataset_digest: datasetDigest }),
            })),
          }),
    },
  }
}

function search({ services, project, fields }: ClientCall): unknown {
  const size = checkPageSize(optionalInteger(fields, 'max_results'), 50_000, 100)
  const bundles = services.models.bundlesOf(project, texts(fields, 'experiment_ids'))
  const order = objects(fields, 'order_by').map((clause) => ({
    field: text(clause, 'field_name'),
    ascending: clause['ascending'] !== false,
    dataset: optionalText(clause, 'dataset_name') ?? null,
  }))
  const found = searchLoggedModels(bundles, optionalText(fields, 'filter') ?? '', order)
  const { items, next } = page(found, offsetOf(optionalText(fields, 'page_token')), size)
  return items.length === 0 ? next : { models: items.map(wireModel), ...next }
}
