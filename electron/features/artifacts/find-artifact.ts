import type { Stats } from 'node:fs'
import { lstat, rm } from 'node:fs/promises'
import { appError } from '#shared/rpc/errors.ts'
import { fileInside } from './file-inside.ts'
import { byKindAndName, type Listing, listFolder, MOST_LISTED } from './list-folder.ts'
import { type ArtifactRoots, checkReference } from './roots.ts'

/**
 * The absolute path of an artifact: in the own folder if it is there, else in the referenced one, else where it would be in the own one.
 * Undefined when the path leads out of either. Throws `not_found` when the referenced folder is gone and the file could only be there.
 */
export async function findArtifact(roots: ArtifactRoots, path: string): Promise<string | undefined> {
  const own = await fileInside(roots.own, path)
  if (own === undefined || roots.reference === null || (await statsOf(own)) !== undefined) return own
  const referenced = await fileInside(roots.reference, path)
  if (referenced === undefined) return undefined
  if ((await statsOf(referenced)) !== undefined) return referenced
  await checkReference(roots)
  return own
}

/**
 * Where a file is to be written: always in the own folder. Undefined when the path leads out. Throws `invalid` for a file where the referenced
 * folder has a folder, or the other way round: one would hide the other.
 */
export async function placeToWrite(roots: ArtifactRoots, path: string): Promise<string | undefined> {
  const own = await fileInside(roots.own, path)
  if (own === undefined || roots.reference === null) return own
  const referenced = await fileInside(roots.reference, path)
  if (referenced === undefined) return undefined
  const found = await lstat(referenced).catch((error: unknown) => codeOf(error))
  if (found === 'ENOTDIR' || (typeof found === 'object' && found.isDirectory())) {
    throw appError('invalid', `A file and a folder can't have the same name: ${path.slice(0, 200)}`, { field: 'path' })
  }
  return own
}

/** The places of an artifact path, there or not: the own one first, which hides the other's. Undefined when the path leads out. */
export async function placesOf(roots: ArtifactRoots, path: string): Promise<readonly string[] | undefined> {
  const own = await fileInside(roots.own, path)
  if (own === undefined) return undefined
  if (roots.reference === null) return [own]
  const referenced = await fileInside(roots.reference, path)
  return referenced === undefined ? undefined : [own, referenced]
}

/**
 * The entries of a folder in the own and in the referenced place as one listing, the own ones hiding others of their name. Undefined when the path
 * leads out or is a file. A referenced folder that is gone is for the caller to tell: see `checkReference`.
 */
export async function listArtifacts(
  { own, reference }: ArtifactRoots,
  path: string,
  most = MOST_LISTED,
): Promise<Listing | undefined> {
  const here = await listFolder(own, path, most)
  if (here === undefined || reference === null) return here
  const there = await listFolder(reference, path, most)
  if (there === undefined) return here.entries.length === 0 ? undefined : here
  const names = new Set(here.entries.map(({ name }) => name))
  const entries = [...here.entries, ...there.entries.filter(({ name }) => !names.has(name))].sort(byKindAndName)
  return { entries: entries.slice(0, most), truncated: here.truncated || there.truncated || entries.length > most }
}

/**
 * Deletes a file or folder of the own place. Returns false when there is none. Throws `forbidden`, and deletes nothing, where that would take in a
 * file that is only referenced, and for a path that leads out.
 */
export async function removeArtifact(roots: ArtifactRoots, path: string): Promise<boolean> {
  const [own, referenced] = (await placesOf(roots, path)) ?? []
  if (own === undefined) throw appError('forbidden', 'Invalid path', { field: 'path' })
  const found = await statsOf(own)
  const there = referenced === undefined ? undefined : await statsOf(referenced)
  if (roots.reference !== null && there !== undefined && (found === undefined || found.isDirectory()))
    throw onlyReferenced(roots.reference, path)
  if (found === undefined) return false
  await rm(own, { recursive: true, force: true })
  return true
}

function onlyReferenced(reference: string, path: string): Error {
  return appError(
    'forbidden',
    `${path === '' ? 'This folder' : path.slice(0, 200)} lies in ${reference}, which is only referenced: nothing is deleted there.`,
    { hint: 'Delete it there, if it is to go.', field: 'path' },
  )
}

async function statsOf(file: string): Promise<Stats | undefined> {
  return lstat(file).catch(() => undefined)
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}
