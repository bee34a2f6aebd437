import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { z } from 'zod'
import { appError } from '#shared/rpc/errors.ts'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'

/** What a client reads to find the backend. */
export const LockInfo = z.object({
  pid: z.number().int(),
  startedAt: z.number(),
  port: z.number().int(),
  host: z.string(),
  build: z.string(),
  url: z.string(),
})
export type LockInfo = z.infer<typeof LockInfo>

const infoFile = (dataFolder: string): string => join(dataFolder, 'backend.lock')

/** The running backend's address, as it wrote it; it may have died since. */
export function readLockInfo(dataFolder: string): LockInfo | undefined {
  return readJsonFile(infoFile(dataFolder), LockInfo)
}

export type BackendLock = {
  readonly announce: (info: LockInfo) => void
  readonly release: () => void
}

/**
 * One backend a user. The lock is SQLite's own file lock, held by an open transaction: the system drops it when the process
 * ends however it ends, which a file with a pid in it can't promise. Throws `conflict` when another holds it.
 */
export function takeLock(dataFolder: string): BackendLock {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
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
    announce: (info) => writeJsonFile(infoFile(dataFolder), info, 0o600),
    release: () => {
      database.exec('ROLLBACK')
      database.close()
    },
  }
}
