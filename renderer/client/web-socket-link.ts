import { decodeFrame, encodeFrame } from '#shared/rpc/codec.ts'
import { type CallerLink, FromBackend } from '#shared/rpc/envelope.ts'

/** Opens the contract's WebSocket, until the signal aborts. Resolves once it is open; rejects when it is refused or nothing listens. */
export function openWebSocketLink(url: string, token: string, signal: AbortSignal): Promise<CallerLink> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, ['benchtop.1', `token.${token}`])
    socket.binaryType = 'arraybuffer'
    const messages: ((message: FromBackend) => void)[] = []
    const closes: (() => void)[] = []
    // What arrives before anyone listens waits: the greeting may come with the very first packet.
    let early: FromBackend[] = []
    const close = (): void => {
      socket.close()
      // A peer that is not there never agrees to the closing.
      reject(new Error('The backend does not answer.'))
    }
    signal.addEventListener('abort', close, { once: true })
    if (signal.aborted) close()
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = parsed(event.data)
      // Of no version that we know.
      if (message === undefined) return close()
      if (messages.length === 0) early.push(message)
      for (const listener of messages) listener(message)
    })
    socket.addEventListener('close', () => {
      signal.removeEventListener('abort', close)
      for (const listener of closes) listener()
      reject(new Error('The backend does not answer.'))
    })
    socket.addEventListener('open', () => {
      resolve({
        send: (message) => socket.send(encodeFrame(message)),
        onMessage: (listener) => {
          messages.push(listener)
          const waited = early
          early = []
          for (const message of waited) listener(message)
        },
        onClose: (listener) => void closes.push(listener),
        close,
      })
    })
  })
}

function parsed(data: unknown): FromBackend | undefined {
  try {
    return data instanceof ArrayBuffer ? FromBackend.parse(decodeFrame(new Uint8Array(data))) : undefined
  } catch {
    return undefined
  }
}
