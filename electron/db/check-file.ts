import type { Database } from 'better-sqlite3'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'

/** Marks our databases, so that another program's SQLite file is never migrated. The bytes "btop". */
export const APPLICATION_ID = 0x62_74_6f_70

const MAGIC = 'SQLite format 3\0'

/** Refuses a missing folder, a folder in the file's place, and a file that SQLite did not write. */
export function checkPlace(file: string): void {
  if (statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw appError('not_found', `There is no folder ${dirname(file)}.`)
  const entry = statSync(file, { throwIfNoEntry: false })
  if (entry === undefined || entry.size === 0) return
  if (!entry.isFile()) throw appError('invalid', `${file} is not a file.`)
  const head = readHead(file)
  if (head !== undefined && head !== MAGIC)
    throw appError('corrupt', `${basename(file)} is not a database.`, {
      hint: 'Restore it from a backup, or move the file away to start with an empty one.',
    })
}

/**
 * Refuses another program's database and one of a newer schema than `latest`. True for a database without any table yet:
 * a new file, or one whose creation was cut short.
 */
export function checkOurs(database: Database, file: string, latest: number): boolean {
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  const application = database.pragma('application_id', { simple: true })
  if (tables === 0 && application === 0) return true
  if (application !== APPLICATION_ID)
    throw appError('unsupported', `${basename(file)} is a database of another program.`, {
      hint: 'It was left as it is. Move it away to keep a project here.',
    })
  const version = Number(database.pragma('user_version', { simple: true }))
  if (version > latest)
    throw appError('schema_too_new', `${basename(file)} was written by a newer version of Benchtop.`, {
      hint: `Its schema is ${version}, this version knows ${latest}. Update Benchtop to open it; nothing was changed.`,
    })
  return false
}

function readHead(file: string): string | undefined {
  try {
    const handle = openSync(file, 'r')
    try {
      const head = Buffer.alloc(MAGIC.length)
      const read = readSync(handle, head, 0, head.length, 0)
      return head.toString('latin1', 0, read)
    } finally {
      closeSync(handle)
    }
  } catch {
    // Unreadable: SQLite says why when it opens the file.
    return undefined
  }
}
