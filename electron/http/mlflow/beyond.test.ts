import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientServer, openClientServer } from './client-server.fixture.ts'

/** What is other than the real server's on purpose; all else is compared with it under test/interop. */
let server: ClientServer
let experiment: string

beforeAll(async () => {
  server = await openClientServer()
  const { runs } = server.services
  experiment = (await runs.createExperiment(server.project, { name: 'beyond' })).id
  await runs.write(server.project, (writes) => {
    for (const [name, lr, loss] of [
      ['a', '0.1', 3],
      ['b', '1e-2', 2],
      ['c', 'auto', Number.NaN],
      ['d', '0.10', Infinity],
    ] as const) {
      const { id } = writes.createRun({ source: 'client', experiment, name, startedAt: 1 })
      writes.logParams(id, [{ key: 'lr', value: lr }], 'logged', null)
      // Found out around the script: no client sees it.
      writes.logParams(id, [{ key: 'seed', value: '7' }], 'captured', 'arguments')
      writes.logMetrics(id, [{ key: 'loss', value: loss, time: 1, step: 0 }])
      writes.logMetrics(id, [{ key: 'epoch time', value: 9, time: 1, step: 0 }], 'log')
    }
  })
})
afterAll(() => server.close())

type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

async function ask(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const response = await fetch(`${server.url}/api/2.0/mlflow/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

type Run = {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly artifact_uri: string }
  readonly data: { readonly params?: unknown; readonly metrics?: unknown }
}

async function found(filter: string, order: readonly string[] = ['run_name']): Promise<string> {
  const { status, body } = await ask('POST', 'runs/search', { experiment_ids: [experiment], filter, order_by: order })
  if (status !== 200) return `${status} ${String(body['message'])}`
  return ((body['runs'] ?? []) as readonly Run[]).map(({ info }) => info.run_name).join('')
}

async function freshRun(given: object = {}): Promise<Run> {
  const { body } = await ask('POST', 'runs/create', { experiment_id: experiment, run_name: 'fresh', ...given })
  return body['run'] as Run
}

describe('filters', () => {
  it('have OR, NOT, parentheses and lists of anything', async () => {
    expect([
      await found("run_name = 'a' OR run_name = 'c'"),
      await found("NOT (run_name = 'a' OR run_name = 'b') AND params.lr != 'auto'"),
      await found("params.lr IN ('0.1', 'auto')"),
      await found("run_name NOT IN ('a', 'b')"),
      await found("params.lr NOT LIKE '0.%'"),
      await found('params.lr = 0.1'),
      await found('params.lr < 0.05'),
      await found('metrics.loss > 2'),
      await found('metrics.loss != 3'),
    ]).toEqual(['ac', 'd', 'ac', 'cd', 'bc', 'ad', 'b', 'ad', 'bcd'])
  })

  it('see what the script logged and nothing else', async () => {
    expect([
      await found("params.seed = '7'"),
      await found('params.seed IS NULL'),
      await found('metrics.`epoch time` = 9'),
    ]).toEqual(['', 'abcd', ''])
  })

  it('point at the character that is wrong, and refuse what means nothing here', async () => {
    expect([
      await found('run_name = '),
      await found('loss'),
      await found('min(metrics.loss) < 1'),
      await found('loss < 3'),
    ]).toEqual([
      "400 Invalid clause(s) in filter string: The value is missing. (at character 12 of 'run_name = ')",
      "400 Invalid clause(s) in filter string: 'loss' is compared with nothing",
      '400 Invalid clause(s) in filter string: min() is not known here',
      expect.stringMatching(/^400 Invalid attribute key 'loss' specified\. Valid keys are \['run_id', 'run_name'/),
    ])
  })

  it('and orders put NaN after numbers and what is missing last, both ways', async () => {
    await freshRun({ run_name: 'e' })
    const all = "run_name != 'fresh'"
    expect([await found(all, ['metrics.loss']), await found(all, ['metrics.loss DESC'])]).toEqual(['badce', 'dabce'])
  })
})

describe('values', () => {
  it('keep infinities, which the real server cuts to the largest double', async () => {
    const { info } = await freshRun()
    const points = ['Infinity', '-Infinity', 'NaN'].map((value, step) => ({ key: 'odd', value, timestamp: step, step }))
    await ask('POST', 'runs/log-batch', { run_id: info.run_id, metrics: points })
    const { body } = await ask('GET', `metrics/get-history?run_id=${info.run_id}&metric_key=odd`)
    expect((body['metrics'] as readonly { readonly value: unknown }[]).map(({ value }) => value)).toEqual([
      'Infinity',
      '-Infinity',
      'NaN',
    ])
  })

  it('take a time with a fraction as that millisecond, and refuse a truth or a step between steps', async () => {
    const { info } = await freshRun()
    const log = async (given: object): Promise<number> =>
      (await ask('POST', 'runs/log-metric', { run_id: info.run_id, key: 'm', value: 1, timestamp: 5, ...given })).status
    expect([
      await log({ timestamp: 1_700_000_000_000.75 }),
      await log({ value: true }),
      await log({ step: 1.5 }),
    ]).toEqual([200, 400, 400])
    const { body } = await ask('GET', `metrics/get-history?run_id=${info.run_id}&metric_key=m`)
    expect(body).toEqual({ metrics: [{ key: 'm', value: 1, timestamp: 1_700_000_000_000, step: 0 }] })
  })

  it('cut a value of a megabyte between characters, not within one', async () => {
    const { info } = await freshRun()
    await ask('POST', 'runs/log-parameter', { run_id: info.run_id, key: 'p', value: '💥'.repeat(250_000) })
    const { body } = await ask('GET', `runs/get?run_id=${info.run_id}`)
    expect((body['run'] as Run).data.params).toEqual([{ key: 'p', value: '💥'.repeat(6_000) }])
  })

  it('of a history come all, and of one that is too long its peaks', async () => {
    const { info } = await freshRun()
    const values = Array.from({ length: 1_000 }, (_, step) => (step === 517 ? 99 : Math.sin(step)))
    const points = values.map((value, step) => ({ key: 'peak', value, timestamp: step, step }))
    await ask('POST', 'runs/log-batch', { run_id: info.run_id, metrics: points })
    const query = `metrics/get-history-bulk-interval?run_ids=${info.run_id}&metric_key=peak`
    const whole = await ask('GET', query)
    expect(whole.body['metrics']).toHaveLength(1_000)
    const { body } = await ask('GET', `${query}&max_results=40`)
    const steps = (body['metrics'] as readonly { readonly step: number }[]).map(({ step }) => step)
    expect([steps.length <= 40, steps[0], steps.includes(517), steps.at(-1)]).toEqual([true, 0, true, 999])
  })
})

describe('requests', () => {
  it('that are wrong are told so, where the real server does something else in silence', async () => {
    const { info } = await freshRun()
    const answers = [
      await ask('POST', 'runs/search', '{"experiment_ids": '),
      await ask('POST', 'runs/search', '[]'),
      await ask('POST', 'runs/update', { run_id: info.run_id, status: 'DONE' }),
      await ask('GET', `metrics/get-history?run_id=${'0'.repeat(32)}&metric_key=m`),
      await ask('POST', 'runs/log-metric', { run_id: info.run_id, key: 'm\n', value: 1, timestamp: 1 }),
      await ask('POST', 'runs/search', { experiment_ids: ['0'], order_by: ['start_time', 'start_time DESC'] }),
      await ask('POST', 'runs/search', '{}', 'text/plain'),
      await ask('POST', 'runs/nothing', {}),
    ]
    expect(answers.map(({ status, body }) => `${status} ${String(body['error_code'])}`)).toEqual([
      '400 BAD_REQUEST',
      '400 BAD_REQUEST',
      '400 INVALID_PARAMETER_VALUE',
      '404 RESOURCE_DOES_NOT_EXIST',
      '400 INVALID_PARAMETER_VALUE',
      '400 INVALID_PARAMETER_VALUE',
      '400 INVALID_PARAMETER_VALUE',
      '404 ENDPOINT_NOT_FOUND',
    ])
  })

  it('may leave the experiment out: the default one is meant', async () => {
    const { info } = await freshRun({ experiment_id: undefined })
    expect(info.artifact_uri).toBe(`mlflow-artifacts:/0/${info.run_id}/artifacts`)
  })

  it('a body that is too large is refused while it comes', async () => {
    const refused = await ask('POST', 'runs/log-batch', `{"x":"${'y'.repeat(65 << 20)}"}`).catch(
      (error: unknown) => error,
    )
    // Either the answer arrives, or the connection is closed under a client that goes on sending.
    expect(refused instanceof Error ? 'closed' : (refused as Answer).status).toBeOneOf([400, 'closed'])
    expect((await ask('GET', 'experiments/get?experiment_id=0')).status).toBe(200)
  })
})

describe('clients before 2.0', () => {
  it('find the registry as a preview, and list models and experiments without a filter', async () => {
    const { status } = await ask('POST', '../preview/mlflow/registered-models/create', { name: 'old' })
    const models = await ask('GET', '../preview/mlflow/registered-models/list?max_results=1')
    const all = await ask('GET', 'experiments/list')
    const one = await ask('GET', 'experiments/list?view_type=ALL&max_results=1')
    expect([status, models.body['registered_models']]).toEqual([200, [expect.objectContaining({ name: 'old' })]])
    expect((all.body['experiments'] as readonly { readonly name: string }[]).map(({ name }) => name)).toContain(
      'beyond',
    )
    expect([(one.body['experiments'] as unknown[]).length, typeof one.body['next_page_token']]).toEqual([1, 'string'])
  })
})

describe('artifact roots', () => {
  it('are the place that the experiment was made with, for the client to write to by itself', async () => {
    const made = await ask('POST', 'experiments/create', { name: 'bucket', artifact_location: 's3://bucket/path/' })
    const id = String(made.body['experiment_id'])
    const { info } = await freshRun({ experiment_id: id })
    expect(info.artifact_uri).toBe(`s3://bucket/path/${info.run_id}/artifacts`)
    const model = await ask('POST', 'logged-models', { experiment_id: id, name: 'm' })
    const { model_id: modelId, artifact_uri: uri } = (model.body['model'] as { info: Record<string, string> }).info
    expect(uri).toBe(`s3://bucket/path/models/${modelId}/artifacts`)
    expect((await ask('GET', `artifacts/list?run_id=${info.run_id}`)).body).toEqual({ root_uri: info.artifact_uri })
    expect(
      await ask('POST', 'runs/search', { experiment_ids: [id], filter: `artifact_uri LIKE 's3://bucket%'` }),
    ).toMatchObject({
      status: 200,
      body: { runs: [{ info: { run_id: info.run_id } }] },
    })
  })
})
