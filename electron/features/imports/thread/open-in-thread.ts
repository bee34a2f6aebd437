import { setTimeout } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { appError } from '#shared/rpc/errors.ts'
import type { ImportKind } from '#shared/contract/imports.ts'
import type { ImportSource, Notice, SourceRun } from '../source.ts'
import type { Answers, Ask, Batch, Listed, Listing, Reply } from './protocol.ts'

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void }

/** A store that is read in a thread of its own: whatever it costs, nobody else waits for it. */
export type Threaded = {
  readonly kind: ImportKind
  readonly location: string
  /** Starts the thread, which serves the store to whoever started it. */
  readonly start: () => Worker
}

/** Opens a store in its thread. Throws the AppError that its opening throws; so does each call once the thread is gone. */
export async function openInThread({ kind, location, start }: Threaded, notice: Notice): Promise<ImportSource> {
  const thread = startThread(start(), location, notice)
  try {
    return sourceOver(thread, kind, location, (await thread.opened) as string)
  } catch (error) {
    await thread.close()
    throw error
  }
}

/** How long a thread may take to close its store, milliseconds. */
const PATIENCE = 3_000

type Thread = {
  readonly opened: Promise<unknown>
  readonly ask: <A extends Ask>(ask: A, signal: AbortSignal) => Promise<Answers[A['kind']]>
  /** For what needs no answer. */
  readonly tell: (ask: Ask) => void
  readonly close: () => Promise<void>
}

function startThread(worker: Worker, location: string, notice: Notice): Thread {
  const waiting = new Map<number, Waiting>()
  let ended: Error | undefined
  let last = 0
  const end = (reason: Error): void => {
    ended ??= reason
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  }
  const died = (cause: unknown): void =>
    end(appError('internal', `Reading ${location} was broken off inside Benchtop.`, { cause, retry: true }))
  worker.on('message', (reply: Reply) => {
    for (const note of reply.notes) notice(note)
    const asked = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('value' in reply) return asked?.resolve(reply.value)
    const { code, message, hint } = reply.failure
    asked?.reject(appError(code, message, hint === undefined ? {} : { hint }))
  })
  worker.on('error', died)
  worker.on('exit', died)
  const answer = (id: number): Promise<unknown> =>
    new Promise((onValue, reject) => waiting.set(id, { resolve: onValue, reject }))
  return {
    opened: answer(0),
    async ask(ask, signal) {
      signal.throwIfAborted()
      if (ended !== undefined) throw ended
      const id = ++last
      const value = answer(id)
      worker.postMessage({ ...ask, id })
      // The answer to a question that nobody waits for any more is dropped.
      const stop = (): void => {
        waiting.get(id)?.reject(signal.reason)
        waiting.delete(id)
      }
      signal.addEventListener('abort', stop, { once: true })
      try {
        return (await value) as never
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
    tell: (ask) => void (ended === undefined && worker.postMessage({ ...ask, id: ++last })),
    async close() {
      const id = ++last
      // What lies on the disk for it is cleared away first; a thread that is stuck is not waited for.
      if (ended === undefined) {
        const closed = answer(id).catch(() => {})
        worker.postMessage({ kind: 'close', id })
        const timer = new AbortController()
        await Promise.race([
          closed,
          setTimeout(PATIENCE, undefined, { signal: timer.signal, ref: false }).catch(() => {}),
        ])
        timer.abort()
      }
      end(appError('cancelled', `${location} has been closed.`))
      await worker.terminate()
    },
  }
}

function sourceOver(thread: Thread, kind: ImportKind, location: string, era: string): ImportSource {
  async function* rest<T>(first: Batch<T>, signal: AbortSignal): AsyncGenerator<T> {
    let batch = first
    try {
      for (;;) {
        for (const item of batch.items) {
          signal.throwIfAborted()
          yield item
        }
        if (batch.more === null) return
        batch = (await thread.ask({ kind: 'next', list: batch.more }, signal)) as Batch<T>
      }
    } finally {
      if (batch.more !== null) thread.tell({ kind: 'drop', list: batch.more })
    }
  }
  async function* list<K extends Listing['of']>(
    listing: Listing & { readonly of: K },
    signal: AbortSignal,
  ): AsyncGenerator<Listed[K]> {
    yield* rest((await thread.ask({ kind: 'begin', listing }, signal)) as Batch<Listed[K]>, signal)
  }

  return {
    kind,
    location,
    era,
    experiments: (signal) => thread.ask({ kind: 'experiments' }, signal),
    runs: (experiment, signal, only) =>
      list({ of: 'runs', experiment, ...(only === undefined ? {} : { only }) }, signal),
    async contents(run, signal) {
      const { series, ...contents } = await thread.ask({ kind: 'contents', run: plainRun(run) }, signal)
      return { ...contents, series: rest(series, signal) }
    },
    loggedModels: (experiment, signal) => list({ of: 'loggedModels', experiment }, signal),
    modelCounts: (signal) => thread.ask({ kind: 'modelCounts' }, signal),
    registeredModels: (signal) => list({ of: 'registeredModels' }, signal),
    close: () => thread.close(),
  }
}

/** The fields of a run alone, whatever else an object has that can't go to another thread. */
function plainRun(run: SourceRun): SourceRun {
  const { id, experiment, name, status, deleted, deletedAt, startedAt, endedAt, user, fingerprint } = run
  return { id, experiment, name, status, deleted, deletedAt, startedAt, endedAt, user, fingerprint }
}
