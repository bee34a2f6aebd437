import { isAbort } from '#shared/rpc/errors.ts'
import { type BackendLink, PROTOCOL, STREAM_WINDOW } from '#shared/rpc/envelope.ts'
import type { Dispatcher } from './dispatcher.ts'

type Running = { readonly controller: AbortController; grant: (count: number) => void }

/**
 * Serves one connection: any number of calls at once, each of which can be cancelled. When the peer is gone, all that it
 * asked for is aborted.
 */
export function serveLink(
  link: BackendLink,
  dispatcher: Dispatcher,
  options: { readonly build: string; readonly actor: string },
): void {
  const running = new Map<number, Running>()
  let open = true
  const send: BackendLink['send'] = (message) => {
    if (open) link.send(message)
  }
  link.onClose(() => {
    open = false
    for (const { controller } of running.values()) controller.abort()
    running.clear()
  })
  link.onMessage((message) => {
    if (message.t === 'cancel') return running.get(message.id)?.controller.abort()
    if (message.t === 'more') return running.get(message.id)?.grant(message.count)
    const { id, method, input } = message
    // Two calls of one id could not be told apart, nor cancelled: whoever sends them does not speak the protocol.
    if (running.has(id)) return link.close()
    const controller = new AbortController()
    const entry: Running = { controller, grant: () => {} }
    running.set(id, entry)
    const context = { signal: controller.signal, actor: options.actor }
    const work =
      dispatcher.kindOf(method) === 'stream'
        ? serveStream(id, dispatcher.stream(method, input, context), entry, {
            send,
            onCleanUpError: (error) => dispatcher.wireError(error, method),
          })
        : dispatcher.call(method, input, context).then((value) => send({ t: 'ok', id, value }))
    work
      .catch((error: unknown) => {
        if (!(controller.signal.aborted && isAbort(error)))
          send({ t: 'err', id, error: dispatcher.wireError(error, method) })
      })
      .finally(() => running.delete(id))
  })
  send({ t: 'hello', build: options.build, protocol: PROTOCOL })
}

async function serveStream(
  id: number,
  events: AsyncIterable<unknown>,
  entry: Running,
  to: { readonly send: BackendLink['send']; readonly onCleanUpError: (error: unknown) => void },
): Promise<void> {
  let credit = STREAM_WINDOW
  let wake: (() => void) | undefined
  const rouse = (): void => {
    wake?.()
    wake = undefined
  }
  entry.grant = (count) => {
    credit += count
    rouse()
  }
  const { signal } = entry.controller
  const iterator = events[Symbol.asyncIterator]()
  signal.addEventListener('abort', rouse, { once: true })
  try {
    for (;;) {
      while (credit === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      if (signal.aborted) return
      // Handlers end on their signal: racing it here would leave a reaction behind for every event of a long stream.
      const step = await iterator.next()
      if (signal.aborted) return
      if (step.done === true) return to.send({ t: 'end', id })
      credit--
      to.send({ t: 'event', id, value: step.value })
    }
  } finally {
    signal.removeEventListener('abort', rouse)
    // Nobody waits for what a stream still throws when it is left, and nobody must die of it.
    Promise.resolve(iterator.return?.()).catch(to.onCleanUpError)
  }
}
