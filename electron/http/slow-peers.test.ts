import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createSlowPeers, type SlowPeers } from './slow-peers.ts'
import { eventually } from '#test/setup/eventually.ts'

const LIMITS = { silence: 100, grace: 1_000, leastRate: 1_000, unread: 500 }
const LENGTH = 3_000_000

type Stage = {
  readonly peers: SlowPeers
  readonly ended: string[]
  readonly client: Socket
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Lets time pass, and looks. */
  readonly pass: (milliseconds: number) => void
  /** Sends bytes of the body and waits until the server's socket has them. */
  readonly send: (bytes: number) => Promise<void>
}

/** A request whose head has come, on a clock of its own. */
async function stage(head = `PUT /file HTTP/1.1\r\nHost: x\r\nContent-Length: ${LENGTH}\r\n\r\n`): Promise<Stage> {
  let time = 0
  const ended: string[] = []
  const peers = createSlowPeers({ limits: LIMITS, now: () => time, onEnd: ({ url }) => void ended.push(url ?? '') })
  const server = createServer(peers.follow)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  onTestFinished(() => {
    client.destroy()
    server.closeAllConnections()
    server.close()
  })
  client.write(head)
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  request.on('error', () => {})
  return {
    peers,
    ended,
    client,
    request,
    response,
    pass(milliseconds) {
      time += milliseconds
      peers.sweep()
    },
    async send(bytes) {
      const before = request.socket.bytesRead
      client.write(Buffer.alloc(bytes))
      await eventually(() => expect(request.socket.bytesRead).toBe(before + bytes), { interval: 1 })
    },
  }
}

it('ends a body of which nothing comes any more, and forgets it', async () => {
  const { peers, ended, client, request, pass, send } = await stage()
  request.resume()
  await send(1_000)
  const closed = once(client, 'close')
  pass(0)
  pass(LIMITS.silence)
  expect([peers.open(), ended]).toEqual([1, []])
  pass(1)
  await closed
  expect([peers.open(), ended, request.complete]).toEqual([0, ['/file'], false])
})

it('leaves a slow body alone that goes on, however long it takes', async () => {
  const { ended, client, request, response, pass, send } = await stage()
  request.resume()
  // Three hundred times what a silence may last.
  for (let sent = 0; sent < LENGTH; sent += 10_000) {
    await send(10_000)
    pass(LIMITS.silence)
  }
  await eventually(() => expect(request.complete).toBe(true), { interval: 1 })
  pass(1e9)
  response.end('all')
  const [answer] = (await once(client, 'data')) as [Buffer]
  expect([answer.toString().split('\r\n')[0], ended]).toEqual(['HTTP/1.1 200 OK', []])
})

it('ends one that drips, once its grace is over', async () => {
  const { ended, client, request, pass, send } = await stage()
  request.resume()
  const closed = once(client, 'close')
  for (let round = 0; round < 10; round++) {
    await send(1)
    pass(LIMITS.grace / 10)
  }
  expect(ended).toEqual([])
  await send(1)
  pass(1)
  await closed
  expect(ended).toEqual(['/file'])
})

it('blames nobody for what we have not read, and begins to count when we have', async () => {
  const { ended, client, request, pass, send } = await stage()
  await send(30_000)
  await eventually(() => expect(request.readableLength).toBeGreaterThan(0), { interval: 1 })
  for (let round = 0; round < 50; round++) pass(LIMITS.silence)
  expect(ended).toEqual([])
  request.resume()
  await eventually(() => expect(request.readableLength).toBe(0), { interval: 1 })
  pass(LIMITS.silence)
  expect(ended).toEqual([])
  const closed = once(client, 'close')
  pass(1)
  await closed
  expect(ended).toEqual(['/file'])
})

it('forgets what waited behind another request of a connection that closed', async () => {
  const ask = 'GET /first HTTP/1.1\r\nHost: x\r\n\r\n'
  const { peers, client, request, pass } = await stage(ask + ask)
  await eventually(() => expect(peers.open()).toBe(2), { interval: 1 })
  const closed = once(request.socket, 'close')
  client.destroy()
  await closed
  pass(0)
  expect(peers.open()).toBe(0)
})

it('ends who takes nothing of an answer, and no one who waits for it', async () => {
  const { ended, client, request, response, pass } = await stage('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  request.resume()
  for (let round = 0; round < 50; round++) pass(LIMITS.unread)
  expect(ended).toEqual([])
  client.pause()
  response.write(Buffer.alloc(32 << 20))
  await eventually(() => expect(request.socket.writableLength).toBeGreaterThan(0), { interval: 1 })
  pass(0)
  pass(LIMITS.unread)
  expect(ended).toEqual([])
  const closed = once(request.socket, 'close')
  pass(1)
  await closed
  expect(ended).toEqual(['/slow'])
})
