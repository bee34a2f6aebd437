import type { IncomingMessage, ServerResponse } from 'node:http'

/** How long a peer may keep us waiting, in milliseconds. */
export type PeerLimits = {
  /** Without a byte of a body that we wait for. */
  readonly silence: number
  /** After this a body has to have come at `leastRate` bytes a second on the whole, or one byte a minute would hold a connection for ever. */
  readonly grace: number
  readonly leastRate: number
  /** Without taking any of an answer. One piece of 64 MB may take as long. */
  readonly unread: number
}

export type SlowPeers = {
  /** Looks after a request from now on until it is answered, or its connection is gone. */
  readonly follow: (request: IncomingMessage, response: ServerResponse) => void
  /** Ends the connections of those that have kept us waiting for too long. */
  readonly sweep: () => void
  /** How many requests are under way. */
  readonly open: () => number
}

type Talk = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly startedAt: number
  readonly readBefore: number
  moved: string
  movedAt: number
}

/**
 * Finds peers that hold a connection and do nothing with it: they stopped in the middle of a body, or take nothing of an answer. A slow
 * one that goes on is left alone however long a file takes, and so is one that waits for us.
 */
export function createSlowPeers(options: {
  readonly limits: PeerLimits
  readonly now: () => number
  /** Told of each connection that is ended. */
  readonly onEnd: (request: IncomingMessage) => void
}): SlowPeers {
  const { limits, now, onEnd } = options
  const talks = new Set<Talk>()
  return {
    follow(request, response) {
      const startedAt = now()
      const readBefore = request.socket.bytesRead
      const talk: Talk = { request, response, startedAt, readBefore, moved: '', movedAt: startedAt }
      talks.add(talk)
      response.once('close', () => talks.delete(talk))
    },
    sweep() {
      const time = now()
      for (const talk of talks) {
        // One that waited behind another on its connection is not told that this has closed.
        if (talk.request.socket.destroyed) talks.delete(talk)
        if (talk.request.socket.destroyed || !isTooSlow(talk, limits, time)) continue
        talks.delete(talk)
        onEnd(talk.request)
        talk.request.socket.destroy()
      }
    },
    open: () => talks.size,
  }
}

function isTooSlow(talk: Talk, limits: PeerLimits, time: number): boolean {
  const { request, startedAt, readBefore } = talk
  const { socket } = request
  // What has come and was not read yet waits for us.
  const isAwaited = !request.complete && request.readableLength === 0
  const isUnread = socket.writableLength > 0
  const moved = `${socket.bytesRead} ${socket.bytesWritten} ${socket.writableLength}`
  if (moved !== talk.moved || !(isAwaited || isUnread)) {
    talk.moved = moved
    talk.movedAt = time
  }
  const still = time - talk.movedAt
  if (isUnread) return still > limits.unread
  if (!isAwaited) return false
  const taken = time - startedAt
  const rate = (socket.bytesRead - readBefore) / (taken / 1000)
  return still > limits.silence || (taken > limits.grace && rate < limits.leastRate)
}
