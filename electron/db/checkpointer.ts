import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { appError } from '#shared/rpc/app-error.ts'

/**
 * What the checkpoint worker is told: that something was committed, that the writer holds still as it asked (`write`: the worker may write
 * meanwhile), to carry everything over and
 * cut the log off (`whole`: after writing the database anew) while the writer holds still, to let go of the file, or of all and to end
 * (`done` becomes 1 then).
 */
export type CheckpointMessage =
  | { readonly kind: 'wrote'; readonly file: string }
  | { readonly kind: 'held'; readonly file: string; readonly write: boolean }
  | { readonly kind: 'tidy'; readonly file: string; readonly whole: boolean }
  | { readonly kind: 'release'; readonly file: string; readonly done: Int32Array }
  | { readonly kind: 'end'; readonly done: Int32Array }

/** What the worker asks of a writer: to hold still when its log has grown long, and soon after to go on; or tells of tidying. */
export type HoldRequest =
  | { readonly kind: 'hold' | 'go on'; readonly file: string }
  | { readonly kind: 'tidied'; readonly file: string; readonly problem: string | null }

/** How a writer holds still: between the two calls it begins no transaction, while its thread goes on serving. */
export type Holdable = {
  readonly hold: () => void
  readonly goOn: () => void
  /** False while the database is copied, which begins anew when anybody but the writer writes. */
  readonly mayWrite: () => boolean
}

/**
 * Runs checkpoints of all databases of the process in one thread of its own. A checkpoint waits for the disk twice; on the writer's
 * thread that is a stall of tens of milliseconds on a laptop, each few megabytes.
 */
export type Checkpointer = {
  /**
   * Looks after a database from its first write on. `writer` is held still for some milliseconds whenever the log has grown long: only
   * when nothing is added meanwhile does a checkpoint let the log start again.
   */
  readonly attach: (file: string, writer: Holdable) => void
  /** To be called after a commit; cheap, and acted upon at most twenty times a second. */
  readonly wrote: (file: string) => void
  /**
   * Carries the whole log over and cuts it off; `whole` writes the database anew before, without its empty pages. The writer holds still
   * meanwhile. Rejects with the reason why the database could not be written anew; it is as it was then.
   */
  readonly tidy: (file: string, whole: boolean) => Promise<void>
  /** Returns once the worker has closed the file, so that it may be moved or deleted. */
  readonly release: (file: string) => void
  /** False once the worker has died: then each writer checkpoints by itself. */
  readonly alive: () => boolean
  /** Whether the worker is there now. */
  readonly running: () => boolean
  readonly close: () => Promise<void>
}

const INTERVAL = 50
/**
 * Length of a write-ahead log from which on the worker is started, bytes. A backend where little is written does without the thread; where
 * much is, it must be there long before a commit has to carry the log over by itself.
 */
const WORTH_A_WORKER = 2 << 20
/** Milliseconds without anything to do after which the worker ends: it holds some ten megabytes, and starting it costs fifty milliseconds. */
const IDLE_MS = 20_000
/** How long to wait for a checkpoint in progress when a file is closed, milliseconds. */
const PATIENCE = 10_000

export type CheckpointerOptions = {
  /** Hears of the worker's death. */
  readonly onDeath?: (reason: unknown) => void
  /** Milliseconds without anything to do after which the worker ends, 20,000. */
  readonly idleMs?: number
}

/** Starts the worker once there is something to do for it. */
export function createCheckpointer(options: CheckpointerOptions = {}): Checkpointer {
  const { onDeath = () => {}, idleMs = IDLE_MS } = options
  const attached = new Map<string, { readonly writer: Holdable; toldAt: number }>()
  /** Files whose writers hold still, once for each reason. */
  const holding: string[] = []
  const tidying = new Map<string, { readonly resolve: () => void; readonly reject: (error: Error) => void }>()
  let worker: Worker | undefined
  /** Of each worker that was told to end: becomes 1 once it holds no file any more. */
  let endings: readonly Int32Array[] = []
  let idle: NodeJS.Timeout | undefined
  let alive = true

  const start = (): Worker => {
    const started = new Worker(new URL('../workers/checkpoint.ts', import.meta.url))
    const died = (reason: unknown): void => {
      if (!alive || worker !== started) return
      alive = false
      letGo()
      onDeath(reason)
    }
    started.on('message', (request: HoldRequest) => {
      if (worker !== started) return
      const { kind, file } = request
      if (kind === 'hold') {
        hold(file, started)
        send({ kind: 'held', file, write: attached.get(file)?.writer.mayWrite() ?? false })
      } else goOn(file, started)
      if (kind === 'tidied') settle(file, request.problem)
    })
    started.on('error', died)
    started.on('exit', (code) => died(new Error(`The checkpoint worker ended with ${code}`)))
    // After the listeners, which would hold the process again.
    started.unref()
    return started
  }
  const hold = (file: string, by: Worker): void => {
    attached.get(file)?.writer.hold()
    holding.push(file)
    // Writes that wait for the worker are a reason for the process to stay.
    by.ref()
  }
  const goOn = (file: string, by: Worker): void => {
    rest()
    const at = holding.indexOf(file)
    if (at >= 0) holding.splice(at, 1)
    if (!holding.includes(file)) attached.get(file)?.writer.goOn()
    if (holding.length === 0) by.unref()
  }
  const settle = (file: string, problem: string | null): void => {
    const waiter = tidying.get(file)
    tidying.delete(file)
    if (problem === null) waiter?.resolve()
    else waiter?.reject(appError('unavailable', `The database could not be tidied: ${problem}`))
  }
  /** Nobody waits for a worker that is not there. */
  const letGo = (): void => {
    holding.length = 0
    for (const { writer } of attached.values()) writer.goOn()
    for (const file of tidying.keys()) settle(file, 'the worker ended')
  }
  const send = (message: CheckpointMessage): void => {
    worker ??= start()
    worker.postMessage(message)
    rest()
  }
  const rest = (): void => {
    clearTimeout(idle)
    idle = setTimeout(end, idleMs).unref()
  }
  /** The worker ends by itself; what it asks for from here on nobody hears. */
  const end = (): void => {
    // As soon as nobody holds still any more, the time begins anew.
    if (worker === undefined || holding.length > 0) return
    const done = new Int32Array(new SharedArrayBuffer(4))
    worker.postMessage({ kind: 'end', done } satisfies CheckpointMessage)
    endings = [...endings.filter((other) => Atomics.load(other, 0) === 0), done]
    worker = undefined
  }

  return {
    attach: (file, writer) => void attached.set(file, { writer, toldAt: -INTERVAL }),
    wrote(file) {
      const known = attached.get(file)
      const now = performance.now()
      if (!alive || known === undefined || now - known.toldAt < INTERVAL) return
      known.toldAt = now
      if (worker !== undefined || logLength(file) >= WORTH_A_WORKER) send({ kind: 'wrote', file })
    },
    tidy(file, whole) {
      if (!alive || !attached.has(file) || tidying.has(file))
        return Promise.reject(appError('unavailable', 'The database is not open for tidying.'))
      worker ??= start()
      hold(file, worker)
      return new Promise((resolve, reject) => {
        tidying.set(file, { resolve, reject })
        send({ kind: 'tidy', file, whole })
      })
    },
    release(file) {
      const known = attached.get(file)
      if (!attached.delete(file) || known === undefined || !alive) return
      for (const ending of endings) Atomics.wait(ending, 0, 0, PATIENCE)
      if (worker === undefined) return
      const done = new Int32Array(new SharedArrayBuffer(4))
      send({ kind: 'release', file, done })
      Atomics.wait(done, 0, 0, PATIENCE)
      known.writer.goOn()
    },
    alive: () => alive,
    running: () => worker !== undefined,
    async close() {
      alive = false
      clearTimeout(idle)
      letGo()
      await worker?.terminate()
    },
  }
}

function logLength(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
}
