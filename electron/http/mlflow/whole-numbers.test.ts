import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wholeJson } from '#shared/lib/whole-json.ts'
import { type ClientServer, openClientServer } from './client-server.fixture.ts'

let server: ClientServer
let experiment: string

beforeAll(async () => {
  server = await openClientServer()
  experiment = (await server.services.runs.createExperiment(server.project, { name: 'whole' })).id
})
afterAll(() => server.close())

type Body = Readonly<Record<string, unknown>>
type Point = { readonly key: string; readonly value: number; readonly step: bigint; readonly timestamp: bigint }

/** Asks with a body in any digits, and reads the answer with bigints for all whole numbers. */
async function ask(method: string, path: string, body?: string): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${server.url}/api/2.0/mlflow/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body }),
  })
  return { status: response.status, body: wholeJson(await response.text()) as Body }
}

async function freshRun(): Promise<string> {
  const { body } = await ask('POST', 'runs/create', JSON.stringify({ experiment_id: experiment }))
  return (body['run'] as { info: { run_id: string } }).info.run_id
}

const pointsOf = (list: unknown): readonly Point[] =>
  ((list ?? []) as readonly Body[]).map(({ key, value, step, timestamp }) => ({
    key: String(key),
    value: Number(value),
    step: BigInt(step as number | bigint),
    timestamp: BigInt(timestamp as number | bigint),
  }))

const LEAST = -(2n ** 63n)
const MOST = 2n ** 63n - 1n
const near = (from: bigint): fc.Arbitrary<bigint> => fc.bigInt(-2n, 2n).map((by) => from + by)
const whole = fc.oneof(
  near(1_800_000_000_000_000_000n),
  near(2n ** 53n),
  near(-(2n ** 53n)),
  fc.bigInt(0n, 3n),
  fc.constantFrom(MOST, MOST - 1n, LEAST, LEAST + 1n),
  fc.bigInt(LEAST, MOST),
)
const moment = whole.map((value) => (value < 0n ? -(value + 1n) : value))
const point = fc.record({
  key: fc.constantFrom('a', 'b'),
  value: fc.integer({ min: -1, max: 1 }),
  step: whole,
  timestamp: moment,
  asText: fc.boolean(),
})
type Sent = Point & { readonly asText: boolean }

function spell({ key, value, step, timestamp, asText }: Sent): string {
  const digits = (number: bigint): string => (asText ? `"${number}"` : String(number))
  return `{"key":"${key}","value":${value},"step":${digits(step)},"timestamp":${digits(timestamp)}}`
}

const compare = <Value extends bigint | number | string>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0)
const byTime = (a: Point, b: Point): number =>
  compare(a.timestamp, b.timestamp) || compare(a.step, b.step) || compare(a.value, b.value)
const byStep = (a: Point, b: Point): number =>
  compare(a.step, b.step) || compare(a.timestamp, b.timestamp) || compare(a.value, b.value)
const distinct = (points: readonly Point[]): readonly Point[] => [
  ...new Map(
    points.map(({ key, value, step, timestamp }) => [
      `${key} ${value} ${step} ${timestamp}`,
      { key, value, step, timestamp },
    ]),
  ).values(),
]

it('come back as they were logged: in histories, page by page, in intervals, and as latest values', async () => {
  const lists = fc.tuple(fc.array(point, { maxLength: 30 }), fc.array(point, { maxLength: 3 }), fc.tuple(whole, whole))
  await fc.assert(
    fc.asyncProperty(lists, async ([batch, single, ends]) => {
      const run = await freshRun()
      const logged = await ask('POST', 'runs/log-batch', `{"run_id":"${run}","metrics":[${batch.map(spell).join()}]}`)
      expect(logged).toEqual({ status: 200, body: {} })
      for (const one of single)
        expect(await ask('POST', 'runs/log-metric', spell(one).replace('{', `{"run_id":"${run}",`))).toEqual(logged)
      const all = distinct([...batch, ...single])
      const latest: Point[] = []
      for (const key of ['a', 'b']) {
        const expected = all.filter((one) => one.key === key).toSorted(byTime)
        const told: Point[] = []
        for (let token = ''; ;) {
          const { body } = await ask('GET', `metrics/get-history?run_id=${run}&metric_key=${key}&max_results=7${token}`)
          told.push(...pointsOf(body['metrics']))
          if (typeof body['next_page_token'] !== 'string') break
          token = `&page_token=${encodeURIComponent(body['next_page_token'])}`
        }
        expect(told).toEqual(expected)
        const bulk = await ask('GET', `metrics/get-history-bulk?run_id=${run}&metric_key=${key}`)
        expect(pointsOf(bulk.body['metrics'])).toEqual(expected)
        const [from, to] = ends.toSorted(compare) as [bigint, bigint]
        const interval = `metrics/get-history-bulk-interval?run_ids=${run}&metric_key=${key}&start_step=${from}&end_step=${to}`
        const within = expected.filter(({ step }) => step >= from && step <= to)
        expect(pointsOf((await ask('GET', interval)).body['metrics'])).toEqual(within.toSorted(byStep))
        latest.push(...expected.toSorted(byStep).slice(-1))
      }
      const { body } = await ask('GET', `runs/get?run_id=${run}`)
      const dataOf = (given: unknown): readonly Point[] =>
        pointsOf((given as { data: Body }).data['metrics']).toSorted((a, b) => compare(a.key, b.key))
      expect(dataOf(body['run'])).toEqual(latest)
      const search = { experiment_ids: [experiment], filter: `attributes.run_id = '${run}'` }
      const { body: found } = await ask('POST', 'runs/search', JSON.stringify(search))
      expect(dataOf((found['runs'] as readonly unknown[])[0])).toEqual(latest)
    }),
    { numRuns: 60 },
  )
  expect(server.faults).toEqual([])
}, 60_000)

it('are exact for logged models too', async () => {
  const run = await freshRun()
  const { body } = await ask('POST', 'logged-models', JSON.stringify({ experiment_id: experiment, name: 'm' }))
  const model = (body['model'] as { info: { model_id: string } }).info.model_id
  const points = [MOST, LEAST, 2n ** 53n, 2n ** 53n + 1n, 1_800_000_000_000_000_001n, 3n].map((step) => ({
    key: 'a',
    value: 1,
    step,
    timestamp: step < 0n ? 0n : step,
  }))
  const spelled = points.map((one) => spell({ ...one, asText: false }).replace('{', `{"model_id":"${model}",`))
  await ask('POST', 'runs/log-batch', `{"run_id":"${run}","metrics":[${spelled.join()}]}`)
  const told = await ask('GET', `logged-models/${model}`)
  expect(pointsOf((told.body['model'] as { data: Body }).data['metrics'])).toEqual(points.toSorted(byTime))
})

describe('as the times of runs', () => {
  const times = fc.array(
    fc.record({
      start: fc.oneof(whole, fc.constant(undefined)),
      end: fc.oneof(whole, fc.constant(undefined)),
      asText: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  type Times = { readonly start: bigint | undefined; readonly end: bigint | undefined }

  async function begun({ start, end }: Times, asText: boolean, owner: string): Promise<string> {
    const digits = (number: bigint): string => (asText ? `"${number}"` : String(number))
    const said = start === undefined ? '' : `,"start_time":${digits(start)}`
    const { body } = await ask('POST', 'runs/create', `{"experiment_id":"${owner}"${said}}`)
    const id = (body['run'] as { info: { run_id: string } }).info.run_id
    if (end !== undefined) {
      const ended = await ask('POST', 'runs/update', `{"run_id":"${id}","status":"FINISHED","end_time":${digits(end)}}`)
      expect(endOf(ended.body['run_info'] as Body)).toBe(end)
    }
    return id
  }
  const endOf = (info: Body): bigint => BigInt(info['end_time'] as number)
  const infos = (body: Body): readonly Body[] =>
    ((body['runs'] ?? []) as readonly { info: Body }[]).map(({ info }) => info)

  it('are told, found, ordered and paged in all their digits', async () => {
    await fc.assert(
      fc.asyncProperty(times, fc.tuple(whole, fc.nat()), async (list, [other, chosen]) => {
        const created = await ask('POST', 'experiments/create', JSON.stringify({ name: crypto.randomUUID() }))
        const owner = String(created.body['experiment_id'])
        const runs: { id: string; start: bigint; end: bigint | undefined }[] = []
        for (const { asText, ...given } of list) {
          const id = await begun(given, asText, owner)
          const { info } = (await ask('GET', `runs/get?run_id=${id}`)).body['run'] as { info: Body }
          const start = BigInt(info['start_time'] as number)
          // None and 0 are now, as the real server has it.
          if (given.start !== undefined && given.start !== 0n) expect(start).toBe(given.start)
          if (given.end !== undefined) expect(endOf(info)).toBe(given.end)
          runs.push({ id, start, end: given.end })
        }
        const search = async (more: Body): Promise<readonly Body[]> => {
          const { status, body } = await ask(
            'POST',
            'runs/search',
            JSON.stringify({ experiment_ids: [owner], ...more }),
          )
          expect(status).toBe(200)
          return infos(body)
        }
        for (const literal of [other, runs[chosen % runs.length]?.start ?? 0n, runs[chosen % runs.length]?.end ?? 1n]) {
          for (const [operator, holds] of OPERATORS) {
            for (const [name, key] of [
              ['start_time', 'start'],
              ['end_time', 'end'],
            ] as const) {
              const found = await search({ filter: `attributes.${name} ${operator} ${literal}` })
              const expected = runs.filter((run) => run[key] !== undefined && holds(compare(run[key], literal)))
              expect(found.map(({ run_id: id }) => String(id)).toSorted()).toEqual(
                expected.map(({ id }) => id).toSorted(),
              )
            }
          }
        }
        for (const [clause, sign] of [
          ['start_time ASC', 1],
          ['attributes.start_time DESC', -1],
        ] as const) {
          const expected = runs
            .toSorted((a, b) => sign * compare(a.start, b.start) || compare(a.id, b.id))
            .map(({ id }) => id)
          expect((await search({ order_by: [clause] })).map(({ run_id: id }) => id)).toEqual(expected)
          const paged: unknown[] = []
          for (let token: unknown = ''; typeof token === 'string';) {
            const asked = { experiment_ids: [owner], order_by: [clause], max_results: 2, page_token: token }
            const { body } = await ask('POST', 'runs/search', JSON.stringify(asked))
            paged.push(...infos(body).map(({ run_id: id }) => id))
            token = body['next_page_token']
          }
          expect(paged).toEqual(expected)
        }
      }),
      { numRuns: 25 },
    )
    expect(server.faults).toEqual([])
  }, 60_000)

  it('keep their digits when other things of the run change', async () => {
    const id = await begun({ start: MOST, end: LEAST }, false, experiment)
    await ask('POST', 'runs/set-tag', JSON.stringify({ run_id: id, key: 'mlflow.runName', value: 'renamed' }))
    await ask('POST', 'runs/delete', JSON.stringify({ run_id: id }))
    await ask('POST', 'runs/restore', JSON.stringify({ run_id: id }))
    const { info } = (await ask('GET', `runs/get?run_id=${id}`)).body['run'] as { info: Body }
    expect(info).toMatchObject({ start_time: MOST, end_time: LEAST, run_name: 'renamed' })
  })

  it('stand beside the steps of models that were made', async () => {
    const run = await freshRun()
    const { body } = await ask('POST', 'logged-models', JSON.stringify({ experiment_id: experiment, name: 'm' }))
    const model = (body['model'] as { info: { model_id: string } }).info.model_id
    for (const step of [MOST, 2n ** 53n + 1n, 7n])
      await ask('POST', 'runs/outputs', `{"run_id":"${run}","models":[{"model_id":"${model}","step":${step}}]}`)
    const told = (await ask('GET', `runs/get?run_id=${run}`)).body['run'] as { outputs: { model_outputs: Body[] } }
    expect(told.outputs.model_outputs.map(({ step }) => BigInt(step as number))).toEqual([7n, 2n ** 53n + 1n, MOST])
  })
})

const OPERATORS: readonly (readonly [string, (order: number) => boolean])[] = [
  ['=', (order) => order === 0],
  ['!=', (order) => order !== 0],
  ['<', (order) => order < 0],
  ['<=', (order) => order <= 0],
  ['>', (order) => order > 0],
  ['>=', (order) => order >= 0],
]

it.each([
  ['9223372036854775808', 'int'],
  ['-9223372036854775809', 'int'],
  ['"9223372036854775808"', 'str'],
  ['9.3e18', 'int'],
  ['99999999999999999999999', 'int'],
  ['3.5', 'float'],
  ['"3.5"', 'str'],
  ['" 3"', 'str'],
  ['[1800000000000000001]', 'list'],
])('that are none of 64 bits are refused in the words of a wrong value: %s', async (given, type) => {
  const run = await freshRun()
  const point = `{"key":"a","value":1,"timestamp":1800000000000000001,"step":${given}}`
  const words = (name: string): RegExp =>
    new RegExp(`for parameter '${name}' supplied:  Hint: Value was of type '${type}'`)
  const single = await ask('POST', 'runs/log-metric', point.replace('{', `{"run_id":"${run}",`))
  expect([single.status, single.body['message']]).toEqual([400, expect.stringMatching(words('step'))])
  const batch = await ask('POST', 'runs/log-batch', `{"run_id":"${run}","metrics":[${point}]}`)
  expect([batch.status, batch.body['message']]).toEqual([
    400,
    expect.stringMatching(words(String.raw`metrics\[0\].step`)),
  ])
  expect((await ask('GET', `runs/get?run_id=${run}`)).body['run']).toMatchObject({ data: {} })
})

it('stand in messages with all their digits', async () => {
  const run = await freshRun()
  const before = await ask(
    'POST',
    'runs/log-metric',
    `{"run_id":"${run}","key":"a","value":1,"timestamp":-9223372036854775808}`,
  )
  expect(before.body['message']).toContain("Invalid value -9223372036854775808 for parameter 'timestamp'")
  const interval = `metrics/get-history-bulk-interval?run_ids=${run}&metric_key=a&start_step=${MOST}&end_step=${MOST - 1n}`
  expect((await ask('GET', interval)).body['message']).toContain(`start_step=${MOST} and end_step=${MOST - 1n}.`)
  const value = await ask(
    'POST',
    'runs/log-metric',
    `{"run_id":"${run}","key":"v","value":1800000000000000001,"timestamp":1800000000000000001}`,
  )
  expect(value.status).toBe(200)
})

it('among what is nested too deeply for a second reading are a refusal', async () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  const body = `{"run_id":"x","key":"a","value":1,"timestamp":1800000000000000001,"extra":${deep}}`
  expect((await ask('POST', 'runs/log-metric', body)).status).toBe(400)
  expect(server.faults).toEqual([])
})
