import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FuzzedServer, isFine, openFuzzedServer } from './fuzz.fixture.ts'
import { routes } from './routes/index.ts'

let server: FuzzedServer
let right: Record<string, unknown>

beforeAll(async () => void (server = await openFuzzedServer()))
afterAll(() => server.close())

// Fresh ones for each route: some of them delete.
beforeEach(async () => void (right = await server.freshFields()))

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.constantFrom(
    ...[
      '',
      ' ',
      '..',
      '../x',
      '%2e%2e',
      '\0',
      '9'.repeat(400),
      '-1',
      '1e999',
      'NaN',
      'a'.repeat(300),
      '{"offset": -1}',
    ],
    ...[
      btoa('{"offset": 1e300}'),
      btoa('[]'),
      btoa('null'),
      'models:/registered/1',
      'models:/x@y',
      'file:///etc/passwd',
    ],
    ...["' OR 1=1 --", '`', '((((', 'metrics.m >', "name LIKE '%", '💥', '\ud800', 'toString', 'models:/', 'runs:/'],
  ),
  fc.constantFrom(1e308, -1e308, 2 ** 63, 2 ** 64, Number.MAX_SAFE_INTEGER + 2, -0.5),
  fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.constant(null), fc.constant({})), { maxLength: 3 }),
  fc.dictionary(
    fc.constantFrom('key', 'value', '__proto__', 'dataset', 'name', 'field_name'),
    fc.string({ maxLength: 5 }),
  ),
)

/** Which field goes wrong, by its place among all fields and those within, and what stands there then. */
const mistakes = fc.array(fc.tuple(fc.nat(), fc.nat(3), odd), { maxLength: 3 })
type Mistakes = typeof mistakes extends fc.Arbitrary<infer Value> ? Value : never

function withMistakes(found: Mistakes): Record<string, unknown> {
  const fields = structuredClone(right)
  for (const [place, depth, value] of found) {
    let at: Record<string, unknown> = { ...fields, page_token: '', run_uuid: '', allow_deleted: 'false', extra: 1 }
    const keys = Object.keys(at)
    const key = keys[place % keys.length] ?? ''
    const inner = fields[key]
    if (depth > 1 && Array.isArray(inner) && typeof inner[0] === 'object' && inner[0] !== null) {
      at = inner[0] as Record<string, unknown>
      const within = Object.keys(at)
      at[within[place % within.length] ?? ''] = value
    } else fields[key] = value
  }
  return fields
}

/** The answer's status; anything but an answer in MLflow's form throws. */
async function statusOf(method: string, path: string, body: string | undefined): Promise<number> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  const answer = JSON.parse(text) as { readonly error_code?: unknown; readonly message?: unknown }
  if (response.status !== 200) expect([typeof answer.error_code, typeof answer.message]).toEqual(['string', 'string'])
  return response.status
}

function addressed(path: string, given: Record<string, unknown>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = given[name]
    return encodeURIComponent((typeof value === 'string' ? value : JSON.stringify(value ?? 'none')).toWellFormed())
  })
}

function queryOf(given: Record<string, unknown>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given))
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined) query.append(name, typeof item === 'string' ? item : JSON.stringify(item))
  return query.toString()
}

/** Routes that refuse even what is right. */
const refused: string[] = []

function send(method: string, path: string, given: Record<string, unknown>): Promise<number> {
  const address = `/api/2.0/mlflow/${addressed(path, given)}`
  return method === 'GET'
    ? statusOf(method, `${address}?${queryOf(given)}`, undefined)
    : statusOf(method, address, JSON.stringify(given))
}

describe('whatever is asked, the answer is a 200 or a 4xx in MLflow’s form', () => {
  it.each(routes.map(({ method, path }) => [`${method} ${path}`, method, path] as const))(
    '%s',
    async (_, method, path) => {
      if ((await send(method, path, right)) !== 200) refused.push(`${method} ${path}`)
      await fc.assert(
        fc.asyncProperty(mistakes, async (found) => {
          expect(isFine(await send(method, path, withMistakes(found)))).toBe(true)
        }),
        { numRuns: 60 },
      )
      expect(server.faults).toEqual([])
    },
  )

  it('though without a mistake nearly every route says 200, so that the mistakes are what is met', () => {
    expect(refused).toEqual([
      // Undoes what is not done, or does again what is.
      'POST experiments/restore',
      'POST experiments/delete-experiment-tag',
      'POST runs/delete-tag',
      // Asks of the same fields something else than the others do.
      'POST logged-models/search',
      'PATCH logged-models/:model_id',
      'DELETE logged-models/:model_id/tags/:tag_key',
      'POST registered-models/create',
    ])
  })

  it('bodies that are no JSON, or not the JSON of an object', async () => {
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((text) => JSON.stringify(text)),
    )
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom('runs/log-batch', 'runs/search', 'runs/create'), async (text, path) => {
        expect(isFine(await statusOf('POST', `/api/2.0/mlflow/${path}`, text.toWellFormed()))).toBe(true)
      }),
      { numRuns: 200 },
    )
    expect(server.faults).toEqual([])
  })
})

describe('whatever stands in a filter or an order', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...['metrics', 'params', 'tags', 'attributes', 'dataset', 'name', 'status', 'run_id', 'start_time', 'unknown'],
      ...['.', ' ', '=', '!=', '<', '>=', 'LIKE', 'ILIKE', 'IN', 'NOT', 'IS', 'NULL', 'AND', 'OR', 'EXISTS', 'min'],
      ...['(', ')', ',', "'", '"', '`', "'a'", '"b"', '`c d`', '5', '-1e9', 'nan', 'DESC', 'asc', ';', '--', '\n'],
    ),
    fc.string({ maxLength: 5 }),
  )
  const clause = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(' ').toWellFormed())

  it.each([
    ['POST', 'runs/search'],
    ['POST', 'experiments/search'],
    ['POST', 'logged-models/search'],
    ['GET', 'registered-models/search'],
    ['GET', 'model-versions/search'],
  ] as const)('%s %s', async (method, path) => {
    await fc.assert(
      fc.asyncProperty(clause, clause, async (filter, order) => {
        const isModels = path === 'logged-models/search'
        const given = {
          filter,
          max_results: 5,
          experiment_ids: ['0'],
          ...(order === '' ? {} : { order_by: [isModels ? { field_name: order } : order] }),
        }
        const status = await send(method, path, given)
        expect(isFine(status)).toBe(true)
      }),
      { numRuns: 150 },
    )
    expect(server.faults).toEqual([])
  })

  it('a long filter is read, or refused, in no time that grows faster than it', async () => {
    const long = [
      '('.repeat(50_000),
      'NOT '.repeat(50_000),
      `${"params.a = 'x' AND ".repeat(10_000)}params.a = 'x'`,
      `run_id IN (${Array.from({ length: 10_000 }, (_, index) => `'${index}'`).join(',')})`,
      `params.a LIKE '${'%a'.repeat(1_000)}'`,
      `name = '${'x'.repeat(300_000)}'`,
    ]
    for (const filter of long) {
      const body = JSON.stringify({ filter, experiment_ids: ['0'] })
      expect(isFine(await statusOf('POST', '/api/2.0/mlflow/runs/search', body))).toBe(true)
    }
    expect(server.faults).toEqual([])
  })
})
