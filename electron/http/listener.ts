import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { hostname } from 'node:os'
import type { Duplex } from 'node:stream'
import { appError } from '#shared/rpc/errors.ts'
import { isLoopback, isWildcard } from '#electron/platform/listening-address.ts'
import type { Log } from '#electron/platform/log.ts'
import type { Dispatcher } from '#electron/transport/dispatcher.ts'
import { servePost } from '#electron/transport/post-rpc.ts'
import { SUBPROTOCOL, type WebSocketTransport } from '#electron/transport/web-socket.ts'
import { createTurns } from './in-turn.ts'
import { createLimitedServer, HTTP_LIMITS } from './limited-server.ts'
import { isClientPath, serveClient, type ClientServices } from './mlflow/index.ts'
import { pageFile, sendPageFile } from './page.ts'
import { hostAllowed, originAllowed, siteAllowed, tokenMatches, tokenOf } from './trust.ts'

export type HttpOptions = {
  readonly host: string
  readonly port: number
  readonly token: string
  /** True for a key for one use that was given out and not used yet. */
  readonly redeem: (ticket: string) => boolean
  readonly dispatcher: Dispatcher
  readonly sockets: WebSocketTransport
  readonly features: { readonly clientServices: ClientServices; readonly pokeSpool: () => Promise<void> }
  readonly pageFolder: string | undefined
  readonly log: Log
  readonly build: string
}

export type Http = {
  readonly port: number
  readonly url: string
  /** Milliseconds since the last request of a program; 0 while one is under way. */
  readonly recent: () => number
  readonly close: () => Promise<void>
}

/** On every answer: what a run wrote is never taken for a script or a picture of another page. */
const PRUDENT = [
  ['x-content-type-options', 'nosniff'],
  ['cross-origin-resource-policy', 'same-origin'],
] as const

/**
 * The one listener: the page, the contract over WebSocket and POST, and the MLflow API under `/`, `/p/<project>` and `/l/<launch>`.
 * Throws `unavailable` in words when the port is taken.
 */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const { host } = options
  let lastRequest = Date.now()
  const turns = createTurns()
  const { server, open } = createLimitedServer(HTTP_LIMITS, options.log, () => performance.now())
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of PRUDENT) response.setHeader(name, value)
    if (!mayAsk(request, host)) return refuse(response, 403, foreign(host))
    const path = pathOf(request)
    if (path !== '/health') lastRequest = Date.now()
    const turn = turns(request.socket, response)
    const served =
      turn === undefined
        ? serve(request, response, path, options)
        : turn.then(() => (request.socket.destroyed ? undefined : serve(request, response, path, options)))
    served.catch((error: unknown) => {
      options.log.error('request failed', { path, error })
      if (response.headersSent) response.destroy()
      else refuse(response, 500, 'Something went wrong inside Benchtop.')
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has taken its own listener off: without one, a peer that hangs up while it is refused would end this process.
    socket.on('error', () => socket.destroy())
    const protocols = request.headers['sec-websocket-protocol'] ?? ''
    const known = pathOf(request) === '/ws' && protocols.split(',').some((name) => name.trim() === SUBPROTOCOL)
    if (!known) return refuseUpgrade(socket, '404 Not Found')
    if (!mayAsk(request, host)) return refuseUpgrade(socket, '403 Forbidden')
    if (!tokenMatches(tokenOf(request), options.token)) return refuseUpgrade(socket, '401 Unauthorized')
    options.sockets.accept(request, socket, head)
  })
  server.on('clientError', refuseUnread)
  await listen(server, options.port, host)
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: addressOf(host, port),
    recent: () => (open() > 0 ? 0 : Date.now() - lastRequest),
    close: () => closeServer(server),
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  options: HttpOptions,
): Promise<void> {
  if (path === '/health') {
    response.writeHead(200, {
      'content-type': 'text/plain',
      'x-benchtop-pid': String(process.pid),
      'x-benchtop-build': options.build,
    })
    response.end('OK')
    return
  }
  if (path.startsWith('/rpc/')) {
    if (request.method !== 'POST') return refuse(response, 405, 'The contract is spoken by POST.')
    if (!tokenMatches(tokenOf(request), options.token)) return refuse(response, 401, 'The token is missing or wrong.')
    return servePost(request, response, path.slice('/rpc/'.length), options.dispatcher)
  }
  if (path === '/ticket' && request.method === 'POST') {
    if (!siteAllowed(request.headers)) return refuse(response, 403, 'This address answers no page but its own.')
    return takeTicket(request, response, options)
  }
  if (path === '/spool/poke' && request.method === 'POST') {
    request.resume()
    if (!(await options.features.clientServices.mayLog(request))) return refuse(response, 401, 'This needs the token.')
    // Looked at once however often it is asked for. Whoever pokes does not wait for it.
    options.features.pokeSpool().catch((error: unknown) => options.log.error('the spool could not be read', { error }))
    response.writeHead(204).end()
    return
  }
  if (isClientPath(path) && !siteAllowed(request.headers))
    return refuse(response, 403, 'This address answers no page but its own.')
  if (isClientPath(path)) return serveClient(request, response, options.features.clientServices)
  if ((request.method === 'GET' || request.method === 'HEAD') && options.pageFolder !== undefined) {
    // A tracking address opened in a browser is the page: `/p/churn-3f2a`, and the links that clients print. The page's files
    // are named relative to it, so it needs its slash.
    if (/^\/[pl]\/[^/]+$/.test(path)) return void response.writeHead(302, { location: `${path}/` }).end()
    const file = pageFile(options.pageFolder, path.replace(/^\/[pl]\/[^/]+\/?/, '/'))
    if (file !== undefined) return sendPageFile(response, file)
  }
  refuse(response, 404, 'There is nothing here.')
}

/** The address of a listener as this machine reaches it, without a trailing slash. */
export function addressOf(host: string, port: number): string {
  const reached = isWildcard(host) ? '127.0.0.1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

/** Gives the token for a ticket: to this user's own browser, which is told from others' as its programs are. */
async function takeTicket(
  request: IncomingMessage,
  response: ServerResponse,
  { features, redeem, token }: HttpOptions,
): Promise<void> {
  if (!(await features.clientServices.mayLog(request))) return refuse(response, 401, 'This ticket is another user’s.')
  let ticket = ''
  for await (const piece of request as AsyncIterable<Buffer>) {
    ticket += piece.toString('latin1')
    if (ticket.length > 200) return refuse(response, 400, 'That is no ticket.')
  }
  if (!redeem(ticket)) return refuse(response, 403, 'This ticket was used, or is too old.')
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify({ token }))
}

function mayAsk({ headers }: IncomingMessage, listenHost: string): boolean {
  return hostAllowed(headers.host, listenHost) && originAllowed(headers.origin, headers.host)
}

function foreign(listenHost: string): string {
  if (isLoopback(listenHost)) return 'This address answers this machine only.'
  const name = isWildcard(listenHost) ? `its address or as ${hostname()}` : listenHost
  return `Ask for this machine by ${name}: any other name, and another page, may be a stranger’s.`
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
  response.end(JSON.stringify({ error_code: status === 404 ? 'ENDPOINT_NOT_FOUND' : 'PERMISSION_DENIED', message }))
}

/** Answers what is no request, unless an answer to an earlier one may be under way on the same connection. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || !(socket instanceof Socket) || socket.bytesWritten > 0) return void socket.destroy()
  const status = UNREAD[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}

const UNREAD: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        reject(
          appError(
            'unavailable',
            `Port ${port} on ${host} is taken by another program, or by another user's Benchtop.`,
            {
              hint: `Choose another: npm start -- --port ${port + 1}`,
              cause: error,
            },
          ),
        )
      } else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
        reject(appError('invalid', `${host} is not an address of this machine.`, { field: 'host', cause: error }))
      else if (error.code === 'EACCES')
        reject(
          appError('forbidden', `Port ${port} may not be used by this user.`, {
            hint: 'Choose one above 1023.',
            cause: error,
          }),
        )
      else reject(error)
    })
    server.listen(port, host, () => resolve())
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
