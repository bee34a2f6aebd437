import { AppError, isAbort } from '#shared/rpc/errors.ts'
import type { Tally } from './tally.ts'

/** What the next one would meet as well. */
const STOPS: ReadonlySet<string> = new Set(['disk_full', 'unavailable', 'read_only', 'cancelled', 'corrupt'])

/** Notes what can't be written and is left out; what stops all of them is thrown on. */
export function refuse(what: string, error: unknown, tally: Tally): void {
  if (isAbort(error) || (error instanceof AppError && STOPS.has(error.code))) throw error
  const words = error instanceof Error ? error.message : String(error)
  tally.note({ kind: 'skipped', what, why: `it could not be written: ${words}` })
}
