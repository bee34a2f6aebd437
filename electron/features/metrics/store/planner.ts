import { Worker } from 'node:worker_threads'
import { type JobItem, type JobPlan, packItems } from './plan-job.ts'
import type { PlanAnswer, PlanMessage } from './plan-worker.ts'
import type { Layout } from './tools.ts'

/**
 * Plans compactions of all projects of the process in one thread of its own: sorting, joining and encoding are two thirds of the work, and
 * none of it needs the writer. The thread is there from the first plan until nothing was planned for a while.
 */
export type Planner = {
  /** The plans of these items, in order; undefined when the thread has died or cannot read the file: then the caller plans by itself. */
  readonly plan: (file: string, layout: Layout, items: readonly JobItem[]) => Promise<readonly JobPlan[] | undefined>
  /** Resolves once the thread has closed the file, so that it may be moved or deleted. */
  readonly release: (file: string) => Promise<void>
  /** Whether the thread is there now. */
  readonly running: () => boolean
  readonly close: () => Promise<void>
}

export type PlannerOptions = {
  /** Hears of each death of the thread. */
  readonly onDeath?: (reason: unknown) => void
  /** Milliseconds without a plan after which the thread ends, 5,000: it holds a hundred megabytes, and starting it costs fifty milliseconds. */
  readonly idleMs?: number
  /** The thread's program; another one in tests. */
  readonly entry?: URL
}

/** Deaths after which the thread is not started again: whatever kills it would go on doing so. */
const DEATHS = 3
const IDLE_MS = 5_000

type Thread = {
  readonly worker: Worker
  readonly waiting: Map<number, (answer: PlanAnswer['plans']) => void>
  readonly files: Set<string>
}

/** Makes the planner; nothing is started before the first plan. */
export function createPlanner(options: PlannerOptions = {}): Planner {
  const { onDeath, idleMs = IDLE_MS, entry = new URL('../../../workers/compact.ts', import.meta.url) } = options
  let thread: Thread | undefined
  let deaths = 0
  let lastId = 0
  let closed = false
  let idle: NodeJS.Timeout | undefined
  let stopping: Promise<void> | undefined

  const start = (): Thread => {
    const worker = new Worker(entry)
    const started: Thread = { worker, waiting: new Map(), files: new Set() }
    const ended = (reason: unknown): void => {
      if (thread !== started) return
      thread = undefined
      deaths++
      settle(started)
      onDeath?.(reason)
    }
    worker.on('message', ({ id, plans }: PlanAnswer) => {
      started.waiting.get(id)?.(plans)
      started.waiting.delete(id)
      // Only who waits for a plan holds the process.
      if (started.waiting.size > 0) return
      worker.unref()
      clearTimeout(idle)
      idle = setTimeout(() => void (stopping = stop()), idleMs).unref()
    })
    worker.on('error', ended)
    worker.on('exit', (code) => ended(new Error(`The compaction worker ended with ${code}`)))
    worker.unref()
    return started
  }

  const settle = ({ waiting }: Thread): void => {
    for (const answer of waiting.values()) answer(undefined)
    waiting.clear()
  }

  const stop = async (): Promise<void> => {
    const stopped = thread
    thread = undefined
    clearTimeout(idle)
    if (stopped === undefined) return
    settle(stopped)
    await stopped.worker.terminate()
  }

  const ask = (to: Thread, message: PlanMessage, transfer: readonly ArrayBuffer[]): Promise<PlanAnswer['plans']> => {
    clearTimeout(idle)
    return new Promise((resolve) => {
      to.waiting.set(message.id, resolve)
      to.worker.ref()
      to.worker.postMessage(message, [...transfer])
    })
  }

  return {
    async plan(file, layout, given) {
      if (closed || deaths >= DEATHS) return undefined
      thread ??= start()
      thread.files.add(file)
      const { items, buffer } = packItems(given)
      return ask(thread, { kind: 'plan', id: ++lastId, file, layout, items }, [buffer])
    },
    async release(file) {
      // It may have just been told to end, with the file still open.
      await stopping
      if (thread?.files.delete(file) === true) await ask(thread, { kind: 'release', id: ++lastId, file }, [])
    },
    running: () => thread !== undefined,
    close() {
      closed = true
      return stop()
    },
  }
}
