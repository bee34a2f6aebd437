import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocket } from 'ws'
import { decodeFrame, encodeFrame } from '#shared/rpc/codec.ts'
import { clientOf, connect } from '#shared/rpc/client.ts'
import { type CallerLink, FromBackend } from '#shared/rpc/envelope.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { createDispatcher } from '#electron/transport/dispatcher.ts'
import { inProcessLinks } from '#electron/transport/in-process.ts'
import { postCaller } from '#electron/transport/post-caller.ts'
import { servePost } from '#electron/transport/post-rpc.ts'
import { serveLink } from '#electron/transport/serve-link.ts'
import { createWebSocketTransport, SUBPROTOCOL } from '#electron/transport/web-socket.ts'
import { sampleContract, type SampleContract, sampleHandlers, type Seen } from './sample-contract.ts'

export type Opened = {
  readonly client: Client<SampleContract>
  readonly seen: Seen
  readonly logged: readonly unknown[]
  /** Cuts the connection from the backend's side, as its death would. */
  readonly cut: () => void
  readonly close: () => Promise<void>
}

export type Transport = {
  readonly name: string
  readonly open: () => Promise<Opened>
  /** Cases of the suite that it cannot have, with the reason. */
  readonly without: Readonly<Record<string, string>>
}

function backendSide(): {
  readonly seen: Seen
  readonly logged: unknown[]
  readonly dispatcher: ReturnType<typeof createDispatcher>
} {
  const seen: Seen = { produced: 0, aborted: 0, running: 0 }
  const logged: unknown[] = []
  const dispatcher = createDispatcher(sampleContract, sampleHandlers(seen), {
    checkOutputs: true,
    newLogId: () => 'log-1',
    onError: (error) => logged.push(error),
  })
  return { seen, logged, dispatcher }
}

const inProcess: Transport = {
  name: 'in process',
  without: {},
  open: async () => {
    const { seen, logged, dispatcher } = backendSide()
    const links = inProcessLinks()
    const connection = connect(sampleContract, links.caller)
    serveLink(links.backend, dispatcher, { build: 'b1', actor: 'test' })
    await connection.hello
    return {
      client: connection.client,
      seen,
      logged,
      cut: links.backend.close,
      close: () => Promise.resolve(connection.close()),
    }
  },
}

const webSocket: Transport = {
  name: 'WebSocket',
  without: {},
  open: async () => {
    const { seen, logged, dispatcher } = backendSide()
    const sockets = createWebSocketTransport(dispatcher, { build: 'b1' })
    const server = createServer()
    server.on('upgrade', sockets.accept)
    const raw = new Set<Socket>()
    server.on('connection', (socket) => raw.add(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`, [SUBPROTOCOL])
    const connection = connect(sampleContract, nodeSocketLink(socket))
    await connection.hello
    return {
      client: connection.client,
      seen,
      logged,
      cut: () => raw.forEach((socket) => socket.destroy()),
      close: async () => {
        connection.close()
        sockets.close()
        await new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
      },
    }
  },
}

function nodeSocketLink(socket: WebSocket): CallerLink {
  return {
    send: (message) => socket.send(encodeFrame(message)),
    onMessage: (listener) =>
      void socket.on('message', (data: Buffer) => listener(FromBackend.parse(decodeFrame(data)))),
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(),
  }
}

const post: Transport = {
  name: 'POST /rpc',
  without: {
    'a lost connection fails all that waits':
      'each call is a connection of its own; a refused one is the socket’s own error',
    'a slow reader holds the sender back': 'the socket’s own buffers do, whose size the system chooses',
  },
  open: async () => {
    const { seen, logged, dispatcher } = backendSide()
    const server = createServer(
      (request, response) => void servePost(request, response, (request.url ?? '').replace('/rpc/', ''), dispatcher),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return {
      client: clientOf(sampleContract, postCaller({ url })),
      seen,
      logged,
      cut: () => server.closeAllConnections(),
      close: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    }
  },
}

/** Every way of the contract. The desktop's port is run by the same suite in `test/electron`. */
export const transports: readonly Transport[] = [inProcess, webSocket, post]
