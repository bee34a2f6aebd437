import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestBackend, type TestBackend } from './backend.fixture.ts'

let server: TestBackend
beforeAll(async () => void (server = await startTestBackend()))
afterAll(() => server.close())

/** What came over a connection until the server, or `until`, ended it. */
async function talk(say: (socket: Socket) => void | Promise<void>, until: RegExp = /$^/): Promise<string> {
  const socket = connect(server.backend.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let heard = ''
  const ended = new Promise<void>((resolve) => {
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      heard += text
      if (until.test(heard)) resolve()
    })
    socket.on('close', () => resolve())
    socket.on('error', () => resolve())
  })
  await say(socket)
  await ended
  return heard
}

const write = (socket: Socket, data: string | Buffer): Promise<void> =>
  new Promise((resolve) => void socket.write(data, () => resolve()))

function post(path: string, body: string, headers = `content-length: ${Buffer.byteLength(body)}\r\n`): string {
  return `POST /api/2.0/mlflow/${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}\r\n${body}`
}

const statuses = (heard: string): readonly number[] =>
  [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

async function newRun(): Promise<string> {
  const { runs, projects } = server.backend.features.clientServices
  return (await runs.createRun(projects.inbox(), { source: 'client' })).id
}

function stepsOf(run: string, key: string): readonly number[] {
  const { runs, projects } = server.backend.features.clientServices
  return [...runs.metricHistory(projects.inbox(), run, key).step]
}

const metric = (run: string, step: number): string =>
  JSON.stringify({ run_id: run, key: 'm', value: step / 8, timestamp: 1 + step, step })

describe('requests as they come over the wire', () => {
  it('many in one piece are answered in their order, and all are done', async () => {
    const run = await newRun()
    const logs = Array.from({ length: 200 }, (_, step) => post('runs/log-metric', metric(run, step)))
    const last = post('runs/get-nothing', '{}', 'connection: close\r\ncontent-length: 2\r\n')
    const heard = await talk((socket) => write(socket, logs.join('') + last))
    expect(statuses(heard)).toEqual([...logs.map(() => 200), 404])
    expect(stepsOf(run, 'm')).toEqual(logs.map((_, step) => step))
  })

  it('one in many pieces is one', async () => {
    const run = await newRun()
    const text = post('runs/log-metric', metric(run, 7)) + post('runs/log-metric', metric(run, 8))
    const heard = await talk(async (socket) => {
      socket.setNoDelay(true)
      for (let at = 0; at < text.length; at += 3) await write(socket, text.slice(at, at + 3))
    }, /(?:HTTP[^]*){2}\{\}$/)
    expect([statuses(heard), stepsOf(run, 'm')]).toEqual([
      [200, 200],
      [7, 8],
    ])
  })

  it('a body without a length comes in chunks, and one with two lengths is refused', async () => {
    const run = await newRun()
    const body = metric(run, 3)
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    const close = 'connection: close\r\n'
    const chunked = post('runs/log-metric', chunks, `${close}transfer-encoding: chunked\r\n`)
    expect(statuses(await talk((socket) => write(socket, chunked)))).toEqual([200])
    const both = post('runs/log-metric', chunks, `${close}content-length: 5\r\ntransfer-encoding: chunked\r\n`)
    expect(statuses(await talk((socket) => write(socket, both)))).toEqual([400])
    expect(stepsOf(run, 'm')).toEqual([3])
  })

  it('half of a body does nothing, whether its sender hangs up, ends or resets', async () => {
    const run = await newRun()
    const whole = post('runs/log-metric', metric(run, 1))
    const half = whole.slice(0, -5)
    for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
      await talk(async (socket) => {
        await write(socket, half)
        socket[leave]()
      })
    }
    expect(statuses(await talk((socket) => write(socket, whole), /\{\}$/))).toEqual([200])
    expect(stepsOf(run, 'm')).toEqual([1])
  })
})

describe('requests that are too much', () => {
  it('a body of more than 64 MiB is read to its end and refused in words', async () => {
    const piece = Buffer.alloc(1 << 20, ' ')
    const length = 66 * piece.length
    const heard = await talk(async (socket) => {
      await write(socket, post('runs/log-batch', '', `connection: close\r\ncontent-length: ${length}\r\n`))
      for (let sent = 0; sent < length; sent += piece.length) await write(socket, piece)
    })
    expect(statuses(heard)).toEqual([400])
    expect(heard).toContain('larger than 64 MiB')
  })

  it.each([
    ['headers', '431', `GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['what is no request', '400', 'hello, is there anybody?\r\n\r\n'],
  ])('%s of that kind are answered with %s', async (_, status, text) => {
    expect(await talk((socket) => write(socket, text))).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it('a value that is nested a hundred thousand deep is a mistake like any other', async () => {
    const run = await newRun()
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    for (const body of [deep, `{"run_id":"${run}","metrics":${deep}}`, `{"run_id":"${run}","key":${deep}}`]) {
      const heard = await talk((socket) =>
        write(socket, post('runs/log-batch', body, `connection: close\r\ncontent-length: ${body.length}\r\n`)),
      )
      expect([body.slice(0, 20), statuses(heard)]).toEqual([body.slice(0, 20), [expect.any(Number)]])
      expect(statuses(heard)[0]).toBeLessThan(500)
    }
  })

  it('nothing of all that is an error of ours', () => {
    expect(readFileSync(join(server.root, 'data', 'logs', 'backend.log'), 'utf8')).not.toMatch(/"level":"error"/)
  })
})
