import type { NewRun } from '#electron/features/runs/index.ts'
import { type ClientCall, get, post, type Route } from '../call.ts'
import { invalid } from '../errors.ts'
import { type Fields, object, objects, optionalInteger, optionalText, runId, text, texts } from '../fields.ts'
import { searchRuns } from '../search-runs.ts'
import {
  checkExperimentId,
  checkKey,
  checkPageSize,
  checkRunId,
  LIMITS,
  offsetOf,
  page,
  truncate,
} from '../validation.ts'
import { statusIn, tagsIn, wireInfo, wireRun } from '../wire-run.ts'

/** `runs/...` but for the logging of values. */
export const runRoutes: readonly Route[] = [
  post('runs/create', async (call) => {
    const { services, project, launch } = call
    const asked = askedRun(call.fields)
    if (launch !== null) {
      const run = await services.launches.claim(launch, asked)
      return { run: wireRun(services.runs.bundle(project, run.id)) }
    }
    const run = await services.runs.createRun(project, asked)
    services.noticed(call.request, project, run)
    return { run: wireRun(services.runs.bundle(project, run.id)) }
  }),
  get('runs/get', ({ services, project, fields }) => ({
    run: wireRun(services.runs.bundle(project, checkRunId(runId(fields)))),
  })),
  post('runs/update', async (call) => {
    const { services, project, fields } = call
    const id = checkRunId(runId(fields))
    const status = statusIn(fields)
    const endedAt = optionalInteger(fields, 'end_time')
    const name = optionalText(fields, 'run_name')
    const change = {
      ...(status === undefined ? {} : { status }),
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(name === undefined || name === '' ? {} : { name }),
    }
    // The end of a launched run is its process's end: a script may end its run and go on, or die before it says so.
    const run = await services.launches.update(project, id, change)
    return { run_info: wireInfo({ run }) }
  }),
  post('runs/delete', async ({ services, project, fields }) => {
    await services.runs.trash(project, [checkRunId(runId(fields))])
  }),
  post('runs/restore', async ({ services, project, fields }) => {
    await services.runs.untrash(project, [checkRunId(runId(fields))])
  }),
  post('runs/search', search),
  post('runs/set-tag', async ({ services, project, fields }) => {
    const key = text(fields, 'key')
    checkKey(key, 'tag')
    await services.runs.setTags(project, checkRunId(runId(fields)), [
      { key, value: truncate(optionalText(fields, 'value') ?? '', LIMITS.tagValue) },
    ])
  }),
  post('runs/delete-tag', async ({ services, project, fields }) => {
    await services.runs.deleteTag(project, checkRunId(runId(fields)), text(fields, 'key'))
  }),
  post('runs/log-inputs', async ({ services, project, fields }) => {
    const id = checkRunId(runId(fields))
    const datasets = objects(fields, 'datasets').map((input) => {
      const dataset = object(input, 'dataset')
      return {
        name: text(dataset, 'name'),
        digest: text(dataset, 'digest'),
        sourceType: text(dataset, 'source_type'),
        source: text(dataset, 'source'),
        schema: optionalText(dataset, 'schema') ?? null,
        profile: optionalText(dataset, 'profile') ?? null,
        tags: tagsIn(input, 'tags'),
      }
    })
    await services.runs.recordDatasets(project, id, datasets)
    await services.models.linkToRun(
      project,
      id,
      'input',
      objects(fields, 'models').map((model) => ({ model: text(model, 'model_id'), step: 0 })),
    )
  }),
  post('runs/outputs', async ({ services, project, fields }) => {
    const models = objects(fields, 'models').map((model) => ({
      model: text(model, 'model_id'),
      step: optionalInteger(model, 'step') ?? 0,
    }))
    await services.models.linkToRun(project, checkRunId(runId(fields)), 'output', models)
  }),
  post('runs/log-model', async ({ services, project, fields }) => {
    const id = checkRunId(runId(fields))
    const model = parsedModel(text(fields, 'model_json'))
    const { tags } = services.runs.bundle(project, id)
    const before: unknown = JSON.parse(tags.find(({ key }) => key === 'mlflow.log-model.history')?.value ?? '[]')
    const history = Array.isArray(before) ? [...(before as readonly unknown[]), model] : [model]
    await services.runs.setTags(project, id, [{ key: 'mlflow.log-model.history', value: JSON.stringify(history) }])
  }),
  get('artifacts/list', async ({ services, project, fields }) => {
    const { run } = services.runs.bundle(project, checkRunId(runId(fields)))
    const files = await services.listArtifacts(project, run.id, optionalText(fields, 'path') ?? '')
    return {
      root_uri: `mlflow-artifacts:/${run.experiment}/${run.id}/artifacts`,
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

function askedRun(fields: Fields): NewRun {
  const tags = tagsIn(fields, 'tags').map(({ key, value }) => {
    checkKey(key, 'tag')
    return { key, value: truncate(value, LIMITS.tagValue) }
  })
  const name = optionalText(fields, 'run_name')
  const tagged = tags.find(({ key }) => key === 'mlflow.runName')?.value
  if (name !== undefined && name !== '' && tagged !== undefined && tagged !== name) {
    throw invalid(
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${name}', mlflow.runName='${tagged}').`,
    )
  }
  const chosen = name !== undefined && name !== '' ? name : tagged
  const startedAt = optionalInteger(fields, 'start_time')
  const user = optionalText(fields, 'user_id')
  return {
    source: 'client',
    experiment: checkExperimentId(optionalText(fields, 'experiment_id') || '0'),
    ...(chosen === undefined || chosen === '' ? {} : { name: chosen }),
    ...(startedAt === undefined || startedAt === 0 ? {} : { startedAt }),
    ...(user === undefined || user === '' ? {} : { user }),
    tags,
  }
}

function parsedModel(json: string): unknown {
  try {
    const model: unknown = JSON.parse(json)
    if (typeof model === 'object' && model !== null) {
      for (const field of ['artifact_path', 'flavors', 'utc_time_created', 'run_id']) {
        if (!Object.hasOwn(model, field)) throw invalid(`Model json is missing mandatory fields: ${field}`)
      }
      return model
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw invalid(`Malformed model info. \n ${json.slice(0, 200)} \n is not a valid JSON`)
}

function search({ services, project, fields }: ClientCall): unknown {
  const size = checkPageSize(optionalInteger(fields, 'max_results'), LIMITS.searchRuns, 1_000)
  const experiments = texts(fields, 'experiment_ids').map(checkExperimentId)
  if (experiments.length === 0) return {}
  const view = optionalText(fields, 'run_view_type') ?? 'ACTIVE_ONLY'
  const bundles = services.runs.bundlesOf(
    project,
    experiments,
    view === 'ALL' ? 'all' : view === 'DELETED_ONLY' ? 'deleted' : 'active',
  )
  const found = searchRuns(bundles, optionalText(fields, 'filter') ?? '', texts(fields, 'order_by'), services.now())
  const { items, next } = page(found, offsetOf(optionalText(fields, 'page_token')), size)
  return items.length === 0 ? next : { runs: items.map(wireRun), ...next }
}
