import { mkdir, open, readdir, rename, rm, rmdir, stat, statfs, writeFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'

/** Lies in a folder that is being written, so that another export knows that it may be thrown away. */
const MARK = '.benchtop-export'

/** What stands in the way of writing to a folder; null for nothing. It has to be new or empty, outside of where projects keep what is theirs. */
export async function targetProblem(target: string, kept: string): Promise<string | null> {
  if (!isAbsolute(target)) return 'Name the folder with its whole path.'
  if (/[?%]/.test(target)) return 'MLflow opens no database whose path has a ? or a % in it.'
  if (`${resolve(target)}${sep}`.startsWith(`${kept}${sep}`))
    return `${kept} is the project's own: choose a folder outside of it.`
  const found = await stat(target).catch(() => undefined)
  if (found !== undefined && !found.isDirectory()) return `${target} is a file.`
  const names = found === undefined ? [] : await readdir(target).catch(() => ['?'])
  if (names.length > 0) return `${target} is not empty: name a new folder, or an empty one.`
  const above = dirname(target)
  const parent = await stat(await existingAbove(above)).catch(() => undefined)
  return parent?.isDirectory() === true ? null : `${above} is not a folder.`
}

/** Bytes that are free on the disk of a path that need not be there yet; null where it can't be told. */
export async function freeBytes(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(await existingAbove(path))
    return bavail * bsize
  } catch {
    return null
  }
}

async function existingAbove(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    if (at === dirname(at) || (await stat(at).catch(() => undefined)) !== undefined) return at
  }
}

/** A folder beside the target that is written first and gets the target's name once it is whole. */
export type Draft = {
  readonly folder: string
  /** Gives it its name. Throws `conflict` when something came to be there meanwhile. */
  readonly finish: () => Promise<void>
  readonly discard: () => Promise<void>
}

/** Makes the draft. What a killed export left there is thrown away; anything else of that name is a `conflict`. */
export async function makeDraft(target: string): Promise<Draft> {
  const folder = join(dirname(target), `${basename(target)}.unfinished-export`)
  const left = await readdir(folder).catch(() => undefined)
  if (left !== undefined && left.length > 0 && !left.includes(MARK)) {
    throw appError('conflict', `${folder} is in the way: an export is written there before it gets its name.`, {
      hint: 'Move that folder away.',
    })
  }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, MARK), 'This folder is being written. If nothing writes it any more, delete it.\n')
  return {
    folder,
    finish: async () => {
      try {
        await rmdir(target).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error
        })
        await rename(folder, target)
      } catch (error) {
        throw appError('conflict', `${target} is no longer empty.`, { cause: error })
      }
      // Only now: a folder without the mark that has not got its name would stand in the way of the next export.
      await rm(join(target, MARK), { force: true })
      await syncFolder(dirname(target))
    },
    discard: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** Writes a file's content to the disk, so that a name is never given to less than the whole. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  // Not every system lets a folder be synced.
  await handle?.sync().catch(() => {})
  await handle?.close()
}
