import { AppError } from '#shared/rpc/errors.ts'

/** True for what says that the table in memory or the stored one can't be gone on with, and has to be read from its rows. */
export function isDamage(error: unknown): boolean {
  return error instanceof AppError && error.code === 'corrupt'
}
