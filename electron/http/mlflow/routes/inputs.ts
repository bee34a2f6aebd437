import { isRounded } from '#shared/lib/whole-json.ts'
import { post, type Route } from '../call.ts'
import { invalid } from '../errors.ts'
import { absent, type Fields, object, objects, optionalText, runId, text } from '../fields.ts'
import { checkLength, checkRunId, LIMITS, pairsIn } from '../validation.ts'
import { exactInteger } from '../whole-numbers.ts'

/** What a run read and what it made: datasets and models. */
export const inputRoutes: readonly Route[] = [
  post('runs/log-inputs', async ({ services, project, fields }) => {
    const id = checkRunId(runId(fields))
    const datasets = objects(fields, 'datasets').map(datasetIn)
    const models = objects(fields, 'models').map((model, index) => ({
      model: text(model, 'model_id', `models[${index}].model_id`),
      step: 0,
    }))
    await services.runs.recordDatasets(project, id, datasets)
    if (models.length > 0) await services.models.linkToRun(project, id, 'input', models)
  }),
  post('runs/outputs', async (call) => {
    const { services, project } = call
    const fields = objects(call.fields, 'models').some(({ step }) => isRounded(step)) ? call.exactly() : call.fields
    const id = runId(fields)
    const models = objects(fields, 'models').map((model, index) => ({
      model: text(model, 'model_id', `models[${index}].model_id`),
      step: exactInteger(model, 'step') ?? 0,
    }))
    if ((fields['models'] ?? null) === null) throw absent('models')
    await services.models.linkToRun(project, id, 'output', models)
  }),
  post('runs/log-model', async ({ services, project, fields }) => {
    const id = runId(fields)
    const model = parsedModel(text(fields, 'model_json'))
    const { tags } = services.runs.bundle(project, id)
    const history = [...historyIn(tags.find(({ key }) => key === HISTORY)?.value), model]
    await services.runs.setTags(project, id, [{ key: HISTORY, value: JSON.stringify(history) }])
  }),
]

const HISTORY = 'mlflow.log-model.history'

function datasetIn(input: Fields, index: number) {
  const at = (name: string): string => `datasets[${index}].dataset.${name}`
  const dataset = object(input, 'dataset')
  const found = {
    name: text(dataset, 'name', at('name')),
    digest: text(dataset, 'digest', at('digest')),
    sourceType: text(dataset, 'source_type', at('source_type')),
    source: optionalText(dataset, 'source', at('source')) ?? '',
    schema: optionalText(dataset, 'schema', at('schema')) ?? null,
    profile: optionalText(dataset, 'profile', at('profile')) ?? null,
    tags: pairsIn(input, 'tags'),
  }
  checkLength(found.name, LIMITS.datasetName, 'name')
  checkLength(found.digest, LIMITS.datasetDigest, 'digest')
  checkLength(found.source, LIMITS.datasetSource, 'source')
  checkLength(found.schema ?? '', LIMITS.datasetSchema, 'schema')
  checkLength(found.profile ?? '', LIMITS.datasetProfile, 'profile')
  for (const { key, value } of found.tags) {
    checkLength(key, LIMITS.inputTagKey, 'key')
    checkLength(value, LIMITS.inputTagValue, 'value')
  }
  return found
}

function historyIn(text: string | undefined): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

function parsedModel(json: string): unknown {
  let model: unknown
  try {
    model = JSON.parse(json)
  } catch {
    model = undefined
  }
  if (typeof model !== 'object' || model === null)
    throw invalid(`Malformed model info. \n ${json.slice(0, 200)} \n is not a valid JSON.`)
  const missing = ['artifact_path', 'flavors', 'run_id', 'utc_time_created'].filter(
    (field) => !Object.hasOwn(model, field),
  )
  if (missing.length > 0)
    throw invalid(`Model json is missing mandatory fields: {${missing.map((field) => `'${field}'`).join(', ')}}`)
  return model
}
