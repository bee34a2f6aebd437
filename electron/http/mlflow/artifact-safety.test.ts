import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ClientServer, openClientServer } from './client-server.fixture.ts'

let server: ClientServer
let run: string
/** The run's artifacts on the disk. */
let folder: string
let outside: string

beforeAll(async () => void (server = await openClientServer()))
afterAll(() => server.close())
beforeEach(async () => {
  const made = await ask('/api/2.0/mlflow/runs/create', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ experiment_id: '0', start_time: 1 }),
  })
  run = (JSON.parse(made.body.toString()) as { run: { info: { run_id: string } } }).run.info.run_id
  folder = join(server.project.artifactsFolder, run, 'artifacts')
  mkdirSync(folder, { recursive: true })
  outside = join(server.project.folder, 'secret.txt')
  writeFileSync(outside, 'secret')
})

type Answer = {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly whole: boolean
}

/** By node:http: `fetch` would tidy the path up before it is sent. */
function ask(
  path: string,
  options: {
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    readonly onHeaders?: () => void
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(server.url)
    const call = request(
      { host, port, path, method: options.method ?? 'GET', headers: options.headers ?? {} },
      (response) => {
        options.onHeaders?.()
        const pieces: Buffer[] = []
        const settle = (whole: boolean) => () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces), whole })
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('end', settle(true))
        response.on('error', settle(false))
      },
    )
    call.on('error', reject)
    call.end(options.body)
  })
}

const proxy = (path: string): string => `/api/2.0/mlflow-artifacts/artifacts/${path}`

/** Ways to say "above", as they go over the wire. */
const LEADING_OUT = [
  '../../../secret.txt',
  '..%2f..%2f..%2fsecret.txt',
  '%2e%2e/%2e%2e/%2e%2e/secret.txt',
  '%252e%252e/%252e%252e/%252e%252e/secret.txt',
  '%25252e%25252e%25252fsecret.txt',
  'a/../../../../secret.txt',
  './../../../secret.txt',
  '%2fetc%2fpasswd',
  '/etc/passwd',
  '..%5c..%5csecret.txt',
  'a%00.txt',
]

it('reads, writes, lists and deletes nothing outside of the run', async () => {
  for (const path of LEADING_OUT) {
    const statuses = [
      await ask(proxy(`0/${run}/artifacts/${path}`)),
      await ask(proxy(`0/${run}/artifacts/${path}`), { method: 'PUT', body: 'taken' }),
      await ask(proxy(`0/${run}/artifacts/${path}`), { method: 'DELETE' }),
      await ask(`${proxy('').slice(0, -1)}?path=0/${run}/artifacts/${path}`),
      await ask(`/get-artifact?run_id=${run}&path=${path}`),
      await ask(`/api/2.0/mlflow/upload-artifact?run_uuid=${run}&path=${path}`, { method: 'POST', body: 'taken' }),
    ].map(({ status }) => status)
    expect([path, statuses.filter((status) => status < 400 || status >= 500)]).toEqual([path, []])
  }
  for (const owner of ['..', '.', '%2e%2e', `${run}%2f..`, 'models/..', 'models/%2e%2e', '__proto__'])
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status } = await ask(proxy(`0/${owner}/artifacts/secret.txt`), { method, body: 'taken' })
      expect([owner, method, status >= 400 && status < 500]).toEqual([owner, method, true])
    }
  expect(readFileSync(outside, 'utf8')).toBe('secret')
  expect(server.faults).toEqual([])
})

it('follows no link out, whether it is a file, a folder, or leads nowhere yet', async () => {
  symlinkSync(outside, join(folder, 'file-link'))
  symlinkSync(server.project.folder, join(folder, 'folder-link'))
  symlinkSync(join(server.project.folder, 'to-be-made.txt'), join(folder, 'dangling'))
  for (const path of ['file-link', 'folder-link/secret.txt', 'folder-link/made.txt', 'dangling', 'dangling/x'])
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status } = await ask(proxy(`0/${run}/artifacts/${path}`), { method, body: 'taken' })
      expect([path, method, status >= 400 && status < 500]).toEqual([path, method, true])
    }
  expect([
    readFileSync(outside, 'utf8'),
    existsSync(join(server.project.folder, 'to-be-made.txt')),
    existsSync(join(server.project.folder, 'made.txt')),
  ]).toEqual(['secret', false, false])
  const listing = await ask(`${proxy('').slice(0, -1)}?path=0/${run}/artifacts`)
  expect(listing.body.toString()).not.toContain('link')
})

it('a file is sent to be kept: of no type that a page would run, and its name stays in its header', async () => {
  const names = [
    'evil.js',
    'evil.html',
    'evil.svg',
    'a"b.txt',
    "it's.txt",
    'line\r\nset-cookie: a=b.txt',
    'größe 学習.txt',
    '%0d%0a.txt',
  ]
  for (const name of names) {
    writeFileSync(join(folder, name), 'x')
    const { status, headers } = await ask(`/get-artifact?run_id=${run}&path=${encodeURIComponent(name)}`)
    expect([name, status]).toEqual([name, 200])
    expect(headers['content-type']).not.toMatch(/javascript|ecmascript/)
    expect(headers['content-disposition']).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
    )
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-length': '1' })
    expect(headers['set-cookie']).toBeUndefined()
  }
})

it('a file that grows is sent as long as was said, and one that shrinks is cut off rather than waited for', async () => {
  const file = join(folder, 'log.txt')
  const size = 8 << 20
  writeFileSync(file, Buffer.alloc(size, 'a'))
  const grown = await ask(proxy(`0/${run}/artifacts/log.txt`), {
    onHeaders: () => appendFileSync(file, Buffer.alloc(size, 'b')),
  })
  expect([grown.whole, grown.body.length, grown.body.includes('b')]).toEqual([true, size, false])
  const shrunk = await ask(proxy(`0/${run}/artifacts/log.txt`), { onHeaders: () => truncateSync(file, 10) })
  expect(shrunk.whole).toBe(false)
  expect(shrunk.body.length).toBeLessThan(2 * size)
})

it('numbers beyond 64 bits are the client’s mistake, not ours', async () => {
  const headers = { 'content-type': 'application/json' }
  const refused = async (path: string, body: string): Promise<number> =>
    (await ask(`/api/2.0/mlflow/${path}`, { method: 'POST', headers, body })).status
  expect([
    await refused('runs/create', '{"experiment_id":"0","start_time":1e999}'),
    await refused('runs/create', '{"experiment_id":"0","start_time":1e300}'),
    await refused('runs/update', `{"run_id":"${run}","status":"FINISHED","end_time":1e999}`),
    await refused('runs/log-metric', `{"run_id":"${run}","key":"a","value":1,"timestamp":1,"step":1e300}`),
    await refused('runs/log-metric', `{"run_id":"${run}","key":"a","value":1,"timestamp":1e999,"step":1}`),
    await refused(
      'runs/log-metric',
      `{"run_id":"${run}","key":"a","value":1,"timestamp":1,"step":"9223372036854775807"}`,
    ),
  ]).toEqual([400, 400, 400, 400, 400, 200])
  expect(server.faults).toEqual([])
})

it('does not call a file kept whose run went away, to another project say, while it came', async () => {
  const { hostname: host, port } = new URL(server.url)
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const path = proxy(`0/${run}/artifacts/late.txt`)
    const call = request({ host, port, path, method: 'PUT' }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    call.on('error', reject)
    call.write('half ')
    const drafts = (): number => readdirSync(folder).length
    const look = setInterval(() => {
      if (drafts() === 0) return
      clearInterval(look)
      server.project.db.run('DELETE FROM run WHERE id = ?', run)
      call.end('whole')
    }, 5)
  })
  expect(status).toBe(404)
})
