import { createHmac, randomBytes } from 'node:crypto'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '#electron/platform/atomic-file.ts'

/** The user's token: made once, kept in a file that only the user can read, so that open pages survive a restart. */
export function userToken(dataFolder: string): string {
  const file = join(dataFolder, 'token')
  const known = readToken(dataFolder)
  if (known !== undefined) {
    chmodSync(file, 0o600)
    return known
  }
  const token = randomBytes(32).toString('hex')
  writeFileAtomic(file, `${token}\n`, 0o600)
  return token
}

/**
 * The token with which scripts log from where nothing else speaks for them. It opens the MLflow API alone: scripts print their environment, and
 * what they print must not let anyone launch a command. Kept in a file beside the user's own, for a person to copy.
 */
export function trackingToken(dataFolder: string, token: string): string {
  const derived = createHmac('sha256', token).update('tracking').digest('hex')
  const file = join(dataFolder, 'tracking-token')
  if (readHexToken(file) === derived) chmodSync(file, 0o600)
  else writeFileAtomic(file, `${derived}\n`, 0o600)
  return derived
}

/** The token, if a backend has ever run here. */
export function readToken(dataFolder: string): string | undefined {
  return readHexToken(join(dataFolder, 'token'))
}

function readHexToken(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim()
    return /^[0-9a-f]{64}$/.test(text) ? text : undefined
  } catch {
    return undefined
  }
}
