import { type ClientCall, post, type Route } from '../call.ts'
import { invalid } from '../errors.ts'
import { objects, optionalText, runId, text } from '../fields.ts'
import { hasRounded, type ModelPoint, modelPointsIn, pointIn, pointsIn } from '../points-in.ts'
import { checkRunId, LIMITS, pairsIn, runParam, runTag } from '../validation.ts'

/** Metrics, parameters and tags of a run. */
export const loggingRoutes: readonly Route[] = [
  post('runs/log-metric', async (call) => {
    const { services, project } = call
    const fields = hasRounded(call.fields) ? call.exactly() : call.fields
    const id = runId(fields)
    const point = pointIn(fields, '')
    const ofModels = modelPointsIn([fields], [point])
    await services.runs.logMetrics(project, id, [point])
    await logModelPoints(call, id, ofModels)
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
    const points = pointsIn(metrics, call.exactly)
    const ofModels = modelPointsIn(metrics, points)
    const checkedParams = params.map((param, index) => runParam(param, `params[${index}]`))
    const checkedTags = tags.map((tag, index) => runTag(tag, `tags[${index}]`))
    checkCounts(metrics.length, params.length, tags.length)
    checkTwice(checkedParams)
    // MLflow's order, each kind on its own: a parameter that is refused keeps the rest away, what was there before it stays.
    if (params.length > 0) await services.runs.logParams(project, id, checkedParams, 'logged', null, true)
    const writes: Promise<unknown>[] = []
    if (points.length > 0) writes.push(services.runs.logMetrics(project, id, points))
    if (tags.length > 0) writes.push(services.runs.setTags(project, id, checkedTags))
    if (points.length + params.length + tags.length === 0) await services.runs.setTags(project, id, [])
    await Promise.all(writes)
    await logModelPoints(call, id, ofModels)
  }),
]

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

async function logModelPoints(
  { services, project }: ClientCall,
  run: string,
  points: readonly ModelPoint[],
): Promise<void> {
  if (points.length === 0) return
  await services.models.logMetrics(
    project,
    points.map((point) => ({ ...point, run })),
  )
}
