import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type WebSocket as Socket, WebSocketServer } from 'ws'
import { createBackend } from '#renderer/client/backend.ts'
import { decodeFrame, encodeFrame } from '#shared/rpc/codec.ts'
import { FromCaller, PROTOCOL } from '#shared/rpc/envelope.ts'
import { eventually } from '#test/setup/eventually.ts'

const TOKEN = 'f'.repeat(64)
const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp()
})

/** A backend's listener whose greeting a test decides: `meet` is called with each page that comes. */
async function listening(
  meet: (socket: Socket, count: number) => void,
  port = 0,
): Promise<{
  readonly url: string
  readonly port: number
  readonly open: () => number
  readonly end: () => Promise<void>
}> {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'benchtop.1' })
  let count = 0
  sockets.on('connection', (socket: Socket) => {
    socket.on('error', () => {})
    meet(socket, ++count)
  })
  const server: Server = createServer((request, response) => {
    response.writeHead(request.headers.authorization === `Bearer ${TOKEN}` ? 200 : 401).end('{}')
  })
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    socket.on('error', () => {})
    if (request.headers['sec-websocket-protocol']?.includes(TOKEN) !== true) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n')
    } else sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const end = (): Promise<void> => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  }
  cleanUps.push(() => void end())
  const at = (server.address() as AddressInfo).port
  return { url: `http://127.0.0.1:${at}`, port: at, open: () => sockets.clients.size, end }
}

const hello = (socket: Socket, protocol: number = PROTOCOL): void =>
  socket.send(encodeFrame({ t: 'hello', build: 'b1', protocol }))

/** Greets, and answers each call with an empty project list. */
function serve(socket: Socket): void {
  hello(socket)
  socket.on('message', (data: Buffer) => {
    const message = FromCaller.parse(decodeFrame(data))
    if (message.t === 'call') socket.send(encodeFrame({ t: 'ok', id: message.id, value: [] }))
  })
}

function page(url: string, token = TOKEN) {
  const backend = createBackend(() => Promise.resolve({ url, token }))
  cleanUps.push(backend.close)
  const online = vi.fn<() => void>()
  backend.onOnline(online)
  return { backend, online, state: () => backend.useConnection.getState() }
}

function holdTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  cleanUps.push(() => void vi.useRealTimers())
}

describe('a page’s connection', () => {
  it('is one, though the first link ended before it was greeted', async () => {
    const listener = await listening((socket, count) => {
      if (count === 1) socket.close()
      else serve(socket)
    })
    holdTimers()
    const { backend, online, state } = page(listener.url)
    const answer = backend.client.projects.recent({})
    await eventually(() => expect(state().kind).toBe('lost'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await answer).toEqual([])
    expect(state()).toEqual({ kind: 'online', build: 'b1' })
    // Whatever waits to try again has its turn.
    await vi.advanceTimersByTimeAsync(60_000)
    await backend.client.projects.recent({})
    expect([online.mock.calls.length, listener.open()]).toEqual([1, 1])
  })

  it('comes back after the backend’s death, with the calls that were made meanwhile', async () => {
    const first = await listening(serve)
    const { backend, online, state } = page(first.url)
    await backend.client.projects.recent({})
    await first.end()
    await eventually(() => expect(state().kind).toBe('lost'))
    const waiting = backend.client.projects.recent({})
    await listening(serve, first.port)
    backend.retry()
    expect(await waiting).toEqual([])
    expect([state().kind, online.mock.calls.length]).toEqual(['online', 2])
  })

  it('fails what was under way when it was lost', async () => {
    const listener = await listening((socket, count) => {
      if (count > 1) return serve(socket)
      hello(socket)
      socket.on('message', () => socket.terminate())
    })
    const { backend } = page(listener.url)
    await expect(backend.client.projects.recent({})).rejects.toMatchObject({ code: 'unavailable', retry: true })
    expect(await backend.client.projects.recent({})).toEqual([])
  })

  it('is given up, and its link closed, where the backend speaks another version', async () => {
    const listener = await listening((socket) => hello(socket, PROTOCOL + 1))
    const { backend, state } = page(listener.url)
    await expect(backend.client.projects.recent({})).rejects.toMatchObject({ code: 'version_mismatch' })
    await eventually(() => expect(listener.open()).toBe(0))
    expect(state()).toEqual({ kind: 'mismatch' })
  })

  it('is locked where the token is refused, or there is none', async () => {
    const listener = await listening(serve)
    const refused = page(listener.url, '0'.repeat(64))
    await expect(refused.backend.client.projects.recent({})).rejects.toMatchObject({ code: 'unauthorized' })
    expect(refused.state()).toEqual({ kind: 'locked' })
    const none = createBackend(() => Promise.resolve(null))
    await expect(none.client.projects.recent({})).rejects.toMatchObject({ code: 'unauthorized' })
    expect(none.useConnection.getState()).toEqual({ kind: 'locked' })
  })

  it('ends with its page', async () => {
    const listener = await listening(serve)
    const { backend } = page(listener.url)
    await backend.client.projects.recent({})
    backend.close()
    await eventually(() => expect(listener.open()).toBe(0))
    await expect(backend.client.projects.recent({})).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('a backend that takes connections and says nothing is tried again', async () => {
    const listener = await listening((socket, count) => (count === 1 ? undefined : serve(socket)))
    holdTimers()
    const { backend, state } = page(listener.url)
    const waiting = backend.client.projects.recent({})
    await eventually(() => expect(listener.open()).toBe(1))
    expect(state().kind).toBe('connecting')
    await vi.advanceTimersByTimeAsync(10_000)
    await eventually(() => expect(state().kind).toBe('lost'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await waiting).toEqual([])
  })
})
