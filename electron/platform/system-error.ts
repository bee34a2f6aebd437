import { appError, type AppError } from '#shared/rpc/errors.ts'

/** What the system says of its disk and of a user's rights, in words for a person; undefined for anything else. */
export function systemError(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, path } = error as NodeJS.ErrnoException
  const what = path ?? 'A file'
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return appError('disk_full', `The disk is full: ${what} could not be written.`, {
        hint: 'Free some space, then try again.',
        retry: true,
        cause: error,
      })
    case 'EROFS':
      return appError('read_only', `${what} is on a disk that can only be read.`, { cause: error })
    case 'EACCES':
    case 'EPERM':
      return appError('forbidden', `${what} may not be used so by this user.`, {
        hint: 'Check the permissions of the folder and of the file.',
        cause: error,
      })
    case 'EMFILE':
    case 'ENFILE':
      return appError('busy', 'Too many files are open on this machine.', { retry: true, cause: error })
    default:
      return undefined
  }
}
