import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { isLoopback, tokenMatches, tokenOf } from '#electron/http/trust.ts'
import { peerSocket } from '#electron/platform/process/peer.ts'

/**
 * Who may log: a program of the same user on this machine needs nothing, where the system tells whose socket it is (Linux). On
 * another system a loopback address is trusted; from beyond it, or from another user, the token is needed.
 */
export function createClientTrust(token: string): (request: IncomingMessage) => Promise<boolean> {
  const known = new WeakMap<Socket, boolean>()
  return (request) => {
    if (tokenMatches(tokenOf(request), token)) return Promise.resolve(true)
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
  // A socket that the system does not list (another network namespace) has only its loopback address to speak for it.
  return peer === undefined || peer.uid === process.getuid?.()
}
