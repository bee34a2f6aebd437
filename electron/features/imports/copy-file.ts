import { createHash } from 'node:crypto'
import { constants, createWriteStream } from 'node:fs'
import { copyFile, mkdir, rename, rm, statfs, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

/** Copies a file by its blocks where the disk can share them. It appears when it is whole, with the time that it had. */
export async function copyWhole(from: string, to: string, modifiedAt: number): Promise<void> {
  await inPlace(to, async (draft) => {
    await copyFile(from, draft, constants.COPYFILE_FICLONE)
    await utimes(draft, modifiedAt / 1_000, modifiedAt / 1_000)
  })
}

/** Writes a file from a stream. It appears when it is whole. */
export async function writeWhole(
  body: globalThis.ReadableStream<Uint8Array>,
  to: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  await inPlace(to, async (draft) => {
    const counted = Readable.fromWeb(body as ReadableStream<Uint8Array>)
    counted.on('data', (piece: Uint8Array) => onBytes(piece.length))
    await pipeline(counted, createWriteStream(draft), { signal })
  })
}

/** The draft has a name that listings leave out, always the same, so that what a kill leaves is overwritten by the next attempt. */
async function inPlace(to: string, write: (draft: string) => Promise<void>): Promise<void> {
  const name = createHash('sha256').update(basename(to)).digest('hex').slice(0, 12)
  const draft = join(dirname(to), `.${name}.part`)
  await mkdir(dirname(to), { recursive: true })
  try {
    await write(draft)
    await rename(draft, to)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw error
  }
}

/** Bytes that are free for this user on the disk of a folder; null where it can't be told. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}

/** True where copies of the file under the folder take no room: the disk shares their blocks. */
export async function sharesBlocks(file: string, folder: string): Promise<boolean> {
  const probe = join(folder, '.000000000000.part')
  try {
    await mkdir(folder, { recursive: true })
    await copyFile(file, probe, constants.COPYFILE_FICLONE_FORCE)
    return true
  } catch {
    return false
  } finally {
    await rm(probe, { force: true }).catch(() => {})
  }
}
