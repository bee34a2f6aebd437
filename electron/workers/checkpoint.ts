import Database from 'better-sqlite3'
import { parentPort } from 'node:worker_threads'
import type { CheckpointMessage, FinishRequest } from '#electron/db/checkpointer.ts'

/** Pages in the write-ahead log that are worth a checkpoint: 4 MiB. */
const WORTH = 1_000
/** Pages in the log from which on it is to start again: 16 MiB. */
const LONG = 4_000

/**
 * Carries pages from write-ahead logs into their databases, so that the writer's thread waits for no disk. A passive checkpoint
 * stops nobody; what is written meanwhile is for the next one.
 */
function serve(port: NonNullable<typeof parentPort>): void {
  const open = new Map<string, Database.Database>()
  const asked = new Set<string>()

  const checkpoint = (file: string): void => {
    // Holding the checkpoint lock now would keep the writer from finishing.
    if (asked.has(file)) return
    const database = open.get(file) ?? new Database(file, { fileMustExist: true, timeout: 0 })
    open.set(file, database)
    const [state] = database.pragma('wal_checkpoint(NOOP)') as readonly WalState[]
    if (state === undefined || state.log - state.checkpointed < WORTH) return
    const [after] = database.pragma('wal_checkpoint(PASSIVE)') as readonly WalState[]
    if (after === undefined || after.log < LONG) return
    asked.add(file)
    port.postMessage({ file } satisfies FinishRequest)
  }

  const release = (file: string): void => {
    open.get(file)?.close()
    open.delete(file)
  }

  port.on('message', (message: CheckpointMessage) => {
    try {
      if (message.kind === 'wrote') checkpoint(message.file)
      else asked.delete(message.file)
      if (message.kind === 'release') release(message.file)
    } catch {
      // Busy, or a disk in trouble: the writer meets the same trouble and says it, and checkpoints by itself before the log is long.
    } finally {
      if (message.kind === 'release') {
        Atomics.store(message.done, 0, 1)
        Atomics.notify(message.done, 0)
      }
    }
  })
}

type WalState = { readonly busy: number; readonly log: number; readonly checkpointed: number }

if (parentPort !== null) serve(parentPort)
