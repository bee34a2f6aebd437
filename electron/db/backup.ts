import Database from 'better-sqlite3'
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import { backupTime, type Keep, superfluous } from './backup-names.ts'
import { checkOurs, checkPlace } from './check-file.ts'
import type { WriteDb } from './connection.ts'
import { databaseError } from './errors.ts'
import { projectMigrations } from './migrations/index.ts'

/** A copy of a project's database. `takenAt` in milliseconds since 1970; `runs` null when it cannot be read. */
export type Backup = {
  readonly file: string
  readonly takenAt: number
  readonly bytes: number
  readonly runs: number | null
}

const KEEP: Keep = { hourly: 24, daily: 14 }

/**
 * Copies the database into `folder` while it is in use, then removes backups beyond the newest of each of the last 24 hours and
 * 14 days that have one. Throws `disk_full`, `read_only`; an unfinished copy is never listed.
 */
export async function backUp(db: WriteDb, folder: string, now = Date.now(), keep: Keep = KEEP): Promise<Backup> {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${new Date(now).toISOString().replaceAll(':', '-')}.db`)
  const part = `${file}.part`
  try {
    rmSync(part, { force: true })
    await db.copyTo(part)
    makeSingleFile(part)
    renameSync(part, file)
  } catch (error) {
    rmSync(part, { force: true })
    throw databaseError(error, file)
  }
  const times = backupFiles(folder).map(backupTime)
  for (const time of superfluous(times, keep)) {
    const old = backupFiles(folder).find((name) => backupTime(name) === time)
    if (old !== undefined) rmSync(join(folder, old), { force: true })
  }
  return describe(file)
}

/** Backs up when the newest backup is older than `everyMs` and something was written since; undefined when not due. */
export async function backUpIfDue(
  db: WriteDb,
  folder: string,
  everyMs: number,
  now = Date.now(),
): Promise<Backup | undefined> {
  const newest = Math.max(-Infinity, ...(existsSync(folder) ? backupFiles(folder).map(backupTime) : []))
  if (now - newest < everyMs) return undefined
  const written = Math.max(
    ...[db.file, `${db.file}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0),
  )
  return written > newest ? backUp(db, folder, now) : undefined
}

/** The backups in a folder, newest first; empty when there is no such folder. */
export function listBackups(folder: string): readonly Backup[] {
  if (!existsSync(folder)) return []
  return backupFiles(folder)
    .map((name) => describe(join(folder, name)))
    .toSorted((left, right) => right.takenAt - left.takenAt)
}

/**
 * Puts a backup in the place of `target`, which must be closed. What was there is kept beside it as `<name>.replaced-<time>`,
 * whose path is returned (undefined when there was nothing). The backup is checked first: `not_found`, `corrupt`,
 * `unsupported`, `schema_too_new`.
 */
export function restoreBackup(file: string, target: string, now = Date.now()): string | undefined {
  check(file)
  mkdirSync(dirname(target), { recursive: true })
  const part = `${target}.part`
  copyFileSync(file, part)
  syncFile(part)
  const aside = `${target}.replaced-${new Date(now).toISOString().replaceAll(':', '-')}`
  // The log goes with its database: left behind, it would be replayed into the restored one.
  for (const suffix of ['-wal', '-shm']) if (existsSync(target + suffix)) renameSync(target + suffix, aside + suffix)
  const had = existsSync(target)
  if (had) renameSync(target, aside)
  renameSync(part, target)
  return had ? aside : undefined
}

function check(file: string): void {
  checkPlace(file)
  if (!existsSync(file)) throw appError('not_found', `There is no backup ${file}.`)
  const database = new Database(file, { readonly: true, fileMustExist: true })
  try {
    checkOurs(database, file, projectMigrations.at(-1)?.number ?? 0)
    const answer = database.pragma('quick_check(1)', { simple: true })
    if (answer !== 'ok') throw appError('corrupt', `The backup ${basename(file)} is damaged: ${String(answer)}.`)
  } catch (error) {
    throw databaseError(error, file)
  } finally {
    database.close()
  }
}

/** Takes the copy out of WAL mode, so that reading it later leaves no files beside it. */
function makeSingleFile(file: string): void {
  const database = new Database(file)
  try {
    database.pragma('journal_mode = DELETE')
  } finally {
    database.close()
  }
  syncFile(file)
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function backupFiles(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => !Number.isNaN(backupTime(name)))
}

function describe(file: string): Backup {
  return { file, takenAt: backupTime(basename(file)), bytes: statSync(file).size, runs: countRuns(file) }
}

function countRuns(file: string): number | null {
  try {
    const database = new Database(file, { readonly: true, fileMustExist: true })
    try {
      return Number(database.prepare(`SELECT count(*) FROM run WHERE lifecycle <> 'deleted'`).pluck().get())
    } finally {
      database.close()
    }
  } catch {
    return null
  }
}
