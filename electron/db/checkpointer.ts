import { Worker } from 'node:worker_threads'

/**
 * What the checkpoint worker is told: that something was committed, that the writer has finished what the worker asked for, or to let
 * go of the file (`done` becomes 1 then).
 */
export type CheckpointMessage =
  | { readonly kind: 'wrote' | 'finished'; readonly file: string }
  | { readonly kind: 'release'; readonly file: string; readonly done: Int32Array }

/** What the worker asks for when a log has grown long; it leaves that file alone until it hears `finished`. */
export type FinishRequest = { readonly file: string }

/**
 * Runs checkpoints of all databases of the process in one thread of its own. A checkpoint waits for the disk twice; on the writer's
 * thread that is a stall of tens of milliseconds on a laptop, each few megabytes.
 */
export type Checkpointer = {
  /**
   * Looks after a database from its first write on. `finish` is called when the log has grown long although nearly all of it is
   * carried over: only a checkpoint on the writer's own thread, when nothing can be added meanwhile, lets the log start again.
   */
  readonly attach: (file: string, finish: () => void) => void
  /** To be called after a commit; cheap, and acted upon at most twenty times a second. */
  readonly wrote: (file: string) => void
  /** Returns once the worker has closed the file, so that it may be moved or deleted. */
  readonly release: (file: string) => void
  /** False once the worker has died: then each writer checkpoints by itself. */
  readonly alive: () => boolean
  readonly close: () => Promise<void>
}

const INTERVAL = 50
/** Calls after which the worker is started: about a second of writing. A backend where little is written does without the thread. */
const PATIENT_CALLS = 20
/** How long to wait for a checkpoint in progress when a file is closed, milliseconds. */
const PATIENCE = 10_000

/** Starts the worker once there is something to do for it. */
export function createCheckpointer(onDeath: (reason: unknown) => void = () => {}): Checkpointer {
  const attached = new Map<string, { readonly finish: () => void; toldAt: number }>()
  let worker: Worker | undefined
  let calls = 0
  let alive = true

  const start = (): Worker => {
    const started = new Worker(new URL('../workers/checkpoint.ts', import.meta.url))
    const died = (reason: unknown): void => {
      if (!alive) return
      alive = false
      onDeath(reason)
    }
    started.on('message', ({ file }: FinishRequest) => {
      attached.get(file)?.finish()
      send({ kind: 'finished', file })
    })
    started.on('error', died)
    started.on('exit', (code) => died(new Error(`The checkpoint worker ended with ${code}`)))
    // After the listeners, which would hold the process again.
    started.unref()
    return started
  }
  const send = (message: CheckpointMessage): void => {
    worker ??= start()
    worker.postMessage(message)
  }

  return {
    attach: (file, finish) => void attached.set(file, { finish, toldAt: -INTERVAL }),
    wrote(file) {
      const known = attached.get(file)
      const now = performance.now()
      if (!alive || known === undefined || now - known.toldAt < INTERVAL) return
      known.toldAt = now
      if (worker !== undefined || ++calls > PATIENT_CALLS) send({ kind: 'wrote', file })
    },
    release(file) {
      const known = attached.get(file)
      if (!attached.delete(file) || known === undefined || worker === undefined || !alive) return
      const done = new Int32Array(new SharedArrayBuffer(4))
      send({ kind: 'release', file, done })
      Atomics.wait(done, 0, 0, PATIENCE)
    },
    alive: () => alive,
    async close() {
      alive = false
      await worker?.terminate()
    },
  }
}
