import type { Dirent, Stats } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Entry } from '#shared/contract/artifacts.ts'
import { appError } from '#shared/rpc/errors.ts'
import { fileInside } from './file-inside.ts'

export type Listing = { readonly entries: readonly Entry[]; readonly truncated: boolean }

/** Entries of a folder that are shown; a listing of more would be no use to a person, and could fill the memory. */
export const MOST_LISTED = 10_000
const AT_ONCE = 64
/** An upload that is under way. */
export const DRAFT = /^\.[0-9a-f]{12}\.part$/

/**
 * The folder `path` under `root`: folders first, then by name, numbers in names by value. A folder that is not there is empty: a run without artifacts
 * has none. Links that lead out and anything but files and folders are left out. Undefined when `path` leads out or is a file.
 */
export async function listFolder(root: string, path: string, most = MOST_LISTED): Promise<Listing | undefined> {
  const folder = await fileInside(root, path)
  if (folder === undefined) return undefined
  const names: Dirent[] = []
  let truncated = false
  try {
    for await (const entry of await opendir(folder)) {
      if (DRAFT.test(entry.name)) continue
      if (names.length === most) {
        truncated = true
        break
      }
      names.push(entry)
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { entries: [], truncated: false }
    if (codeOf(error) === 'ENOTDIR') return undefined
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM')
      throw appError('forbidden', `${folder} may not be read by this user.`)
    throw error
  }
  const prefix = path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
  const entries: Entry[] = []
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const found = await Promise.all(
      names.slice(start, start + AT_ONCE).map((entry) => entryOf(root, prefix, folder, entry)),
    )
    entries.push(...found.flatMap((entry) => entry ?? []))
  }
  return { entries: entries.toSorted(byKindAndName), truncated }
}

async function entryOf(root: string, prefix: string, folder: string, entry: Dirent): Promise<Entry | undefined> {
  const { name } = entry
  const path = prefix === '' ? name : `${prefix}/${name}`
  const found: Stats | undefined = await stat(join(folder, name)).catch(() => undefined)
  if (found === undefined || !(found.isFile() || found.isDirectory())) return undefined
  if (entry.isSymbolicLink() && (await fileInside(root, path)) === undefined) return undefined
  return {
    path,
    name,
    folder: found.isDirectory(),
    size: found.isDirectory() ? 0 : found.size,
    modifiedAt: found.mtimeMs,
  }
}

const collator = new Intl.Collator('en', { numeric: true })

/** Folders first, then by name, numbers in names by value. */
export function byKindAndName(left: Entry, right: Entry): number {
  return (
    Number(right.folder) - Number(left.folder) ||
    collator.compare(left.name, right.name) ||
    (left.name < right.name ? -1 : 1)
  )
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}

/** Files and bytes under a folder, links not followed; none where it is not there. */
export async function folderSize(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
  let files = 0
  let bytes = 0
  const waiting = [folder]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const here = at
    let names: { readonly name: string; readonly folder: boolean }[] = []
    try {
      for await (const entry of await opendir(here)) {
        if (entry.isFile() || entry.isDirectory()) names.push({ name: entry.name, folder: entry.isDirectory() })
        if (names.length >= AT_ONCE) {
          await measure(names)
          names = []
        }
      }
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error
    }
    await measure(names)
    async function measure(entries: readonly { readonly name: string; readonly folder: boolean }[]): Promise<void> {
      for (const entry of entries) if (entry.folder) waiting.push(join(here, entry.name))
      const plain = entries.filter((entry) => !entry.folder)
      const sizes = await Promise.all(
        plain.map(async ({ name }) => (await stat(join(here, name)).catch(() => undefined))?.size ?? 0),
      )
      files += plain.length
      bytes += sizes.reduce((sum, size) => sum + size, 0)
    }
  }
  return { files, bytes }
}
