import { appError, fromWireError } from './errors.ts'
import { type CallerLink, PROTOCOL, STREAM_WINDOW } from './envelope.ts'
import { type CallOptions, type Client, type Contract, findProcedure } from './procedure.ts'

type Waiting =
  | { readonly kind: 'call'; readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void }
  | { readonly kind: 'stream'; readonly push: (value: unknown) => void; readonly end: (error?: unknown) => void }

export type Connection<C extends Contract> = {
  readonly client: Client<C>
  /** Resolves with the backend's build id once it has greeted us; rejects if the link closes first. */
  readonly hello: Promise<string>
  readonly close: () => void
}

/** How calls reach the backend, whatever the transport. */
export type Caller = {
  readonly call: (method: string, input: unknown, options: CallOptions) => Promise<unknown>
  readonly stream: (method: string, input: unknown, options: CallOptions) => AsyncIterable<unknown>
}

/** A typed client over a caller: `client.runs.table({...}, {signal})`. */
export function clientOf<C extends Contract>(contract: C, caller: Caller): Client<C> {
  const features = Object.entries(contract).map(([feature, procedures]) => {
    const calls = Object.keys(procedures).map((name) => {
      const method = `${feature}.${name}`
      const procedure = findProcedure(contract, method)
      const invoke =
        procedure?.kind === 'stream'
          ? (input: unknown, options: CallOptions = {}) => caller.stream(method, input, options)
          : (input: unknown, options: CallOptions = {}) => caller.call(method, input, options)
      return [name, invoke] as const
    })
    return [feature, Object.fromEntries(calls)] as const
  })
  return Object.fromEntries(features) as unknown as Client<C>
}

/** Speaks the envelope over a link. All that waits is rejected with `unavailable` when the link closes. */
export function connect<C extends Contract>(contract: C, link: CallerLink): Connection<C> {
  const waiting = new Map<number, Waiting>()
  let next = 1
  let closed = false
  let greet: (build: string) => void = () => {}
  let refuse: (error: unknown) => void = () => {}
  const hello = new Promise<string>((resolve, reject) => {
    greet = resolve
    refuse = reject
  })
  hello.catch(() => {})

  link.onMessage((message) => {
    if (message.t === 'hello') {
      if (message.protocol === PROTOCOL) greet(message.build)
      else
        refuse(
          appError('version_mismatch', 'This window is of another version than the backend.', {
            hint: 'Reload the window.',
          }),
        )
      return
    }
    const entry = waiting.get(message.id)
    if (entry === undefined) return
    switch (message.t) {
      case 'ok':
        waiting.delete(message.id)
        if (entry.kind === 'call') entry.resolve(message.value)
        return
      case 'err': {
        waiting.delete(message.id)
        const error = fromWireError(message.error)
        if (entry.kind === 'call') entry.reject(error)
        else entry.end(error)
        return
      }
      case 'event':
        if (entry.kind === 'stream') entry.push(message.value)
        return
      case 'end':
        waiting.delete(message.id)
        if (entry.kind === 'stream') entry.end()
    }
  })
  link.onClose(() => {
    closed = true
    const gone = appError('unavailable', 'The connection to the backend was lost.', { retry: true })
    refuse(gone)
    for (const entry of waiting.values()) {
      if (entry.kind === 'call') entry.reject(gone)
      else entry.end(gone)
    }
    waiting.clear()
  })

  const start = (method: string, input: unknown, entry: Waiting): number => {
    if (closed) throw appError('unavailable', 'The connection to the backend was lost.', { retry: true })
    const id = next++
    waiting.set(id, entry)
    try {
      link.send({ t: 'call', id, method, input })
    } catch (error) {
      // What cannot be sent is never answered.
      waiting.delete(id)
      throw error
    }
    return id
  }

  const caller: Caller = {
    call: (method, input, { signal }) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(appError('cancelled', 'Cancelled.'))
        let id = 0
        const onAbort = (): void => {
          waiting.delete(id)
          if (!closed) link.send({ t: 'cancel', id })
          reject(appError('cancelled', 'Cancelled.'))
        }
        const settle =
          <T>(done: (value: T) => void) =>
          (value: T): void => {
            signal?.removeEventListener('abort', onAbort)
            done(value)
          }
        id = start(method, input, { kind: 'call', resolve: settle(resolve), reject: settle(reject) })
        signal?.addEventListener('abort', onAbort, { once: true })
      }),
    stream: (method, input, { signal }) => ({
      [Symbol.asyncIterator]: () =>
        streamIterator({
          method,
          input,
          signal,
          link,
          start,
          forget: (id) => waiting.delete(id),
          isClosed: () => closed,
        }),
    }),
  }
  return { client: clientOf(contract, caller), hello, close: link.close }
}

type StreamParts = {
  readonly method: string
  readonly input: unknown
  readonly signal: AbortSignal | undefined
  readonly link: CallerLink
  readonly start: (method: string, input: unknown, entry: Waiting) => number
  readonly forget: (id: number) => void
  readonly isClosed: () => boolean
}

function streamIterator(parts: StreamParts): AsyncIterator<unknown> {
  const ready: unknown[] = []
  let taken = 0
  let over: { readonly error?: unknown } | undefined
  let wake: (() => void) | undefined
  const rouse = (): void => {
    wake?.()
    wake = undefined
  }
  const id = parts.start(parts.method, parts.input, {
    kind: 'stream',
    push: (value) => {
      ready.push(value)
      rouse()
    },
    end: (error) => {
      over ??= error === undefined ? {} : { error }
      // The signal may be the page's, and live long after the stream.
      parts.signal?.removeEventListener('abort', stop)
      rouse()
    },
  })
  function stop(): void {
    parts.signal?.removeEventListener('abort', stop)
    parts.forget(id)
    if (over === undefined && !parts.isClosed()) parts.link.send({ t: 'cancel', id })
    over ??= {}
    ready.length = 0
    rouse()
  }
  if (parts.signal?.aborted === true) stop()
  else parts.signal?.addEventListener('abort', stop, { once: true })
  return {
    async next() {
      while (ready.length === 0 && over === undefined) await new Promise<void>((resolve) => (wake = resolve))
      if (ready.length > 0) {
        taken++
        if (taken % (STREAM_WINDOW / 2) === 0 && over === undefined && !parts.isClosed()) {
          parts.link.send({ t: 'more', id, count: STREAM_WINDOW / 2 })
        }
        return { done: false, value: ready.shift() }
      }
      if (over?.error !== undefined) throw over.error
      return { done: true, value: undefined }
    },
    return() {
      stop()
      return Promise.resolve({ done: true, value: undefined })
    },
  }
}
