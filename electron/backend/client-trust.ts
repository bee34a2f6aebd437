import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { tokenMatches, tokenOf } from '#electron/http/trust.ts'
import { isLoopback } from '#electron/platform/listening-address.ts'
import { peerSocket } from '#electron/platform/process/peer.ts'

/**
 * Who may log: a program of the same user on this machine needs nothing, where the system tells whose socket it is (Linux). On
 * another system a loopback address is trusted; from beyond it, or from another user, one of the tokens is needed.
 */
export function createClientTrust(tokens: readonly string[]): (request: IncomingMessage) => Promise<boolean> {
  const known = new WeakMap<Socket, boolean>()
  return (request) => {
    const given = tokenOf(request)
    if (tokens.some((token) => tokenMatches(given, token))) return Promise.resolve(true)
    const { socket } = request
    const before = known.get(socket)
    if (before !== undefined) return Promise.resolve(before)
    const answer = trusts(socket)
    known.set(socket, answer)
    return Promise.resolve(answer)
  }
}

function trusts(socket: Socket): boolean {
  if (!isLoopback(socket.remoteAddress ?? '')) return false
  if (process.platform !== 'linux') return true
  const { remotePort, localPort } = socket
  const peer = remotePort === undefined || localPort === undefined ? undefined : peerSocket({ remotePort, localPort })
  if (peer !== undefined) return peer.uid === process.getuid?.()
  // A socket that the system does not list (another network namespace) has only its loopback address to speak for it, as long as it is there: one
  // that was reset after its request is listed no more, whosever it was.
  return (
    remotePort !== undefined &&
    localPort !== undefined &&
    peerSocket({ remotePort: localPort, localPort: remotePort }) !== undefined
  )
}
