import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { appError } from '#shared/rpc/errors.ts'
import { writeJsonFile } from '#electron/platform/json-file.ts'
import { identify } from '#electron/platform/process/identity.ts'

/** What a client reads to find the backend (`known-backend.ts`), besides which process it is. */
export type LockInfo = {
  readonly startedAt: number
  readonly port: number
  readonly host: string
  readonly build: string
  readonly url: string
}

export type BackendLock = {
  readonly announce: (info: LockInfo) => void
  /** Takes the announcement back, before the port is given up: another user's program may get it. */
  readonly withdraw: () => void
  readonly release: () => void
}

/**
 * One backend a user. The lock is SQLite's own file lock, held by an open transaction: the system drops it when the process
 * ends however it ends, which a file with a pid in it can't promise. Throws `conflict` when another holds it. The folder becomes the
 * user's alone: it holds the token, and copies of every project.
 */
export function takeLock(dataFolder: string): BackendLock {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  makePrivate(dataFolder)
  const database = new Database(join(dataFolder, 'backend.lock.db'), { timeout: 0 })
  try {
    database.pragma('journal_mode = DELETE')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw appError('conflict', 'The backend of this user runs already.', { cause: error })
    throw error
  }
  return {
    announce: (info) => {
      const { pid, started } = identify(process.pid) ?? { pid: process.pid, started: '' }
      // Clients wait for it. After a power cut it would name a process that is gone.
      writeJsonFile(join(dataFolder, 'backend.lock'), { pid, started, ...info }, 0o600, { durable: false })
    },
    withdraw: () => rmSync(join(dataFolder, 'backend.lock'), { force: true }),
    release: () => {
      database.exec('ROLLBACK')
      database.close()
    },
  }
}

/** It may have been made before, by whatever wrote there first. Disks without rights of users keep none. */
function makePrivate(folder: string): void {
  try {
    chmodSync(folder, 0o700)
  } catch {
    // Then it is as private as its disk.
  }
}
