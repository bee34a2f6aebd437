import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ClientServer, openClientServer } from './client-server.fixture.ts'

let server: ClientServer

beforeAll(async () => {
  server = await openClientServer()
})
afterAll(() => server.close())

type Page = { readonly metrics?: readonly unknown[]; readonly next_page_token?: string }

async function page(run: string, more: string): Promise<Page> {
  const response = await fetch(`${server.url}/api/2.0/mlflow/metrics/get-history?run_id=${run}&metric_key=m${more}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Page
}

async function pages(run: string, size: number): Promise<readonly unknown[]> {
  const told: unknown[] = []
  for (let token = ''; ;) {
    const { metrics = [], next_page_token: next } = await page(run, `&max_results=${size}${token}`)
    expect(metrics.length).toBeLessThanOrEqual(size)
    told.push(...metrics)
    if (next === undefined) return told
    token = `&page_token=${encodeURIComponent(next)}`
  }
}

const value = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom(Number.NaN, Infinity, -0))
/** Steps that rise with time, or not; several values a step; many of one place. */
const point = fc.oneof(
  fc.integer({ min: 0, max: 60 }).chain((at) => fc.record({ step: fc.constant(at), time: fc.constant(at), value })),
  fc.record({ step: fc.constant(0), time: fc.integer({ min: 0, max: 3 }), value }),
  fc.record({ step: fc.integer({ min: 0, max: 9 }), time: fc.integer({ min: 0, max: 9 }), value }),
)

it('give the whole history in turn, whatever the order of its steps and times, in chunks or not', async () => {
  const { services, project, url } = server
  await fc.assert(
    fc.asyncProperty(
      fc.array(point, { maxLength: 80 }),
      fc.array(point, { maxLength: 10 }),
      fc.integer({ min: 1, max: 20 }),
      async (early, late, size) => {
        const { id } = await services.runs.createRun(project, { source: 'client' })
        const named = (points: typeof early) => points.map((one) => ({ key: 'm', ...one }))
        await services.runs.logMetrics(project, id, named(early))
        await project.metrics.compactNow()
        await services.runs.logMetrics(project, id, named(late))
        const { metrics: whole = [] } = await page(id, '')
        expect(await pages(id, size)).toEqual(whole)
        // MLflow's own tokens have an offset alone.
        const token = Buffer.from(`{"offset": ${size}}`).toString('base64')
        const { metrics: behind = [] } = await page(id, `&max_results=5&page_token=${encodeURIComponent(token)}`)
        expect(behind).toEqual(whole.slice(size, size + 5))
        const bulk = await fetch(
          `${url}/ajax-api/2.0/mlflow/metrics/get-history-bulk?run_id=${id}&metric_key=m&max_results=${size}`,
        )
        const told = ((await bulk.json()) as { metrics: readonly object[] }).metrics
        expect(told).toEqual(whole.slice(0, size).map((one) => ({ ...(one as object), run_id: id })))
      },
    ),
    { numRuns: 60 },
  )
  expect(server.faults).toEqual([])
}, 60_000)

it('goes on after the last point where others came before it meanwhile', async () => {
  const { services, project } = server
  const { id } = await services.runs.createRun(project, { source: 'client' })
  const log = (steps: readonly number[]): Promise<void> =>
    services.runs.logMetrics(
      project,
      id,
      steps.map((step) => ({ key: 'm', value: step, step, time: step })),
    )
  await log([2, 4, 6, 8])
  const first = await page(id, '&max_results=2')
  await log([1, 3])
  const second = await page(id, `&max_results=2&page_token=${encodeURIComponent(first.next_page_token ?? '')}`)
  expect([first, second].flatMap(({ metrics = [] }) => metrics)).toMatchObject([2, 4, 6, 8].map((step) => ({ step })))
})

it.each(['{"offset": 2, "after": 3}', '{"offset": 2, "after": [1]}', '{"offset": 2, "after": ["x", 1, "1", 0, 0]}'])(
  'refuses a token that is none: %s',
  async (token) => {
    const { id } = await server.services.runs.createRun(server.project, { source: 'client' })
    const encoded = encodeURIComponent(Buffer.from(token).toString('base64'))
    const response = await fetch(
      `${server.url}/api/2.0/mlflow/metrics/get-history?run_id=${id}&metric_key=m&max_results=1&page_token=${encoded}`,
    )
    expect([response.status, await response.json()]).toMatchObject([400, { error_code: 'INVALID_PARAMETER_VALUE' }])
  },
)
