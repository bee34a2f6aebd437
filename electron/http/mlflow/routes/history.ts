import { joinWhole, type Whole } from '#shared/lib/whole-number.ts'
import { get, type Route } from '../call.ts'
import { invalid } from '../errors.ts'
import { absent, guided, runId, text, texts, wireDouble } from '../fields.ts'
import { compareWhole, type History, telling } from '../history.ts'
import { firstOfHistory, historyPage } from '../history-page.ts'
import { LIMITS } from '../validation.ts'
import { optionalInteger, optionalWhole, wireWhole } from '../whole-numbers.ts'

const MOST_RUNS = 100
const MOST_SAMPLED = 2_500

/** Histories of metrics. */
export const historyRoutes: readonly Route[] = [
  get('metrics/get-history', ({ services, project, fields }) => {
    const id = runId(fields)
    const key = text(fields, 'metric_key')
    const given = optionalInteger(fields, 'max_results')
    if (given !== undefined && given <= 0)
      throw invalid(`Invalid value ${given} for parameter 'max_results' supplied. It must be a positive integer.`)
    const page = historyPage(services, project, { run: id, key, count: given ?? Infinity }, fields)
    const metrics: unknown[] = []
    for (let index = page.start; index < page.end; index++) metrics.push(wirePoint(key, page.points, index))
    if (metrics.length === 0) return {}
    return { metrics, ...(page.next === undefined ? {} : { next_page_token: page.next }) }
  }),
  get('metrics/get-history-bulk', ({ services, project, fields }) => {
    const runs = texts(fields, 'run_id')
    if (runs.length === 0) throw invalid('GetMetricHistoryBulk request must specify at least one run_id.')
    if (runs.length > MOST_RUNS)
      throw invalid(
        `GetMetricHistoryBulk request cannot specify more than ${MOST_RUNS} run_ids. Received ${runs.length} run_ids.`,
      )
    if (fields['metric_key'] === undefined) throw invalid('GetMetricHistoryBulk request must specify a metric_key.')
    const key = text(fields, 'metric_key')
    const most = Math.min(optionalInteger(fields, 'max_results') ?? LIMITS.historyPage, LIMITS.historyPage)
    const metrics: unknown[] = []
    for (const run of [...new Set(runs)].toSorted()) {
      if (metrics.length >= most || services.runs.findRun(project, run) === undefined) continue
      const { points, end } = firstOfHistory(services, project, { run, key, count: most - metrics.length })
      for (let index = 0; index < end; index++) metrics.push({ ...wirePoint(key, points, index), run_id: run })
    }
    return { metrics }
  }),
  get('metrics/get-history-bulk-interval', ({ services, project, fields }) => {
    const runs = texts(fields, 'run_ids')
    if (runs.length === 0) throw absent('run_ids')
    if (runs.length > MOST_RUNS)
      throw guided(
        `GetMetricHistoryBulkInterval request must specify at most ${MOST_RUNS} run_ids. Received ${runs.length} run_ids.`,
      )
    const key = text(fields, 'metric_key')
    const size = optionalInteger(fields, 'max_results') ?? MOST_SAMPLED
    if (size < 1 || size > MOST_SAMPLED) throw guided(`max_results must be between 1 and ${MOST_SAMPLED}.`)
    const from = optionalWhole(fields, 'start_step')
    const to = optionalWhole(fields, 'end_step')
    if ((from === undefined) !== (to === undefined))
      throw invalid('If either start step or end step are specified, both must be specified.')
    if (from !== undefined && to !== undefined && compareWhole(from, to) > 0)
      throw invalid(
        `end_step must be greater than start_step. Found start_step=${spell(from)} and end_step=${spell(to)}.`,
      )
    const metrics = runs.flatMap((run) => {
      if (services.runs.findRun(project, run) === undefined) return []
      const points = services.runs.metricHistory(project, run, key)
      return telling(points, from, to, size).map((index) => ({
        ...wirePoint(key, points, index),
        run_id: run,
      }))
    })
    return metrics.length === 0 ? {} : { metrics }
  }),
]

const spell = ({ near, rest }: Whole): string => String(joinWhole(near, rest))

function wirePoint(key: string, { value, time, step, rest }: History, index: number) {
  return {
    key,
    value: wireDouble(value[index] ?? Number.NaN),
    timestamp: wireWhole(Math.round(time[index] ?? 0), rest?.time[index] ?? 0),
    step: wireWhole(step[index] ?? 0, rest?.step[index] ?? 0),
  }
}
