import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from './process/identity.ts'

/** What a backend has written down of itself. */
export type KnownBackend = {
  /** Without a trailing slash. */
  readonly url: string
  readonly token: string
  readonly build: string
  readonly pid: number
}

/**
 * The user's backend as its files tell, if that very process lives: its port may have passed to another user's program since, which must never
 * be given the token. Whether it answers already is another matter. Read by hand, because this is on the way to every command.
 */
export function knownBackend(dataFolder: string): KnownBackend | undefined {
  try {
    const lock = JSON.parse(readFileSync(join(dataFolder, 'backend.lock'), 'utf8')) as Record<string, unknown>
    const { url, pid, started, build } = lock
    const token = readFileSync(join(dataFolder, 'token'), 'utf8').trim()
    if (typeof url !== 'string' || typeof pid !== 'number' || typeof started !== 'string' || typeof build !== 'string')
      return undefined
    return token !== '' && isAlive({ pid, started }) ? { url, token, build, pid } : undefined
  } catch {
    return undefined
  }
}
