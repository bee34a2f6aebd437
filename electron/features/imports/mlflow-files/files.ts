import { closeSync, constants, openSync, readdirSync, readSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { relative, sep } from 'node:path'
import { appError } from '#shared/rpc/app-error.ts'
import type { Notice } from '../source.ts'
import { decodeText } from './text.ts'

/** A store's folder, and whom to tell of what is found there. */
export type Place = {
  /** Without links: what lies elsewhere than below it is not the store's. */
  readonly root: string
  readonly notice: Notice
  /** Small files are read into it, one after the other. */
  readonly scratch: Buffer
  /** Tells only the first of those with one key. */
  readonly once: (key: string, tell: () => void) => void
}

export type Entry = { readonly name: string; readonly path: string; readonly kind: 'file' | 'folder' }

/** A place for a folder. Throws an AppError when it is not there. */
export function openPlace(folder: string, notice: Notice): Place {
  const told = new Set<string>()
  let root
  try {
    root = realpathSync(folder)
  } catch (error) {
    throw gone(folder, error)
  }
  const once: Place['once'] = (key, tell) => {
    if (told.has(key)) return
    told.add(key)
    tell()
  }
  const place = { root, notice, scratch: Buffer.alloc(64 << 10), once }
  assertThere(place)
  return place
}

/** The same place for a look of which nothing is to be told, not even once. */
export function quietly(place: Place): Place {
  return { ...place, notice: () => {}, once: () => {} }
}

/** Throws an AppError when the store as a whole can't be read any more: a disk that was pulled must not look like runs without contents. */
export function assertThere({ root }: Place): void {
  try {
    if (statSync(root).isDirectory()) return
  } catch (error) {
    throw gone(root, error)
  }
  throw appError('not_found', `${root} is not a folder.`)
}

function gone(folder: string, error: unknown): Error {
  const code = codeOf(error)
  if (code === 'EACCES' || code === 'EPERM') {
    return appError('forbidden', `${folder} may not be read by this user.`, { cause: error })
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') return appError('not_found', `${folder} is not there.`, { cause: error })
  return appError('unavailable', `${folder} can't be read now (${code}).`, { retry: true, cause: error })
}

/** A path as notes have it: from the store's folder, with `/`. */
export function named({ root }: Place, path: string): string {
  return relative(root, path).split(sep).join('/')
}

/** What systems and copying programs leave in folders. */
const LITTER = /^(\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.git(keep|ignore)|\.nfs[0-9a-f]+|\.directory)$/i

/**
 * A folder's files and folders by name; empty when there is none. Links are followed within the store alone, and only where `follow` says so: what
 * is left out is told. Everything that is neither file nor folder is left out: opening a pipe would wait for ever.
 */
export function entriesOf(place: Place, folder: string, follow: 'files' | 'folders'): readonly Entry[] {
  let found: Dirent[]
  try {
    found = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    const code = codeOf(error)
    if (code !== 'ENOENT' && code !== 'ENOTDIR') skip(place, folder, `it can't be listed (${code})`)
    return []
  }
  const entries: Entry[] = []
  for (const one of found) {
    if (LITTER.test(one.name)) continue
    // `join` would look at each letter again, which for a million names is a second.
    const path = folder + sep + one.name
    if (one.isFile()) entries.push({ name: one.name, path, kind: 'file' })
    else if (one.isDirectory()) entries.push({ name: one.name, path, kind: 'folder' })
    else if (one.isSymbolicLink()) {
      const target = followed(place, one.name, path, follow)
      if (target !== undefined) entries.push(target)
    } else skip(place, path, 'it is neither a file nor a folder')
  }
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function followed(place: Place, name: string, path: string, follow: 'files' | 'folders'): Entry | undefined {
  try {
    const real = realpathSync(path)
    if (!isInside(place.root, real)) return skip(place, path, 'it is a link that leads out of the store')
    const stat = statSync(real)
    if (stat.isFile()) return { name, path: real, kind: 'file' }
    if (stat.isDirectory() && follow === 'folders') return { name, path: real, kind: 'folder' }
    return skip(place, path, 'it is a link to a folder of the same store')
  } catch (error) {
    return skip(place, path, `it is a link that leads nowhere (${codeOf(error)})`)
  }
}

export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** Tells that something of the store did not come. */
export function skip(place: Place, path: string, why: string): undefined {
  place.notice({ kind: 'skipped', what: named(place, path), why })
  return undefined
}

// Never a pipe that somebody put there meanwhile, never a link: names come from a listing that has looked.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)

/** Opens a file for reading; undefined when there is none any more. */
export function openFile(path: string): number | undefined {
  try {
    return openSync(path, FLAGS)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/** A file of at most `limit` bytes, good until the next call; undefined when it is not there. Throws an Error in words when it is larger or can't be read. */
function readSmall({ scratch }: Place, path: string, limit: number): Buffer | undefined {
  let file
  try {
    file = openFile(path)
    if (file === undefined) return undefined
    let bytes = scratch
    let length = 0
    for (;;) {
      length += readSync(file, bytes, length, bytes.length - length, null)
      if (length > limit) throw new Error(`it is larger than ${sizeOf(limit)}`)
      // A file gives less than was asked for at its end alone.
      if (length < bytes.length) return bytes.subarray(0, length)
      bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length)])
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw code === undefined ? error : new Error(`it can't be read (${code})`, { cause: error })
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** A file's text; undefined when it is not there, or can't be read, which is told. */
export function readText(place: Place, path: string, limit: number): string | undefined {
  try {
    const bytes = readSmall(place, path, limit)
    if (bytes === undefined) return undefined
    const { text, changed } = decodeText(bytes)
    if (changed !== null) place.notice({ kind: 'changed', what: named(place, path), why: changed })
    return text
  } catch (error) {
    return skip(place, path, error instanceof Error ? error.message : "it can't be read")
  }
}

function sizeOf(bytes: number): string {
  return bytes >= 1 << 20 ? `${bytes >> 20} MiB` : `${bytes} bytes`
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}
