import { decodeFrame, encodeFrame } from '#shared/rpc/codec.ts'
import { type CallerLink, FromBackend } from '#shared/rpc/envelope.ts'

/** Opens the contract's WebSocket. Resolves once it is open; rejects when it is refused or nothing listens. */
export function openWebSocketLink(url: string, token: string, signal: AbortSignal): Promise<CallerLink> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, ['benchtop.1', `token.${token}`])
    socket.binaryType = 'arraybuffer'
    const messages: ((message: FromBackend) => void)[] = []
    const closes: (() => void)[] = []
    // What arrives before anyone listens waits: the greeting may come with the very first packet.
    let early: FromBackend[] = []
    signal.addEventListener('abort', () => socket.close(), { once: true })
    socket.addEventListener('message', (event: MessageEvent<ArrayBuffer>) => {
      const message = FromBackend.parse(decodeFrame(new Uint8Array(event.data)))
      if (messages.length === 0) early.push(message)
      for (const listener of messages) listener(message)
    })
    socket.addEventListener('close', () => {
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
        close: () => socket.close(),
      })
    })
  })
}
