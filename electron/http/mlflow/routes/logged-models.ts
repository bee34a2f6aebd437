import { pythonRepr } from '#shared/lib/python-repr.ts'
import type { LoggedModelBundle } from '#electron/features/models/index.ts'
import { type ClientCall, get, patch, post, remove, type Route } from '../call.ts'
import { invalid } from '../errors.ts'
import { absent, type Fields, flag, objects, optionalEnum, optionalText, text, texts, wireDouble } from '../fields.ts'
import { pageSize } from '../paging.ts'
import { type ModelDataset, type ModelOrder, searchLoggedModels } from '../search/logged-models.ts'
import { checkExperimentId, LIMITS, pairsIn } from '../validation.ts'
import { listFiles, wireFiles } from '../artifact-files.ts'
import { modelPlace } from '../artifact-place.ts'
import { type ArtifactRoots, artifactRoots } from '../artifact-roots.ts'
import { optionalInteger, wireWhole } from '../whole-numbers.ts'

/** `logged-models/...`: MLflow 3. */
export const loggedModelRoutes: readonly Route[] = [
  post('logged-models', async ({ services, project, fields }) => {
    const name = optionalText(fields, 'name')
    if (name !== undefined && /[/:.%"']/.test(name)) {
      throw invalid(
        `Invalid model name (${pythonRepr(name)}) provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
      )
    }
    const made = await services.models.create(project, {
      experiment: checkExperimentId(text(fields, 'experiment_id')),
      name: name === undefined || name === '' ? null : name,
      type: optionalText(fields, 'model_type') ?? null,
      sourceRun: optionalText(fields, 'source_run_id') || null,
      params: pairsIn(fields, 'params'),
      tags: pairsIn(fields, 'tags'),
    })
    return { model: wireModel(services.models.bundle(project, made.id), artifactRoots(services, project)) }
  }),
  post('logged-models/search', search),
  get('logged-models/:model_id', ({ services, project, fields }) => ({
    model: wireModel(
      services.models.bundle(project, text(fields, 'model_id'), { deleted: flag(fields, 'allow_deleted') }),
      artifactRoots(services, project),
    ),
  })),
  patch('logged-models/:model_id', async ({ services, project, fields }) => {
    const id = text(fields, 'model_id')
    await services.models.setStatus(project, id, statusIn(fields))
    return { model: wireModel(services.models.bundle(project, id), artifactRoots(services, project)) }
  }),
  remove('logged-models/:model_id', async ({ services, project, fields }) => {
    await services.models.remove(project, text(fields, 'model_id'))
  }),
  post('logged-models/:model_id/params', async ({ services, project, fields }) => {
    await services.models.logParams(project, text(fields, 'model_id'), pairsIn(fields, 'params'))
  }),
  patch('logged-models/:model_id/tags', async ({ services, project, fields }) => {
    await services.models.setTags(project, text(fields, 'model_id'), pairsIn(fields, 'tags'))
  }),
  remove('logged-models/:model_id/tags/:tag_key', async ({ services, project, fields }) => {
    await services.models.deleteTag(project, text(fields, 'model_id'), text(fields, 'tag_key'))
  }),
  get('logged-models/:model_id/artifacts/directories', async (call) => {
    const { services, project, fields } = call
    const { model } = services.models.bundle(project, text(fields, 'model_id'))
    const roots = artifactRoots(services, project)
    const root = roots.model(model)
    const path = optionalText(fields, 'artifact_directory_path') ?? ''
    const files = roots.isOurs(root) ? await listFiles(modelPlace(call, model.id, path)) : []
    return { root_uri: root, ...wireFiles(files, path) }
  }),
]

type Status = LoggedModelBundle['model']['status']

const STATUSES: ReadonlyMap<string, Status> = new Map<string, Status>([
  ['LOGGED_MODEL_PENDING', 'pending'],
  ['LOGGED_MODEL_READY', 'ready'],
  ['LOGGED_MODEL_UPLOAD_FAILED', 'failed'],
  ['1', 'pending'],
  ['2', 'ready'],
  ['3', 'failed'],
])
const STATUS_OUT = {
  pending: 'LOGGED_MODEL_PENDING',
  ready: 'LOGGED_MODEL_READY',
  failed: 'LOGGED_MODEL_UPLOAD_FAILED',
} as const

function statusIn(fields: Fields): Status {
  const status = optionalEnum(fields, 'status', STATUSES)
  if (status === undefined) throw absent('status')
  return status
}

function wireModel({ model, params, tags, metrics }: LoggedModelBundle, roots: ArtifactRoots): unknown {
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experiment,
      name: model.name,
      creation_timestamp_ms: model.createdAt,
      last_updated_timestamp_ms: model.updatedAt,
      artifact_uri: roots.model(model),
      status: STATUS_OUT[model.status],
      model_type: model.type ?? '',
      source_run_id: model.sourceRun ?? '',
      ...(tags.length === 0 ? {} : { tags }),
    },
    data: {
      ...(params.length === 0 ? {} : { params }),
      ...(metrics.length === 0 ? {} : { metrics: metrics.map((metric) => wireMetric(model.id, metric)) }),
    },
  }
}

function wireMetric(model: string, metric: LoggedModelBundle['metrics'][number]): unknown {
  const { key, value, time, step, rest, run, datasetName, datasetDigest } = metric
  return {
    key,
    value: wireDouble(value),
    timestamp: wireWhole(time, rest?.time ?? 0),
    step: wireWhole(step, rest?.step ?? 0),
    run_id: run,
    model_id: model,
    ...(datasetName === null ? {} : { dataset_name: datasetName }),
    ...(datasetDigest === null ? {} : { dataset_digest: datasetDigest }),
  }
}

function search({ services, project, fields }: ClientCall): unknown {
  if ((fields['experiment_ids'] ?? null) === null) throw absent('experiment_ids')
  const experiments = texts(fields, 'experiment_ids').map(checkExperimentId)
  const given = optionalInteger(fields, 'max_results')
  const size = given === 0 ? 100 : pageSize(fields, { most: LIMITS.search, fallback: 100 })
  const filter = optionalText(fields, 'filter') ?? ''
  const order = objects(fields, 'order_by').map(orderIn)
  const datasets = objects(fields, 'datasets').map(datasetIn)
  const asked = JSON.stringify([experiments, filter, order, datasets])
  const offset = offsetFor(fields, asked)
  const bundles = services.models.bundlesOf(project, experiments)
  const roots = artifactRoots(services, project)
  const found = searchLoggedModels(bundles, filter, order, datasets, roots.model)
  const models = found.slice(offset, offset + size).map((bundle) => wireModel(bundle, roots))
  const next = offset + size < found.length ? { next_page_token: tokenFor(offset + size, asked) } : {}
  return models.length === 0 ? next : { models, ...next }
}

function orderIn(clause: Fields): ModelOrder {
  return {
    field: text(clause, 'field_name').trim(),
    ascending: clause['ascending'] === undefined || flag(clause, 'ascending'),
    dataset: optionalText(clause, 'dataset_name') || null,
    digest: optionalText(clause, 'dataset_digest') || null,
  }
}

function datasetIn(dataset: Fields): ModelDataset {
  const name = optionalText(dataset, 'dataset_name')
  if (name === undefined || name === '') throw invalid('`dataset_name` in the `datasets` clause must be specified.')
  return { name, digest: optionalText(dataset, 'dataset_digest') || null }
}

/** A token belongs to its question: with another filter or order it would be a page of something else. */
function tokenFor(offset: number, asked: string): string {
  return Buffer.from(JSON.stringify({ offset, asked })).toString('base64')
}

function offsetFor(fields: Fields, asked: string): number {
  const token = optionalText(fields, 'page_token')
  if (token === undefined || token === '') return 0
  let value: { readonly offset?: unknown; readonly asked?: unknown } | null
  try {
    value = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as typeof value
  } catch {
    throw invalid(`Invalid page token: ${token.slice(0, 200)}.`)
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    !Number.isSafeInteger(value.offset) ||
    (value.offset as number) < 0
  )
    throw invalid(`Invalid page token: ${token.slice(0, 200)}.`)
  if (value.asked !== asked)
    throw invalid('Filter, order or experiments in the page token do not match the requested ones.')
  return value.offset as number
}
