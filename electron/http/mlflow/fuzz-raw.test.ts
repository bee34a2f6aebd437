import { request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FuzzedServer, isFine, openFuzzedServer } from './fuzz.fixture.ts'
import { routes } from './routes/index.ts'

/** What no library would send: requests as texts, with JSON, queries and paths that nobody tidied. */
let server: FuzzedServer
let fields: Record<string, unknown>

beforeAll(async () => {
  server = await openFuzzedServer()
  fields = await server.freshFields()
})
afterAll(() => server.close())

/** The status of the answer, which has to be JSON, in MLflow's form unless it is a 200. Files are no JSON: `anyBody` takes them. */
function statusOf(method: string, path: string, body?: string, anyBody = false): Promise<number> {
  const { hostname: host, port } = new URL(server.url)
  const length = { 'content-length': Buffer.byteLength(body ?? '') }
  const headers = body === undefined ? {} : { 'content-type': 'application/json', ...length }
  return new Promise((resolve, reject) => {
    const call = request({ host, port, path, method, headers }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () => {
        const status = response.statusCode ?? 0
        const text = Buffer.concat(pieces).toString()
        if (status === 200 && anyBody) return resolve(status)
        try {
          const { error_code: code, message } = JSON.parse(text) as Readonly<Record<string, unknown>>
          if (status === 200 || (typeof code === 'string' && typeof message === 'string')) return resolve(status)
        } catch {
          // Said below.
        }
        reject(new Error(`${method} ${path} was answered with ${status} ${text.slice(0, 200)}`))
      })
    })
    call.on('error', reject)
    call.end(body)
  })
}

const API = '/api/2.0/mlflow/'
const withIds = (path: string): string => path.replace(':model_id', String(fields['model_id'])).replace(':tag_key', 'k')

/** Values as JSON texts, some of which JavaScript would not write. */
const VALUES = [
  ...['NaN', '-Infinity', '1e999', '-1e999', '1e-999', '-0', '01', '.5', '+1', '0x1', 'undefined', "'a'", 'tru', ''],
  ...['9223372036854775807', '-9223372036854775808', '9223372036854775808', '18446744073709551616', '1.5', '5e-324'],
  ...['"9223372036854775807"', '"-9223372036854775809"', '"1e3"', '" 1"', '"0x10"', '"NaN"', '"-nan"', '"１"', '"1_0"'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\ufeff"', '"\\u202e"', '"\\x"', '"a\nb"', '"unclosed'],
  ...[
    '"💥"',
    '"e\\u0301"',
    '"ﬀ"',
    '"İ"',
    '"../.."',
    '"%2e%2e%2f"',
    '"models:/"',
    '"models:/m@"',
    '"runs:/"',
    '"file:"',
  ],
  ...[
    'null',
    'true',
    '{}',
    '[]',
    '[null]',
    '[[]]',
    '[{}]',
    '{"__proto__":{"a":1}}',
    '{"constructor":1}',
    '{"length":5}',
  ],
  ...['[{"key":null,"value":null}]', '[{"key":"a"},{"key":"a"}]', '[{"key":{"a":1},"value":[1]}]', '[1,"a",null,{}]'],
  ...['['.repeat(20_000), '['.repeat(2_000) + ']'.repeat(2_000), '{"a":'.repeat(2_000) + '1' + '}'.repeat(2_000)],
  ...[`"${'x'.repeat(300_000)}"`, `"${'%25'.repeat(10_000)}"`, `[${'1,'.repeat(20_000)}1]`, `"${'a/'.repeat(5_000)}"`],
]

/** The JSON of an object, with texts of JSON in the places of some fields. */
function written(given: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, string>>): string {
  const all = {
    ...Object.fromEntries(Object.entries(given).map(([key, value]) => [key, JSON.stringify(value)])),
    ...changes,
  }
  return `{${Object.entries(all)
    .map(([key, value]) => `${JSON.stringify(key)}:${value}`)
    .join(',')}}`
}

describe('bodies of any text', () => {
  it.each(routes.filter(({ method }) => method !== 'GET').map(({ method, path }) => [method, path] as const))(
    '%s %s',
    async (method, path) => {
      fields = await server.freshFields()
      const names = [...Object.keys(fields), 'page_token', 'run_uuid', '__proto__', 'toString']
      const change = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...VALUES), { minKeys: 1, maxKeys: 3 })
      await fc.assert(
        fc.asyncProperty(change, async (changes) => {
          expect(isFine(await statusOf(method, API + withIds(path), written(fields, changes)))).toBe(true)
        }),
        { numRuns: 40 },
      )
      expect(server.faults).toEqual([])
    },
  )
})

/** Parts of addresses as they may stand in a request: no blanks and no control characters. */
const PIECES = [
  ...[
    '&',
    '=',
    '?',
    '#',
    '/',
    '//',
    '.',
    '..',
    '%',
    '%2',
    '%zz',
    '%00',
    '%0a',
    '%20',
    '+',
    '%2f',
    '%2F..',
    '%5c',
    '\\',
    ';',
  ],
  ...[
    '%ff',
    '%c0%af',
    '%ed%a0%80',
    '%f0%9f%92%a5',
    '%25',
    '%252e%252e',
    '[]',
    '[0]',
    '"',
    "'",
    '<',
    '>',
    '|',
    '`',
    '^',
    '~',
  ],
  ...[
    'a',
    'NaN',
    '-1',
    '99999999999999999999',
    'true',
    'null',
    '{}',
    'models',
    'artifacts',
    'mlflow-artifacts:',
    ':',
    '@',
    '*',
  ],
]
const piece = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.string({ maxLength: 3 }).map((text) => encodeURIComponent(text)),
)

describe('addresses of any text', () => {
  it.each(routes.filter(({ method }) => method === 'GET').map(({ path }) => path))('GET %s', async (path) => {
    const names = ['run_id', 'run_ids', 'metric_key', 'experiment_id', 'name', 'version', 'filter', 'order_by', 'path']
    const name = fc.constantFrom(
      ...names,
      'page_token',
      'max_results',
      'view_type',
      'alias',
      'start_step',
      'end_step',
      '__proto__',
    )
    const right = fc
      .constantFrom(...['run_id', 'name', 'experiment_id', 'metric_key'])
      .map((key) => encodeURIComponent(String(fields[key])))
    const term = fc.tuple(
      name,
      fc.oneof(
        right,
        fc.array(piece, { maxLength: 4 }).map((parts) => parts.join('')),
      ),
    )
    const query = fc
      .array(
        term.map(([key, value]) => `${key}=${value}`),
        { maxLength: 6 },
      )
      .map((terms) => terms.join('&'))
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        expect(isFine(await statusOf('GET', `${API}${withIds(path)}?${text.replaceAll('#', '')}`))).toBe(true)
      }),
      { numRuns: 80 },
    )
    expect(server.faults).toEqual([])
  })

  it('of artifacts: read, written, listed and removed', async () => {
    const { run_id: run, model_id: model, name } = fields as Readonly<Record<string, string>>
    const root = fc.constantFrom(
      `0/${run}/artifacts/`,
      `0/models/${model}/artifacts/`,
      `0/${run}/`,
      '0/',
      '',
      'models/',
    )
    const path = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join('/').replaceAll('#', ''))
    const address = fc
      .tuple(root, path)
      .chain(([start, rest]) =>
        fc.constantFrom(
          `/api/2.0/mlflow-artifacts/artifacts/${start}${rest}`,
          `/ajax-api/2.0/mlflow-artifacts/artifacts?path=${start}${rest}`,
          `/get-artifact?run_id=${run}&path=${rest}`,
          `/model-versions/get-artifact?name=${encodeURIComponent(name ?? '')}&version=1&path=${rest}`,
          `/ajax-api/2.0/mlflow/logged-models/${model}/artifacts/files?artifact_file_path=${rest}`,
          `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${run}&path=${rest}`,
          `/api/2.0/mlflow/artifacts/list?run_id=${run}&path=${rest}`,
        ),
      )
    const method = fc.constantFrom('GET', 'PUT', 'DELETE', 'POST', 'PATCH')
    await fc.assert(
      fc.asyncProperty(method, address, async (verb, text) => {
        expect(isFine(await statusOf(verb, text, verb === 'GET' ? undefined : 'x', true))).toBe(true)
      }),
      { numRuns: 1_500 },
    )
    expect(server.faults).toEqual([])
  })

  it('of no route', async () => {
    const start = fc.constantFrom(
      '/api/2.0/mlflow/',
      '/ajax-api/2.0/mlflow/',
      '/api/3.0/mlflow/',
      '/v1/traces',
      '/graphql',
      '/api/',
    )
    const rest = fc.array(piece, { maxLength: 5 }).map((parts) => parts.join('').replaceAll(/[#?]/g, ''))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS'), start, rest, async (method, prefix, text) => {
        expect(await statusOf(method, prefix + text, method === 'GET' ? undefined : '{}')).toBe(404)
      }),
      { numRuns: 200 },
    )
    expect(server.faults).toEqual([])
  })

  it('of transfers in several parts: always 501, at which the client sends the file in one', async () => {
    const path = fc.array(piece, { maxLength: 4 }).map((parts) => parts.join('').replaceAll(/[#?]/g, ''))
    const body = fc.constantFrom(...VALUES, '{"path":"a","num_parts":3}')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('create', 'complete', 'abort'), path, body, async (step, rest, text) => {
        expect(await statusOf('POST', `/api/2.0/mlflow-artifacts/mpu/${step}/${rest}`, text)).toBe(501)
        expect(await statusOf('GET', `/api/2.0/mlflow-artifacts/presigned/${rest}`)).toBe(501)
      }),
      { numRuns: 100 },
    )
    expect(server.faults).toEqual([])
  })
})

it('page tokens of any content', async () => {
  const content = fc.oneof(
    fc.json({ maxDepth: 2 }),
    fc.constantFrom(...VALUES).map((value) => `{"offset":${value}}`),
    fc.constantFrom(...VALUES).map((value) => `{"offset": 1, "asked": ${value}}`),
    fc.string(),
  )
  const token = fc.oneof(
    content.map((text) => Buffer.from(text).toString('base64')),
    content.map((text) => Buffer.from(text).toString('base64url')),
    fc.base64String(),
    fc.string({ maxLength: 20 }),
  )
  const { run_id: run } = fields
  await fc.assert(
    fc.asyncProperty(token, async (text) => {
      const given = { experiment_ids: ['0'], max_results: 1, page_token: text.toWellFormed() }
      const query = `max_results=1&page_token=${encodeURIComponent(text.toWellFormed()).slice(0, 5_000)}`
      const statuses = [
        await statusOf('POST', `${API}runs/search`, JSON.stringify(given)),
        await statusOf('POST', `${API}experiments/search`, JSON.stringify(given)),
        await statusOf('POST', `${API}logged-models/search`, JSON.stringify(given)),
        await statusOf('GET', `${API}registered-models/search?${query}`),
        await statusOf('GET', `${API}model-versions/search?${query}`),
        await statusOf('GET', `${API}metrics/get-history?run_id=${String(run)}&metric_key=m&${query}`),
      ]
      expect(statuses.filter((status) => !isFine(status))).toEqual([])
    }),
    { numRuns: 150 },
  )
  expect(server.faults).toEqual([])
})
