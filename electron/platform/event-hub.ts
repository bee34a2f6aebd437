export type EventHub<E> = {
  readonly emit: (event: E) => void
  /** Events from now on, until the signal aborts. */
  readonly listen: (signal: AbortSignal) => AsyncIterable<E>
}

/** Hands each event to everybody who listens. */
export function createEventHub<E>(): EventHub<E> {
  const listeners = new Set<(event: E) => void>()
  return {
    emit: (event) => {
      for (const listener of listeners) listener(event)
    },
    listen: (signal) => listen(listeners, signal),
  }
}

async function* listen<E>(listeners: Set<(event: E) => void>, signal: AbortSignal): AsyncIterable<E> {
  const waiting: E[] = []
  let wake: (() => void) | undefined
  const onEvent = (event: E): void => {
    waiting.push(event)
    wake?.()
  }
  const onAbort = (): void => wake?.()
  listeners.add(onEvent)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    while (!signal.aborted) {
      const event = waiting.shift()
      if (event === undefined) await new Promise<void>((resolve) => (wake = resolve))
      else yield event
    }
  } finally {
    listeners.delete(onEvent)
    signal.removeEventListener('abort', onAbort)
  }
}
