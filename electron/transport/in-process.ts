import { decodeFrame, encodeFrame } from '#shared/rpc/codec.ts'
import { type CallerLink, FromBackend, FromCaller, type BackendLink } from '#shared/rpc/envelope.ts'

type Listeners<M> = { message: ((message: M) => void)[]; close: (() => void)[] }

/**
 * A pair of links inside one process, for tests and for embedding. Messages take the codec's way, so that what works here works on
 * a wire; they arrive in later microtasks, never inside `send`.
 */
export function inProcessLinks(): { readonly caller: CallerLink; readonly backend: BackendLink } {
  const toCaller: Listeners<FromBackend> = { message: [], close: [] }
  const toBackend: Listeners<FromCaller> = { message: [], close: [] }
  let open = true
  const close = (): void => {
    if (!open) return
    open = false
    for (const listener of [...toCaller.close, ...toBackend.close]) queueMicrotask(listener)
  }
  const sender =
    <M>(listeners: Listeners<M>, parse: (value: unknown) => M) =>
    (message: unknown): void => {
      if (!open) return
      const frame = encodeFrame(message)
      queueMicrotask(() => {
        if (!open) return
        const value = parse(decodeFrame(frame))
        for (const listener of listeners.message) listener(value)
      })
    }
  const link = <Out, In>(send: (message: Out) => void, listeners: Listeners<In>) => ({
    send,
    onMessage: (listener: (message: In) => void) => void listeners.message.push(listener),
    onClose: (listener: () => void) => void listeners.close.push(listener),
    close,
  })
  return {
    caller: link<FromCaller, FromBackend>(
      sender(toBackend, (value) => FromCaller.parse(value)),
      toCaller,
    ),
    backend: link<FromBackend, FromCaller>(
      sender(toCaller, (value) => FromBackend.parse(value)),
      toBackend,
    ),
  }
}
