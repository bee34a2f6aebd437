import Database from 'better-sqlite3'
import { basename } from 'node:path'
import { AppError, appError, isAbort } from '#shared/rpc/errors.ts'

export type Trouble = 'busy' | 'damaged' | 'hot' | 'other'

/** What to do about what SQLite raised. `hot`: it can't be read where it lies without being repaired there first, or not in the usual way. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof Database.SqliteError)) return 'other'
  const { code } = error
  if (code === 'SQLITE_BUSY_RECOVERY' || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
    return 'hot'
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy'
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_IOERR_SHORT_READ')
    return 'damaged'
  // Locks that a network disk doesn't have, and the like.
  return code.startsWith('SQLITE_IOERR') || code === 'SQLITE_PROTOCOL' || code === 'SQLITE_NOLFS' ? 'hot' : 'other'
}

/** In words, for a file that is not ours to repair. What is not SQLite's passes unchanged. */
export function foreignError(error: unknown, file: string): unknown {
  if (error instanceof AppError || isAbort(error)) return error
  const name = basename(file)
  if (error instanceof Database.SqliteError) {
    const cause = { cause: error }
    switch (troubleOf(error)) {
      case 'busy':
        return appError('busy', `${name} is locked by another program.`, {
          ...cause,
          hint: 'Try again when the training or the server that uses it is quiet, or has been stopped.',
          retry: true,
        })
      case 'damaged':
        return appError('corrupt', `${name} is damaged: ${error.message}.`, cause)
      case 'hot':
        return appError('unavailable', `${name} can't be read: ${error.message}.`, { ...cause, retry: true })
      case 'other':
        return appError('unsupported', `${name} can't be read in this way: ${error.message}.`, cause)
    }
  }
  if (!(error instanceof Error)) return error
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return appError('not_found', `There is no file ${file}.`, { cause: error })
    case 'EISDIR':
      return appError('invalid', `${file} is a folder.`, { cause: error })
    case 'EACCES':
    case 'EPERM':
      return appError('forbidden', `${file} may not be read by this user.`, { cause: error })
    case 'EIO':
    case 'ESTALE':
      return appError('unavailable', `The disk that holds ${file} did not answer.`, { cause: error, retry: true })
    case 'ENOSPC':
      return appError('disk_full', `There is no room for a copy of ${name}.`, { cause: error, retry: true })
    default:
      return error
  }
}
