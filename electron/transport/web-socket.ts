import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { decodeFrame, encodeFrame } from '#shared/rpc/codec.ts'
import { type BackendLink, type FromBackend, FromCaller } from '#shared/rpc/envelope.ts'
import type { Dispatcher } from './dispatcher.ts'
import { serveLink } from './serve-link.ts'

/** The sub-protocol that a page names; its token follows as a second one, `token.<hex>`, for a page cannot set headers. */
export const SUBPROTOCOL = 'benchtop.1'

const MAX_MESSAGE = 64 << 20
const PING_EVERY = 20_000

export type WebSocketTransport = {
  /** Takes over an upgrade request that has already been let in. */
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  readonly connections: () => number
  readonly close: () => void
}

/** Serves the contract over WebSocket, one binary frame a message. */
export function createWebSocketTransport(
  dispatcher: Dispatcher,
  options: { readonly build: string; readonly onCount?: () => void },
): WebSocketTransport {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  })
  const alive = new WeakSet<WebSocket>()
  const heartbeat = setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, PING_EVERY)
  heartbeat.unref()
  server.on('connection', (socket) => {
    alive.add(socket)
    options.onCount?.()
    socket.on('pong', () => alive.add(socket))
    socket.on('close', () => options.onCount?.())
    socket.on('error', () => socket.terminate())
    serveLink(linkOf(socket), dispatcher, { build: options.build, actor: 'page' })
  })
  return {
    accept: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (accepted) => server.emit('connection', accepted, request)),
    connections: () => server.clients.size,
    close: () => {
      clearInterval(heartbeat)
      for (const socket of server.clients) socket.close(1001, 'The backend stops.')
      server.close()
    },
  }
}

function linkOf(socket: WebSocket): BackendLink {
  return {
    send: (message: FromBackend) => {
      if (socket.readyState === socket.OPEN) socket.send(encodeFrame(message))
    },
    onMessage: (listener) =>
      void socket.on('message', (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean) => {
        const parsed = isBinary ? parse(data) : undefined
        if (parsed === undefined) socket.close(1007, 'That is not a message of the contract.')
        else listener(parsed)
      }),
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(),
  }
}

function parse(data: Buffer | ArrayBuffer | Buffer[]): FromCaller | undefined {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data
  try {
    const message = FromCaller.safeParse(decodeFrame(bytes))
    return message.success ? message.data : undefined
  } catch {
    return undefined
  }
}
