import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ClientServer, openClientServer } from '../client-server.fixture.ts'

let server: ClientServer
beforeAll(async () => void (server = await openClientServer()))
afterAll(() => server.close())

type Found = {
  readonly runs?: readonly { readonly info: { readonly run_id: string } }[]
  readonly next_page_token?: string
}

async function page(experiment: string, given: object): Promise<Found> {
  const response = await fetch(`${server.url}/api/2.0/mlflow/runs/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ experiment_ids: [experiment], ...given }),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Found
}

/** What happens between two pages. */
const meanwhile = fc.record({
  /** When runs that come began: in front of what was read, behind it, and at the same moment. */
  come: fc.array(fc.nat(20), { maxLength: 3 }),
  go: fc.array(fc.nat(30), { maxLength: 3 }),
})

it('gives each run that was there all along once, whatever comes and goes between the pages', async () => {
  let number = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(20), { minLength: 1, maxLength: 15 }),
      fc.array(meanwhile, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom([], ['start_time'], ['attributes.start_time DESC'], [' attribute.start_time asc ']),
      async (starts, between, max_results, order_by) => {
        const { runs } = server.services
        const { id: experiment } = await runs.createExperiment(server.project, { name: `pages ${number++}` })
        const make = async (startedAt: number): Promise<string> =>
          (await runs.createRun(server.project, { source: 'client', experiment, startedAt: 1_000 + startedAt })).id
        const there: string[] = []
        for (const start of starts) there.push(await make(start))
        const gone = new Set<string>()
        const read: string[] = []
        for (let round = 0, page_token: string | undefined; ; round++) {
          const found = await page(experiment, { max_results, order_by, page_token })
          read.push(...(found.runs ?? []).map(({ info }) => info.run_id))
          page_token = found.next_page_token
          if (page_token === undefined) break
          const { come, go } = between[round] ?? { come: [], go: [] }
          for (const start of come) await make(start)
          for (const index of go) {
            const id = there[index % there.length] ?? ''
            if (!gone.has(id)) await runs.trash(server.project, [id])
            gone.add(id)
          }
        }
        expect(new Set(read).size).toBe(read.length)
        expect(there.filter((id) => !gone.has(id) && !read.includes(id))).toEqual([])
      },
    ),
    { numRuns: 40 },
  )
})

it('goes by its place where values decide that change, and by tokens of other servers', async () => {
  const { runs } = server.services
  const { id: experiment } = await runs.createExperiment(server.project, { name: 'places' })
  for (let at = 0; at < 5; at++)
    await runs.createRun(server.project, { source: 'client', experiment, name: `r${at}`, startedAt: at + 1 })
  const token = async (order_by: readonly string[]): Promise<unknown> => {
    const { next_page_token: text = '' } = await page(experiment, { max_results: 2, order_by })
    return JSON.parse(atob(text))
  }
  expect([await token(['run_name']), await token(['start_time', 'run_name'])]).toEqual([{ offset: 2 }, { offset: 2 }])
  expect(await token([])).toEqual({ offset: 2, after: [4, expect.any(String)] })
  for (const odd of ['{"offset": 2}', '{"offset": 2, "after": 5}', '{"offset": 2, "after": ["x"]}']) {
    const { runs: found } = await page(experiment, { max_results: 2, page_token: btoa(odd) })
    expect(found?.map(({ info }) => (info as { readonly run_name?: string }).run_name)).toEqual(['r2', 'r1'])
  }
})
