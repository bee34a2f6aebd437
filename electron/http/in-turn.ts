import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Lets the requests of a connection be served one after the other, as they were sent: a client that sends the next without waiting (HTTP
 * calls that pipelining) means it to come after. Undefined where nothing is to be waited for, which is nearly always.
 */
export function createTurns(): (socket: Socket, response: ServerResponse) => Promise<void> | undefined {
  const last = new WeakMap<Socket, ServerResponse>()
  return (socket, response) => {
    const before = last.get(socket)
    last.set(socket, response)
    if (before === undefined || before.writableFinished || socket.destroyed) return undefined
    return new Promise((resolve) => before.once('close', resolve))
  }
}
