import { type ClientCall, post, type Route } from '../call.ts'
import { invalid } from '../errors.ts'
import {
  absent,
  type Fields,
  objects,
  optionalInteger,
  optionalText,
  optionalTime,
  runId,
  text,
  wireNumber,
  wrong,
} from '../fields.ts'
import { checkKey, checkLength, checkRunId, LIMITS, pairsIn, runParam, runTag } from '../validation.ts'

type Point = { readonly key: string; readonly value: number; readonly time: number; readonly step: number }

/** Metrics, parameters and tags of a run. */
export const loggingRoutes: readonly Route[] = [
  post('runs/log-metric', async (call) => {
    const { services, project, fields } = call
    const id = runId(fields)
    const point = pointIn(fields, '')
    await services.runs.logMetrics(project, id, [point])
    await modelMetrics(call, id, [fields], [point])
  }),
  post('runs/log-parameter', async ({ services, project, fields }) => {
    const id = runId(fields)
    const param = runParam({ key: text(fields, 'key'), value: optionalText(fields, 'value') ?? '' })
    await services.runs.logParams(project, id, [param], 'logged', null)
  }),
  post('runs/set-tag', async ({ services, project, fields }) => {
    const id = runId(fields)
    const tag = runTag({ key: text(fields, 'key'), value: optionalText(fields, 'value') ?? '' })
    await services.runs.setTags(project, id, [tag])
  }),
  post('runs/delete-tag', async ({ services, project, fields }) => {
    const id = runId(fields)
    await services.runs.deleteTag(project, id, text(fields, 'key'))
  }),
  post('runs/log-batch', async (call) => {
    const { services, project, fields } = call
    const id = checkRunId(runId(fields))
    const metrics = objects(fields, 'metrics')
    const params = pairsIn(fields, 'params')
    const tags = pairsIn(fields, 'tags')
    const points = metrics.map((metric, index) => pointIn(metric, `metrics[${index}]`))
    const checkedParams = params.map((param, index) => runParam(param, `params[${index}]`))
    const checkedTags = tags.map((tag, index) => runTag(tag, `tags[${index}]`))
    checkCounts(metrics.length, params.length, tags.length)
    checkTwice(checkedParams)
    // MLflow's order, each kind on its own: a parameter that is refused keeps the rest away, what was there before it stays.
    if (params.length > 0) await services.runs.logParams(project, id, checkedParams, 'logged', null)
    const writes: Promise<unknown>[] = []
    if (points.length > 0) writes.push(services.runs.logMetrics(project, id, points))
    if (tags.length > 0) writes.push(services.runs.setTags(project, id, checkedTags))
    if (points.length + params.length + tags.length === 0) await services.runs.setTags(project, id, [])
    await Promise.all(writes)
    await modelMetrics(call, id, metrics, points)
  }),
]

/** A point of a request; `path` is where it stands there: `metrics[3]`, or nothing. */
function pointIn(fields: Fields, path: string): Point {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
  const key = text(fields, 'key', at('key'))
  const given = fields['value']
  if (given === undefined || given === null || given === '') throw absent(at('value'))
  const time = optionalTime(fields, 'timestamp', at('timestamp'))
  if (time === undefined) throw absent(at('timestamp'))
  const value = wireNumber(given)
  if (value === undefined) throw wrong(at('value'), given)
  const step = optionalInteger(fields, 'step', at('step')) ?? 0
  checkKey(key, at('name'))
  if (time < 0) {
    const shown = Number.isInteger(value) ? `${value}.0` : value
    throw invalid(
      `Invalid value ${time} for parameter '${at('timestamp')}' supplied: metric '${key}' (value=${shown}). Timestamp must be a nonnegative long (64-bit integer) `,
    )
  }
  checkLength(key, LIMITS.key, 'Metric name')
  return { key, value, time, step }
}

function checkTwice(params: readonly { readonly key: string }[]): void {
  const seen = new Set<string>()
  const twice = params.filter(({ key }) => seen.size === seen.add(key).size).map(({ key }) => `'${key}'`)
  if (twice.length > 0)
    throw invalid(
      `Duplicate parameter keys have been submitted: [${twice.join(', ')}]. Please ensure the request contains only one param value per param key.`,
    )
}

function checkCounts(metrics: number, params: number, tags: number): void {
  const check = (count: number, limit: number, what: string): void => {
    if (count > limit)
      throw invalid(
        `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
      )
  }
  check(metrics, LIMITS.batchMetrics, 'metrics')
  check(params, LIMITS.batchParams, 'params')
  check(tags, LIMITS.batchTags, 'tags')
  check(metrics + params + tags, LIMITS.batchTotal, 'metrics, params, and tags')
}

/** Metrics that name a logged model are its metrics too. */
async function modelMetrics(
  { services, project }: ClientCall,
  run: string,
  given: readonly Fields[],
  points: readonly Point[],
): Promise<void> {
  const entries = given.flatMap((fields, index) => {
    const model = optionalText(fields, 'model_id')
    const point = points[index]
    if (model === undefined || model === '' || point === undefined) return []
    return [
      {
        ...point,
        model,
        run,
        datasetName: optionalText(fields, 'dataset_name') || null,
        datasetDigest: optionalText(fields, 'dataset_digest') || null,
      },
    ]
  })
  if (entries.length > 0) await services.models.logMetrics(project, entries)
}
