import { gzipSync, deflateSync, brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ClientServer, openClientServer } from './client-server.fixture.ts'

/** How requests may come and files go, whatever stands in them. */
let server: ClientServer
let run: string
let file: string

beforeAll(async () => {
  server = await openClientServer()
  const { id, experiment } = await server.services.runs.createRun(server.project, { source: 'client', experiment: '0' })
  run = id
  file = `${server.url}/api/2.0/mlflow-artifacts/artifacts/${experiment}/${run}/artifacts/a.txt`
  await fetch(file, { method: 'PUT', body: '0123456789' })
})
afterAll(() => server.close())

const API = '/api/2.0/mlflow/'

/** Status and error of a `set-tag` whose body came so. */
async function tag(body: RequestInit['body'], headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await fetch(`${server.url}${API}runs/set-tag`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body ?? null,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit)
  const answer = (await response.json()) as { readonly error_code?: string; readonly message?: string }
  return `${response.status} ${answer.error_code ?? ''} ${answer.message ?? ''}`.trim()
}

const tags = (): Readonly<Record<string, string>> =>
  Object.fromEntries(server.services.runs.bundle(server.project, run).tags.map(({ key, value }) => [key, value]))

it('takes bodies in pieces, with a mark of their byte order, and packed', async () => {
  const body = (key: string): Buffer => Buffer.from(JSON.stringify({ run_id: run, key, value: 'größe' }))
  const pieces = body('pieces')
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      // In the middle of a letter, too.
      for (let at = 0; at < pieces.length; at++) controller.enqueue(Uint8Array.of(pieces[at] ?? 0))
      controller.close()
    },
  })
  expect([
    await tag(stream),
    await tag(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body('marked')])),
    await tag(gzipSync(body('gzip')), { 'content-encoding': 'gzip' }),
    await tag(gzipSync(body('x-gzip')), { 'content-encoding': 'X-GZIP' }),
    await tag(deflateSync(body('deflate')), { 'content-encoding': 'deflate' }),
  ]).toEqual(['200', '200', '200', '200', '200'])
  expect(tags()).toMatchObject({ pieces: 'größe', marked: 'größe', gzip: 'größe', 'x-gzip': 'größe', deflate: 'größe' })
})

it('refuses packings in words: unknown, broken, and too much in little', async () => {
  const body = Buffer.from(JSON.stringify({ run_id: run, key: 'never', value: '1' }))
  const bomb = gzipSync(Buffer.alloc((64 << 20) + 1, ' '))
  expect(bomb.length).toBeLessThan(100_000)
  expect([
    await tag(brotliCompressSync(body), { 'content-encoding': 'br' }),
    await tag(body, { 'content-encoding': 'gzip' }),
    await tag(gzipSync(body).subarray(0, 30), { 'content-encoding': 'gzip' }),
    await tag(bomb, { 'content-encoding': 'gzip' }),
  ]).toEqual([
    '400 BAD_REQUEST A body of Content-Encoding br can’t be read. Send it plain, or by gzip.',
    '400 BAD_REQUEST The body is not gzip.',
    '400 BAD_REQUEST The body is not gzip.',
    '400 INVALID_PARAMETER_VALUE The request is larger than 64 MiB.',
  ])
  expect([tags()['never'], server.faults]).toEqual([undefined, []])
})

it('gives the part of a file that is asked for, while the file is what it was', async () => {
  const ask = async (headers: Readonly<Record<string, string>>, method = 'GET'): Promise<readonly unknown[]> => {
    const response = await fetch(file, { method, headers })
    return [response.status, response.headers.get('content-range'), await response.text()]
  }
  const { headers } = await fetch(file, { method: 'HEAD' })
  const state = headers.get('etag') ?? ''
  expect([headers.get('accept-ranges'), headers.get('content-length')]).toEqual(['bytes', '10'])
  expect([
    await ask({ range: 'bytes=2-4' }),
    await ask({ range: 'bytes=7-' }),
    await ask({ range: 'bytes=-2' }),
    await ask({ range: 'bytes=10-' }),
    await ask({ range: 'bytes=0-1,5-6' }),
    await ask({ range: 'bytes=2-4', 'if-range': state }),
    await ask({ range: 'bytes=2-4', 'if-range': '"other"' }),
    await ask({ range: 'bytes=2-4' }, 'HEAD'),
  ]).toEqual([
    [206, 'bytes 2-4/10', '234'],
    [206, 'bytes 7-9/10', '789'],
    [206, 'bytes 8-9/10', '89'],
    [416, 'bytes */10', ''],
    [200, null, '0123456789'],
    [206, 'bytes 2-4/10', '234'],
    [200, null, '0123456789'],
    [200, null, ''],
  ])
  await fetch(file, { method: 'PUT', body: 'abcdefghij' })
  expect(await ask({ range: 'bytes=2-4', 'if-range': state })).toEqual([200, null, 'abcdefghij'])
})

it('answers HEAD as it answers GET, without the body', async () => {
  const of = async (method: string, path: string): Promise<readonly unknown[]> => {
    const response = await fetch(server.url + path, { method })
    const text = await response.text()
    return [response.status, response.headers.get('content-length'), text.length > 0]
  }
  for (const path of [
    `${API}runs/get?run_id=${run}`,
    `${API}runs/get?run_id=none`,
    `${API}experiments/search?max_results=1`,
  ]) {
    const [status, length] = await of('GET', path)
    expect(await of('HEAD', path)).toEqual([status, length, false])
  }
})
