import Database from 'better-sqlite3'
import { parentPort } from 'node:worker_threads'
import type { CheckpointMessage, HoldRequest } from '#electron/db/checkpointer.ts'

/** Pages in the write-ahead log that are worth a checkpoint: 4 MiB. */
const WORTH = 1_000
/** Pages in the log from which on it is to start again: 32 MiB. */
const LONG = 8_000

/**
 * Carries pages from write-ahead logs into their databases, so that the writer's thread waits for no disk. A passive checkpoint
 * stops nobody; what is written meanwhile is for the next one. When a log has grown long, the writer is asked to hold still while the
 * little that is left is carried over.
 */
function serve(port: NonNullable<typeof parentPort>): void {
  const open = new Map<string, Database.Database>()
  const asked = new Set<string>()
  const ask = (request: HoldRequest): void => port.postMessage(request)

  const opened = (file: string): Database.Database => {
    const database = open.get(file) ?? new Database(file, { fileMustExist: true, timeout: 0 })
    open.set(file, database)
    return database
  }

  const checkpoint = (file: string): void => {
    if (asked.has(file)) return
    const database = opened(file)
    const [state] = database.pragma('wal_checkpoint(NOOP)') as readonly WalState[]
    if (state === undefined || state.log - state.checkpointed < WORTH) return
    const [after] = database.pragma('wal_checkpoint(PASSIVE)') as readonly WalState[]
    if (after === undefined || after.log < LONG) return
    // Once more, for what was written during the first: the writer shall hold still for as short as can be.
    database.pragma('wal_checkpoint(PASSIVE)')
    asked.add(file)
    ask({ kind: 'hold', file })
  }

  const finish = (file: string, write: boolean): void => {
    const database = open.get(file)
    if (database === undefined) return
    database.pragma('wal_checkpoint(PASSIVE)')
    if (!write) return
    // Whoever writes the first page of a log that starts again waits for the disk: so it is written here, unchanged.
    const version = Number(database.pragma('user_version', { simple: true }))
    database.transaction(() => database.pragma(`user_version = ${version}`)).immediate()
  }

  /** Runs while the writer holds still. Returns why the database could not be written anew. */
  const tidy = (file: string, whole: boolean): string | null => {
    const database = opened(file)
    try {
      if (whole) database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM')
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    // With a reader in the way the log stays for now.
    database.pragma('wal_checkpoint(TRUNCATE)')
    return null
  }

  const release = (file: string): void => {
    open.get(file)?.close()
    open.delete(file)
  }

  /** Lets go of all files, and with them of the thread. */
  const end = (done: Int32Array): void => {
    for (const file of open.keys()) release(file)
    port.close()
    tell(done)
  }

  port.on('message', (message: CheckpointMessage) => {
    if (message.kind === 'end') return end(message.done)
    const { kind, file } = message
    let problem: string | null = null
    try {
      if (kind === 'wrote') checkpoint(file)
      else if (kind === 'held') finish(file, message.write)
      else if (kind === 'tidy') problem = tidy(file, message.whole)
      else release(file)
    } catch {
      // Busy, or a disk in trouble: the writer meets the same trouble and says it, and checkpoints by itself before the log is long.
    } finally {
      if (kind === 'held' && asked.delete(file)) ask({ kind: 'go on', file })
      if (kind === 'tidy') ask({ kind: 'tidied', file, problem })
      if (kind === 'release') {
        asked.delete(file)
        tell(message.done)
      }
    }
  })
}

function tell(done: Int32Array): void {
  Atomics.store(done, 0, 1)
  Atomics.notify(done, 0)
}

type WalState = { readonly busy: number; readonly log: number; readonly checkpointed: number }

if (parentPort !== null) serve(parentPort)
