import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isLoopback, isWildcard } from '#electron/platform/listening-address.ts'

/** The desktop page's origin. */
export const APP_ORIGIN = 'app://bundle'

/**
 * Who may ask at all: the Host must be a loopback name, whatever the port (so `ssh -L` works), or the address we were told to
 * listen on; when that is every address, any literal one, or this machine's name. This stops DNS rebinding: a foreign page can point its
 * own name at 127.0.0.1, but its Host stays foreign.
 */
export function hostAllowed(host: string | undefined, listenHost: string): boolean {
  const name = host === undefined ? undefined : hostName(host)
  if (name === undefined) return false
  if (isLoopback(name) || name === listenHost.toLowerCase()) return true
  return isWildcard(listenHost) && (isIP(name) !== 0 || name === hostname().toLowerCase())
}

/**
 * A page's Origin must be the very address that it asks, or the desktop page's; programs send none. Another port of loopback is another
 * program, which may show what strangers wrote. `null` (a sandboxed frame, a file) is foreign.
 */
export function originAllowed(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || origin === APP_ORIGIN) return true
  return host !== undefined && /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '') === host.toLowerCase()
}

/** False for what a browser asks on behalf of another site without naming an Origin: a picture, a script, a form. Following a link is no such thing. */
export function siteAllowed(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'same-origin' || site === 'none' || headers['sec-fetch-mode'] === 'navigate'
}

/** The token of `Authorization: Bearer`, of Basic (any user, token as password), or of the WebSocket's second sub-protocol. */
export function tokenOf(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization
  if (header?.startsWith('Bearer ') === true) return header.slice(7).trim()
  if (header?.startsWith('Basic ') === true) {
    const text = Buffer.from(header.slice(6), 'base64').toString('utf8')
    return text.slice(text.indexOf(':') + 1)
  }
  const protocols = request.headers['sec-websocket-protocol']?.split(',') ?? []
  return protocols
    .map((name) => name.trim())
    .find((name) => name.startsWith('token.'))
    ?.slice('token.'.length)
}

/** Compares in constant time. */
export function tokenMatches(given: string | undefined, token: string): boolean {
  if (given === undefined) return false
  const a = Buffer.from(given)
  const b = Buffer.from(token)
  return a.length === b.length && timingSafeEqual(a, b)
}

function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:/\\@\s]+))(?::\d{1,5})?$/.exec(host)
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}
