import { type ClientCall, get, post, type Route } from '../call.ts'
import { invalid } from '../errors.ts'
import {
  double,
  type Fields,
  integer,
  objects,
  optionalInteger,
  optionalText,
  runId,
  text,
  texts,
  wireDouble,
} from '../fields.ts'
import { checkKey, checkPageSize, checkRunId, LIMITS, offsetOf, pageToken, truncate } from '../validation.ts'
import { tagsIn } from '../wire-run.ts'

type Point = { readonly key: string; readonly value: number; readonly time: number; readonly step: number }

/** Logging of values, and their history. */
export const metricRoutes: readonly Route[] = [
  post('runs/log-metric', async (call) => {
    const { services, project, fields } = call
    const id = checkRunId(runId(fields))
    const point = pointIn(fields, '')
    await services.runs.logMetrics(project, id, [point])
    await modelMetrics(call, id, [fields], [point])
  }),
  post('runs/log-parameter', async ({ services, project, fields }) => {
    const key = text(fields, 'key')
    checkKey(key, 'param')
    await services.runs.logParams(
      project,
      checkRunId(runId(fields)),
      [{ key, value: truncate(optionalText(fields, 'value') ?? '', LIMITS.paramValue) }],
      'logged',
      null,
    )
  }),
  post('runs/log-batch', async (call) => {
    const { services, project, fields } = call
    const id = checkRunId(runId(fields))
    const metrics = objects(fields, 'metrics')
    const params = paramsIn(fields)
    const tags = tagsIn(fields, 'tags').map(({ key, value }, index) => {
      checkKey(key, 'tag', `tags[${index}].key`)
      return { key, value: truncate(value, LIMITS.tagValue) }
    })
    checkCounts(metrics.length, params.length, tags.length)
    const points = metrics.map((metric, index) => pointIn(metric, `metrics[${index}].`))
    // MLflow's order, each part on its own: a later refusal leaves the earlier parts written. All are one transaction's work here.
    if (params.length > 0) await services.runs.logParams(project, id, params, 'logged', null)
    const writes: Promise<unknown>[] = []
    if (points.length > 0) writes.push(services.runs.logMetrics(project, id, points))
    if (tags.length > 0) writes.push(services.runs.setTags(project, id, tags))
    if (points.length + params.length + tags.length === 0) services.runs.bundle(project, id)
    await Promise.all(writes)
    await modelMetrics(call, id, metrics, points)
  }),
  get('metrics/get-history', ({ services, project, fields }) => {
    const id = checkRunId(runId(fields))
    const key = text(fields, 'metric_key')
    const offset = offsetOf(optionalText(fields, 'page_token'))
    const given = optionalInteger(fields, 'max_results')
    const points = services.runs.metricHistory(project, id, key)
    const size = given ?? points.step.length
    const end = Math.min(points.step.length, offset + size)
    const metrics = []
    for (let index = offset; index < end; index++) metrics.push(wirePoint(key, points, index))
    return metrics.length === 0
      ? {}
      : { metrics, ...(end < points.step.length ? { next_page_token: pageToken(end) } : {}) }
  }),
  get('metrics/get-history-bulk', ({ services, project, fields }) => {
    const key = text(fields, 'metric_key')
    const size = checkPageSize(optionalInteger(fields, 'max_results'), LIMITS.historyPage, LIMITS.historyPage)
    const metrics = runsIn(fields, 'run_id').flatMap((id) => {
      const points = services.runs.metricHistory(project, id, key)
      return Array.from(points.step, (_, index) => ({ ...wirePoint(key, points, index), run_id: id }))
    })
    return { metrics: metrics.slice(0, size) }
  }),
  get('metrics/get-history-bulk-interval', ({ services, project, fields }) => {
    const key = text(fields, 'metric_key')
    const from = optionalInteger(fields, 'start_step')
    const to = optionalInteger(fields, 'end_step')
    if ((from === undefined) !== (to === undefined))
      throw invalid('If either start step or end step are specified, both must be specified.')
    if (from !== undefined && to !== undefined && from > to)
      throw invalid(`end_step must be greater than start_step. Found start_step=${from} and end_step=${to}.`)
    const size = checkPageSize(optionalInteger(fields, 'max_results'), 2_500, 320)
    const metrics = runsIn(fields, 'run_ids').flatMap((id) => {
      const points = services.runs.metricHistory(project, id, key)
      return telling(points, from ?? -Infinity, to ?? Infinity, size).map((index) => ({
        ...wirePoint(key, points, index),
        run_id: id,
      }))
    })
    return metrics.length === 0 ? {} : { metrics }
  }),
]

type History = { readonly step: Float64Array; readonly time: Float64Array; readonly value: Float64Array }

/**
 * Indexes of at most about `size` points that matter: both ends, and of each of `size / 2` equal slices its smallest and largest value. A
 * sample at fixed steps, as the real server takes it, loses the peaks.
 */
function telling({ step, value }: History, from: number, to: number, size: number): readonly number[] {
  const inside: number[] = []
  for (let index = 0; index < step.length; index++) {
    const at = step[index] ?? 0
    if (at >= from && at <= to) inside.push(index)
  }
  if (inside.length <= size) return inside
  const slices = Math.max(1, Math.floor(size / 2) - 1)
  const chosen = new Set<number>([inside[0] ?? 0, inside.at(-1) ?? 0])
  for (let slice = 0; slice < slices; slice++) {
    const start = Math.floor((slice * inside.length) / slices)
    const end = Math.floor(((slice + 1) * inside.length) / slices)
    let low = inside[start] ?? 0
    let high = low
    for (let at = start; at < end; at++) {
      const index = inside[at] ?? 0
      if ((value[index] ?? 0) < (value[low] ?? 0)) low = index
      if ((value[index] ?? 0) > (value[high] ?? 0)) high = index
    }
    chosen.add(low).add(high)
  }
  return [...chosen].toSorted((a, b) => a - b)
}

function wirePoint(key: string, points: History, index: number): Readonly<Record<string, unknown>> {
  return {
    key,
    value: wireDouble(points.value[index] ?? Number.NaN),
    timestamp: Math.round(points.time[index] ?? 0),
    step: points.step[index] ?? 0,
  }
}

function pointIn(fields: Fields, prefix: string): Point {
  const key = text(fields, prefix === '' ? 'key' : 'key')
  checkKey(key, 'metric', `${prefix}key`)
  const value = double(fields, 'value', `${prefix}value`)
  const time = integer(fields, 'timestamp')
  if (time < 0)
    throw invalid(
      `Got invalid timestamp ${time} for metric '${key}' (value ${value}). Timestamp must be a nonnegative long (64-bit integer)`,
    )
  return { key, value, time, step: optionalInteger(fields, 'step') ?? 0 }
}

function paramsIn(fields: Fields): readonly { readonly key: string; readonly value: string }[] {
  const params = objects(fields, 'params').map((param, index) => {
    const key = text(param, 'key')
    checkKey(key, 'param', `params[${index}].key`)
    return { key, value: truncate(optionalText(param, 'value') ?? '', LIMITS.paramValue) }
  })
  const twice = params.find(({ key }, index) => params.findIndex((other) => other.key === key) !== index)
  if (twice !== undefined)
    throw invalid(
      `Duplicate parameter keys have been submitted: ['${twice.key}']. Please ensure the request contains only one param value per param key.`,
    )
  return params
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

function runsIn(fields: Fields, name: string): readonly string[] {
  const ids = texts(fields, name).map(checkRunId)
  if (ids.length === 0) throw invalid(`Missing value for required parameter '${name}'.`)
  if (ids.length > 100)
    throw invalid(`GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received ${ids.length} run_ids.`)
  return ids
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
        datasetName: optionalText(fields, 'dataset_name') ?? null,
        datasetDigest: optionalText(fields, 'dataset_digest') ?? null,
      },
    ]
  })
  if (entries.length > 0) await services.models.logMetrics(project, entries)
}
