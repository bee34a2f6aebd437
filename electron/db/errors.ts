import Database from 'better-sqlite3'
import { basename, dirname } from 'node:path'
import { AppError, appError } from '#shared/rpc/errors.ts'

function isSqliteError(error: unknown): error is InstanceType<typeof Database.SqliteError> {
  return error instanceof Database.SqliteError
}

/**
 * Turns what SQLite raised into words for a person; anything else passes unchanged.
 * Constraint violations become `conflict`; programming errors (bad SQL) stay as they are and end as `internal`.
 */
export function databaseError(error: unknown, file: string): unknown {
  if (error instanceof AppError || !isSqliteError(error)) return error
  const name = basename(file)
  const code = error.code
  const details = { cause: error }
  if (code === 'SQLITE_NOTADB')
    return appError('corrupt', `${name} is not a database.`, {
      ...details,
      hint: 'Restore it from a backup, or move the file away to start with an empty one.',
    })
  if (code.startsWith('SQLITE_CORRUPT'))
    return appError('corrupt', `The database ${name} is damaged: ${error.message}.`, {
      ...details,
      hint: 'Restore it from a backup, or move the file away to start with an empty one.',
    })
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE')
    return appError('disk_full', `The disk that holds ${dirname(file)} is full.`, {
      ...details,
      hint: 'Free some space; what was not acknowledged can be sent again.',
      retry: true,
    })
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM'))
    return appError('read_only', `${file} cannot be written.`, {
      ...details,
      hint: 'Check the permissions of the folder and of the file.',
    })
  if (code.startsWith('SQLITE_CANTOPEN'))
    return appError('unavailable', `${file} cannot be opened.`, {
      ...details,
      hint: 'Check that the folder is there and that it can be written.',
    })
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return appError('busy', `The database ${name} is in use by another process.`, { ...details, retry: true })
  if (code.startsWith('SQLITE_IOERR'))
    return appError('unavailable', `The disk that holds ${dirname(file)} did not answer: ${error.message}.`, details)
  if (code.startsWith('SQLITE_CONSTRAINT')) return appError('conflict', error.message, details)
  if (code === 'SQLITE_TOOBIG') return appError('too_large', 'The value is too large for the database.', details)
  return error
}
