import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { SUBPROTOCOL } from '#electron/transport/web-socket.ts'
import { openChance } from '#test/fixtures/chance.ts'
import { startTestBackend } from './backend.fixture.ts'
import type { Backend } from './start-backend.ts'

let backend: Backend
beforeAll(async () => {
  const started = await startTestBackend()
  backend = started.backend
  return started.close
})

type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** By node:http, which lets Host and Origin be anything. */
function ask(
  path: string,
  options: {
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port: backend.port, path, method: options.method ?? 'GET', headers: options.headers ?? {} },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces).toString(),
          }),
        )
        response.on('error', reject)
      },
    )
    call.on('error', reject)
    call.end(options.body)
  })
}

const bearer = (): Readonly<Record<string, string>> => ({ authorization: `Bearer ${backend.token}` })
const statusOf = async (...given: Parameters<typeof ask>): Promise<number> => (await ask(...given)).status
const CLIENT = '/api/2.0/mlflow/experiments/search?max_results=1'

describe('who may ask', () => {
  it('the contract needs the token, whoever asks', async () => {
    const wrong = 'f'.repeat(64)
    expect([
      await statusOf('/rpc/system.info', { method: 'POST' }),
      await statusOf('/rpc/system.info', { method: 'POST', headers: { authorization: `Bearer ${wrong}` } }),
      await statusOf(`/rpc/system.info?token=${backend.token}`, { method: 'POST' }),
      await statusOf('/rpc/system.info', { method: 'GET', headers: bearer() }),
      await statusOf('/rpc/system.info', { method: 'POST', headers: bearer() }),
    ]).toEqual([401, 401, 401, 405, 200])
  })

  it('a foreign Host or Origin gets nothing, with the token or without', async () => {
    const own = `127.0.0.1:${backend.port}`
    const refusals = [
      { host: 'rebound.example' },
      { host: `rebound.example:${backend.port}` },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:8888' },
    ]
    for (const headers of refusals)
      for (const path of ['/', '/health', '/spool/poke', CLIENT, '/rpc/system.info'])
        expect([headers, path, await statusOf(path, { method: 'POST', headers: { ...bearer(), ...headers } })]).toEqual(
          [headers, path, 403],
        )
    expect(await statusOf(CLIENT, { headers: { host: own, origin: `http://${own}` } })).toBe(200)
    // As `ssh -L 9000:localhost:5080` has it.
    expect(await statusOf(CLIENT, { headers: { host: 'localhost:9000', origin: 'http://localhost:9000' } })).toBe(200)
  })

  it('another page’s picture or script is no client', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
    expect([
      await statusOf(CLIENT, { headers: foreign }),
      await statusOf('/get-artifact?run_id=x&path=y', { headers: foreign }),
    ]).toEqual([403, 403])
  })

  it('no answer is taken for what it does not say it is', async () => {
    for (const path of ['/health', CLIENT, '/nothing', '/get-artifact?run_id=x&path=y'])
      expect((await ask(path)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      })
  })

  it('a ticket gives the token to its first bearer, and to nobody from another page', async () => {
    const issued = async (): Promise<string> =>
      (JSON.parse((await ask('/rpc/system.ticket', { method: 'POST', headers: bearer() })).body) as { ticket: string })
        .ticket
    const redeem = (body: string, headers = {}) => ask('/ticket', { method: 'POST', body, headers })
    const ticket = await issued()
    expect(await statusOf('/rpc/system.ticket', { method: 'POST' })).toBe(401)
    expect((await redeem(ticket, { origin: 'http://127.0.0.1:8888' })).status).toBe(403)
    expect((await redeem(ticket, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403)
    const first = await redeem(ticket, { origin: `http://127.0.0.1:${backend.port}`, 'sec-fetch-site': 'same-origin' })
    expect([first.status, first.headers['cache-control'], JSON.parse(first.body)]).toEqual([
      200,
      'no-store',
      { token: backend.token },
    ])
    expect([
      (await redeem(ticket)).status,
      (await redeem('')).status,
      (await redeem('0'.repeat(32))).status,
      (await redeem('0'.repeat(10_000))).status,
      await statusOf('/ticket'),
    ]).toEqual([403, 403, 403, 400, 404])
  })

  it('a WebSocket needs the token and our own Origin', async () => {
    const opens = async (protocols: readonly string[], headers = {}): Promise<boolean> => {
      const socket = new WebSocket(`ws://127.0.0.1:${backend.port}/ws`, [...protocols], { headers })
      onTestFinished(() => socket.terminate())
      return Promise.race([
        once(socket, 'open').then(() => true),
        once(socket, 'unexpected-response').then(() => false),
      ])
    }
    const token = `token.${backend.token}`
    expect([
      await opens([SUBPROTOCOL, token]),
      await opens([SUBPROTOCOL, token], { origin: `http://127.0.0.1:${backend.port}` }),
      await opens([SUBPROTOCOL, token], { origin: 'app://bundle' }),
      await opens([SUBPROTOCOL]),
      await opens([SUBPROTOCOL, `token.${'0'.repeat(64)}`]),
      await opens([token]),
      await opens([SUBPROTOCOL, token], { origin: 'https://evil.example' }),
    ]).toEqual([true, true, true, false, false, false, false])
  })
})

describe('what strangers do to it', () => {
  const chance = openChance('strangers')
  const raw = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(backend.port, '127.0.0.1', () => {
        socket.write(text)
        // In the same turn, and in later ones: the answer meets a connection that is gone.
        setTimeout(
          () => {
            socket.resetAndDestroy()
            resolve()
          },
          chance.between(0, 3),
        )
      })
      socket.on('error', () => {})
    })

  it('outlives peers that hang up amid an upgrade, a request, a body', async () => {
    const upgrade = (path: string): string =>
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`
    const beginnings = [
      upgrade('/'),
      upgrade('/ws'),
      'GET /health HTTP/1.1\r\nHost: 127.0',
      'POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a"',
      `POST /rpc/system.info HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${backend.token}\r\nContent-Length: 9\r\n\r\n{`,
      'PUT /api/2.0/mlflow-artifacts/artifacts/0/abc/artifacts/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nab',
      'CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      '\u0000\u0001\u0002',
    ]
    for (let round = 0; round < 20; round++) await Promise.all(beginnings.map(raw))
    expect(await statusOf('/health')).toBe(200)
  })

  it('serves what comes on one connection without waiting in the order in which it was sent', async () => {
    const api = '/api/2.0/mlflow/experiments/'
    const head = (line: string): string => `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n`
    const requests = Array.from({ length: 20 }, (_, index) => {
      const body = JSON.stringify({ name: `piped ${index}` })
      const made = `${head(`POST ${api}create`)}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
      return `${made}${head(`GET ${api}get-by-name?experiment_name=piped%20${index}`)}\r\n`
    })
    const socket = connect(backend.port, '127.0.0.1')
    socket.write(`${requests.join('')}${head('GET /health')}Connection: close\r\n\r\n`)
    const text = Buffer.concat((await socket.toArray()) as Buffer[]).toString()
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(Array.from({ length: 41 }, () => 'HTTP/1.1 200'))
    expect(text.match(/"name":"piped \d+"/g)).toHaveLength(20)
  })

  it('reads no body of a caller without the token', async () => {
    const headers = { 'content-length': String(1 << 30), 'content-type': 'application/json' }
    const answer = await new Promise<number>((resolve, reject) => {
      const call = request(
        { host: '127.0.0.1', port: backend.port, path: '/rpc/runs.table', method: 'POST', headers },
        (response) => {
          resolve(response.statusCode ?? 0)
          call.destroy()
        },
      )
      call.on('error', reject)
      call.write('{')
    })
    expect(answer).toBe(401)
  })

  it('a poke is taken at any time, and a storm of them too', async () => {
    const pokes = Array.from({ length: 100 }, () => statusOf('/spool/poke', { method: 'POST', body: '{}' }))
    expect(new Set(await Promise.all(pokes))).toEqual(new Set([204]))
  })

  it('names that JavaScript uses itself are names like any other', async () => {
    const info = { method: 'POST', headers: { ...bearer(), 'content-type': 'application/json' } }
    expect([
      await statusOf('/rpc/system.info', { ...info, body: '{"__proto__":{"polluted":true}}' }),
      await statusOf('/rpc/__proto__.toString', { ...info, body: '{}' }),
      await statusOf('/rpc/system.constructor', { ...info, body: '{}' }),
      ({} as { readonly polluted?: boolean }).polluted,
    ]).toEqual([200, 404, 404, undefined])
  })
})
