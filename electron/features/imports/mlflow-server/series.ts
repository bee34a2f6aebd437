import type { SourceSeries } from '../source.ts'
import { listed, type Server } from './pages.ts'
import { moreOf, nearOf, WireMetric } from './wire.ts'

const PAGE = 25_000
/** Points of one metric that are taken: of what a server makes up without end. */
const MOST = 50_000_000

/**
 * Each metric's points, one metric after the other. A history that the server can't give is told and left out: MLflow of some versions fails on single
 * metrics. A connection that is lost throws AppError.
 */
export async function* readSeries(
  server: Server,
  run: string,
  keys: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<SourceSeries> {
  for (const key of new Set(keys)) {
    const series = await readOne(server, run, key, signal)
    if (series !== undefined) yield series
  }
}

async function readOne(
  server: Server,
  run: string,
  key: string,
  signal: AbortSignal,
): Promise<SourceSeries | undefined> {
  const numbered = await readHistory(server, run, key, PAGE, signal)
  // Servers of old give all at once, and some refuse to hear of a number.
  const { series, refused } =
    numbered.refused === 400 ? await readHistory(server, run, key, undefined, signal) : numbered
  if (refused === undefined) return series
  const why = `the server does not give them (${refused})`
  server.notice({ kind: 'skipped', what: `metric ${key} of run ${run}`, why })
  return undefined
}

type History = { readonly series: SourceSeries | undefined; readonly refused: number | undefined }

async function readHistory(
  server: Server,
  run: string,
  key: string,
  page: number | undefined,
  signal: AbortSignal,
): Promise<History> {
  const step: (number | bigint)[] = []
  const time: (number | bigint)[] = []
  const value: number[] = []
  let refused: number | undefined
  const what = `points of metric ${key} of run ${run}`
  const ask = (token: string | undefined) => ({
    path: '/api/2.0/mlflow/metrics/get-history',
    query: { run_id: run, run_uuid: run, metric_key: key, max_results: page, page_token: token },
  })
  const options = {
    ...{ what, ask, field: 'metrics', item: WireMetric },
    refused: ({ status }: { readonly status: number }) => {
      refused = status
      return true
    },
  }
  for await (const point of listed(server, options, signal)) {
    step.push(point.step)
    time.push(point.timestamp)
    value.push(point.value)
    if (step.length < MOST) continue
    server.notice({ kind: 'skipped', what, why: `of more than ${MOST} the rest did not come` })
    break
  }
  const near = (column: readonly (number | bigint)[]): Float64Array => Float64Array.from(column, nearOf)
  const more = (column: readonly (number | bigint)[]): Int16Array => Int16Array.from(column, moreOf)
  const rounds = [step, time].some((column) => column.some((whole) => typeof whole === 'bigint'))
  const columns = {
    ...{ step: near(step), time: near(time), value: Float64Array.from(value) },
    ...(rounds ? { rest: { step: more(step), time: more(time) } } : {}),
  }
  return { series: step.length === 0 ? undefined : { key, ...columns }, refused }
}
