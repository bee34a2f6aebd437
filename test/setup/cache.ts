import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Raised by hand when the way of installing changes, not only what is installed. */
const wayOfInstalling = '2'

/** The pinned installer of Python packages. */
export const uvVersion = '0.13.8'

/** A part that was found or installed: where it is, and what it said its version was. */
export type Stamp = { readonly path: string; readonly version: string }

/**
 * The folder that holds what the tests need, named after a hash of all pins, so that another checkout with the same
 * pins finds it ready and one with others leaves it alone. BENCHTOP_TEST_CACHE names another place for the whole.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const root = environment['BENCHTOP_TEST_CACHE'] || join(homedir(), '.cache', 'benchtop-test')
  const pins = ['python', 'torch'].map((part) => readFileSync(pinsOf(part), 'utf8'))
  return join(root, versionOf([wayOfInstalling, uvVersion, ...pins]))
}

/** Small environments whose pins are apart (`beside/<name>.txt`), so that a change of one makes no other anew. */
export const pinnedApart = ['mlflow-1.30', 'mlflow-2.9', 'mlflow-2.16', 'psutil'] as const

/** Whether a part is one of those. */
export function isApart(part: string): boolean {
  return pinnedApart.some((name) => name === part)
}

/** A part's name in the cache folder: with the hash of its pins where these are apart. */
export function nameInCache(part: string): string {
  return isApart(part) ? `${part}-${versionOf([readFileSync(pinsOf(part), 'utf8')])}` : part
}

/** The file with all the pins of a Python environment. */
export function pinsOf(part: string): URL {
  return new URL(`${isApart(part) ? 'beside/' : ''}${part}.txt`, import.meta.url)
}

/** Twelve hex digits that change when any of the texts changes. */
export function versionOf(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:${text}`)
  return hash.digest('hex').slice(0, 12)
}

/** What was stamped for a part, or undefined when it is not there or not readable. */
export function readStamp(folder: string, part: string): Stamp | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(stampFile(folder, part), 'utf8'))
    if (typeof value !== 'object' || value === null) return undefined
    const { path, version } = value as Partial<Record<string, unknown>>
    return typeof path === 'string' && typeof version === 'string' ? { path, version } : undefined
  } catch {
    return undefined
  }
}

/** Marks a part as ready: written whole or not at all, and last of everything, so a killed install leaves no stamp. */
export function writeStamp(folder: string, part: string, stamp: Stamp): void {
  mkdirSync(folder, { recursive: true })
  const file = stampFile(folder, part)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(stamp))
  renameSync(draft, file)
}

/** Takes a part's stamp away, so that the next set-up installs it again. */
export function dropStamp(folder: string, part: string): void {
  rmSync(stampFile(folder, part), { force: true })
}

function stampFile(folder: string, part: string): string {
  return join(folder, `${nameInCache(part)}.json`)
}
