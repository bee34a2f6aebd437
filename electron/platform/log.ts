import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export type LogFields = Readonly<Record<string, unknown>>
/** The backend's own log: JSON lines, for a person who was given a log id. */
export type Log = {
  readonly info: (event: string, fields?: LogFields) => void
  readonly warn: (event: string, fields?: LogFields) => void
  readonly error: (event: string, fields?: LogFields) => void
}

const LIMIT = 8 << 20

/** A log into a file that is rotated once at 8 MiB. A full or read-only disk silences it rather than stops the work. */
export function fileLog(file: string): Log {
  const write = (level: string, event: string, fields: LogFields = {}): void => {
    try {
      mkdirSync(dirname(file), { recursive: true })
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LIMIT) renameSync(file, `${file}.1`)
      appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), level, event, ...plain(fields) })}\n`, {
        mode: 0o600,
      })
    } catch {
      // Nowhere is left to say it.
    }
  }
  return {
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
  }
}

/** Keeps nothing; for tests that don't look. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** Errors with their stacks and causes, down to a few: a cause may be its own. */
function plain(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plainValue(value, 4)]))
}

function plainValue(value: unknown, depth: number): unknown {
  if (!(value instanceof Error)) return value
  const { message, stack, cause } = value
  return { message, stack, ...(cause === undefined || depth === 0 ? {} : { cause: plainValue(cause, depth - 1) }) }
}
