import { type BackendLink, type CallerLink, FromBackend, FromCaller, type Link } from './envelope.ts'

/** A message port, whoever made it: the page's, Electron's, a worker's. */
export type Port = {
  readonly post: (message: unknown) => void
  readonly onMessage: (listener: (message: unknown) => void) => void
  readonly onClose: (listener: () => void) => void
  readonly close: () => void
}

/** The parts that Chromium's and Node's `MessagePort` share. */
export type EventPort = {
  postMessage(message: unknown): void
  addEventListener(type: 'message' | 'close', listener: (event: object) => void): void
  start(): void
  close(): void
}

/** Wraps such a port. Messages that came before the first listener are kept for it. */
export function portOf(port: EventPort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', (event) => listener('data' in event ? event.data : undefined))
      port.start()
    },
    onClose: (listener) => port.addEventListener('close', listener),
    close: () => port.close(),
  }
}

/** The caller's end of the contract over a port. */
export function callerOverPort(port: Port): CallerLink {
  return linkOver(port, (message) => FromBackend.safeParse(message).data)
}

/** The serving end. A message that is none of the envelope's closes the port. */
export function backendOverPort(port: Port): BackendLink {
  return linkOver(port, (message) => FromCaller.safeParse(message).data)
}

/** Values are cloned on their way, so typed arrays and NaN need no codec. A port's own `close` tells the peer, not the closer. */
function linkOver<Out, In>(port: Port, parse: (message: unknown) => In | undefined): Link<Out, In> {
  const closing = new Set<() => void>()
  let open = true
  const closed = (): void => {
    if (!open) return
    open = false
    for (const listener of closing) listener()
  }
  const close = (): void => {
    port.close()
    closed()
  }
  port.onClose(closed)
  return {
    send: (message) => {
      if (open) port.post(message)
    },
    onMessage: (listener) =>
      port.onMessage((message) => {
        if (!open) return
        const parsed = parse(message)
        if (parsed === undefined) close()
        else listener(parsed)
      }),
    onClose: (listener) => void closing.add(listener),
    close,
  }
}
