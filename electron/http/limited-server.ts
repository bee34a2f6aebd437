import { createServer, type Server } from 'node:http'
import type { Log } from '#electron/platform/log.ts'
import { createSlowPeers, type PeerLimits } from './slow-peers.ts'

export type HttpLimits = PeerLimits & {
  /** Connections at once, those of pages among them. More are closed as they come; clients try again. */
  readonly connections: number
  /** Milliseconds in which the head of a request has to have come. */
  readonly headers: number
}

/** Twice what a thousand processes on the real client open; a file of 2 GB may take weeks, but not stand still. */
export const HTTP_LIMITS: HttpLimits = {
  connections: 4096,
  headers: 30_000,
  silence: 120_000,
  grace: 600_000,
  leastRate: 1_000,
  unread: 900_000,
}

export type LimitedServer = {
  readonly server: Server
  /** How many requests are under way. */
  readonly open: () => number
}

/** An HTTP server that no number of connections, and none that stands still, keeps from others. It listens to nothing yet. */
export function createLimitedServer(limits: HttpLimits, log: Log, now: () => number): LimitedServer {
  const server = createServer({
    keepAliveTimeout: 65_000,
    // Of a whole request: a large file may take any time. Those that stand still are found otherwise.
    requestTimeout: 0,
    headersTimeout: limits.headers,
    connectionsCheckingInterval: Math.min(limits.headers, 30_000),
    maxHeaderSize: 64 << 10,
    // A machine that went to sleep in the middle of a request says nothing any more: the system asks for it, and ends the connection in minutes.
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  })
  server.maxConnections = limits.connections
  let isFull = false
  server.on('drop', () => {
    // Once for each time that it is full: a flood must not fill the log as well.
    if (!isFull) log.warn('too many connections', { limit: limits.connections })
    isFull = true
  })
  server.on('connection', () => (isFull = false))
  const peers = createSlowPeers({
    limits,
    now,
    onEnd: ({ method, url }) => log.warn('a peer stood still in the middle of a request', { method, url }),
  })
  server.on('request', peers.follow)
  const timer = setInterval(peers.sweep, Math.min(limits.silence, limits.unread) / 4)
  timer.unref()
  server.once('close', () => clearInterval(timer))
  return { server, open: peers.open }
}
