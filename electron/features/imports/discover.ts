import type { Dirent } from 'node:fs'
import { opendir, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImportKind } from '#shared/contract/imports.ts'
import type { Fault, Reader, Readers } from './readers.ts'

export type FoundStore = { readonly kind: ImportKind; readonly location: string }
export type Discovery = {
  readonly stores: readonly FoundStore[]
  /** Why there is none; null when there is one. */
  readonly problem: string | null
}

/** How far below the given folder stores are looked for, and how many folders are looked into. */
const DEPTH = 6
const MOST_FOLDERS = 20_000
/** Nobody keeps runs there, and they are large. Hidden folders are left out too. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'venv', 'env', 'site-packages', '__pycache__'])
const DATABASE = /\.(db|sqlite3?|db3)$/i
const MOST_ABOVE = 4

/**
 * Finds the stores at a path or an address: the store itself, those in a folder, each once, and those that links in it lead to. What lies below a link is not
 * looked for, and a store is not looked into for others.
 */
export async function discover(readers: Readers, given: string, signal: AbortSignal): Promise<Discovery> {
  const address = await storeOf(readers, 'address', given)
  if (address !== undefined) return { stores: [address], problem: null }
  const local = localPath(given)
  if (local === undefined) return { stores: [], problem: addressProblem(given) }
  const path = await realpath(resolve(local)).catch((error: unknown) => error as NodeJS.ErrnoException)
  if (typeof path !== 'string') {
    const words = path.code === 'EACCES' ? 'may not be read by this user' : 'is not there'
    return { stores: [], problem: `${given} ${words}.` }
  }
  const info = await stat(path)
  if (!info.isDirectory()) {
    const store = info.isFile() ? await storeOf(readers, 'file', path) : undefined
    if (store !== undefined) return { stores: [store], problem: null }
    const fault = info.isFile() ? await faultOf(readers, path) : undefined
    return { stores: [], problem: fault?.words ?? `${path} is no database of runs.` }
  }
  const { stores, cutShort, closed, damaged } = await walk(readers, path, signal)
  const problems = [...damaged, ...closedProblem(path, closed)]
  if (stores.length > 0 || problems.length > 0)
    return { stores, problem: problems.length === 0 ? null : problems.join('\n') }
  const above = await storeAbove(readers, path)
  if (above !== undefined) return { stores: [], problem: `${path} is a part of ${above.location}: take that one.` }
  const far = cutShort ? `, at least not in the first ${MOST_FOLDERS.toLocaleString('en')} folders` : ''
  return {
    stores: [],
    problem: `There are no runs in ${path}${far}: neither a folder of MLflow's (mlruns) nor a database (mlflow.db).`,
  }
}

/** What may hold stores that nobody here sees; nothing when all could be looked into. */
function closedProblem(path: string, closed: readonly string[]): readonly string[] {
  const [first, ...others] = closed
  if (first === undefined) return []
  if (first === path) return [`${path} may not be read by this user.`]
  const more = others.length === 0 ? '' : ` and ${others.length.toLocaleString('en')} more`
  return [`${first}${more} may not be read by this user: what it holds is not known.`]
}

/** The path that a path or one of MLflow's tracking URIs names (`file:///a/mlruns`, `sqlite:////a/mlflow.db`); undefined for any other address. */
function localPath(given: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(given)?.[1]?.toLowerCase()
  if (scheme === undefined) return given
  try {
    // SQLAlchemy: three slashes are a path from the working directory, which is unknown here, and the fourth begins one from the root.
    const database = /^sqlite:\/\/\/(\/[^?]*)/i.exec(given)?.[1]
    return scheme === 'file' ? fileURLToPath(given) : database
  } catch {
    return undefined
  }
}

/** Says what to give instead. An address of a database server is not repeated: it may hold a password. */
function addressProblem(given: string): string {
  const scheme = given.slice(0, given.indexOf(':')).toLowerCase()
  if (/^(postgres|mysql|mssql|oracle)/.test(scheme))
    return `Benchtop doesn't open ${scheme} databases. Start \`mlflow server --backend-store-uri\` on it, and give the address of that server.`
  if (scheme === 'sqlite') return `${given} has no path from the root: give the path of the database's file.`
  return `${given} is no address that runs can be taken from.`
}

async function walk(
  readers: Readers,
  root: string,
  signal: AbortSignal,
): Promise<{
  readonly stores: readonly FoundStore[]
  readonly cutShort: boolean
  readonly closed: readonly string[]
  /** What is said of damaged files. */
  readonly damaged: readonly string[]
}> {
  const stores: FoundStore[] = []
  const damaged: string[] = []
  const closed: string[] = []
  let level = [root]
  let seen = 0
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth++) {
    const next: string[] = []
    for (const folder of level) {
      signal.throwIfAborted()
      if (++seen > MOST_FOLDERS) return { stores, cutShort: true, closed, damaged }
      const store = await storeOf(readers, 'folder', folder)
      if (store !== undefined) {
        if (!stores.some(({ location }) => location === store.location)) stores.push(store)
        continue
      }
      for (const entry of await entriesOf(folder, closed)) {
        const path = join(folder, entry.name)
        if (entry.isSymbolicLink()) {
          // A store itself, such as one on another disk; what lies below it is not looked for there.
          const linked = await linkedStore(readers, path)
          if (linked !== undefined && !stores.some(({ location }) => location === linked.location)) stores.push(linked)
          continue
        }
        if (entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.')) next.push(path)
        if (!entry.isFile() || !DATABASE.test(entry.name)) continue
        const file = await storeOf(readers, 'file', path)
        if (file !== undefined && !stores.some(({ location }) => location === file.location)) stores.push(file)
        const fault = file === undefined ? await faultOf(readers, path) : undefined
        if (fault?.isDamaged === true) damaged.push(fault.words)
      }
    }
    level = next
  }
  return { stores: stores.toSorted((a, b) => (a.location < b.location ? -1 : 1)), cutShort: false, closed, damaged }
}

async function entriesOf(folder: string, closed: string[]): Promise<readonly Dirent[]> {
  const entries: Dirent[] = []
  try {
    for await (const entry of await opendir(folder)) entries.push(entry)
  } catch (error) {
    // What has gone meanwhile holds nothing.
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM') closed.push(folder)
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function storeOf(readers: Readers, holds: Reader['holds'], location: string): Promise<FoundStore | undefined> {
  for (const reader of readers)
    if (reader.holds === holds && (await reader.looksLike(location)))
      return { kind: reader.kind, location: reader.plain?.(location) ?? location }
  return undefined
}

/** The store that a link leads to, where it lies. */
async function linkedStore(readers: Readers, path: string): Promise<FoundStore | undefined> {
  const target = await realpath(path).catch(() => undefined)
  if (target === undefined) return undefined
  const isFolder = (await stat(target).catch(() => undefined))?.isDirectory()
  if (isFolder === undefined || (!isFolder && !DATABASE.test(target))) return undefined
  return storeOf(readers, isFolder ? 'folder' : 'file', target)
}

async function faultOf(readers: Readers, path: string): Promise<Fault | undefined> {
  for (const { holds, fault } of readers) {
    const found = holds === 'file' ? await fault?.(path) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Who names one experiment, or a run, is told of the whole. */
async function storeAbove(readers: Readers, path: string): Promise<FoundStore | undefined> {
  let at = dirname(path)
  for (let up = 0; up < MOST_ABOVE && at !== dirname(at); up++, at = dirname(at)) {
    const store = await storeOf(readers, 'folder', at)
    if (store !== undefined) return store
  }
  return undefined
}
