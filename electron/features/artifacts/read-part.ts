import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { appError } from '#shared/rpc/errors.ts'
import { mimeOfContent } from './mime.ts'

export type FilePart = { readonly bytes: Uint8Array<ArrayBuffer>; readonly size: number; readonly mime: string }

/** Enough to tell text from anything else. */
const START = 512

/** Up to `limit` bytes from `offset`. Throws `not_found`, and `invalid` for what is no file: a pipe would never end. */
export async function readPart(file: string, path: string, offset: number, limit: number): Promise<FilePart> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw refusal(error, path)
    },
  )
  try {
    const { size, ...stats } = await handle.stat()
    if ((stats.mode & constants.S_IFMT) !== constants.S_IFREG) throw appError('invalid', `${path} is not a file.`)
    const bytes = new Uint8Array(Math.max(0, Math.min(limit, size - offset)))
    const filled = await fill(handle, bytes, offset)
    const start =
      offset === 0 && filled >= Math.min(START, size) ? bytes.subarray(0, START) : new Uint8Array(Math.min(START, size))
    if (start.buffer !== bytes.buffer) await fill(handle, start, 0)
    return { bytes: filled === bytes.length ? bytes : bytes.slice(0, filled), size, mime: mimeOfContent(path, start) }
  } finally {
    await handle.close()
  }
}

type Handle = Awaited<ReturnType<typeof open>>

/** A read may bring less than asked; a file that shrinks meanwhile ends early. */
async function fill(handle: Handle, bytes: Uint8Array, offset: number): Promise<number> {
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}

function refusal(error: unknown, path: string): Error {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return appError('not_found', `There is no file ${path}.`)
  if (code === 'EISDIR') return appError('invalid', `${path} is a folder.`)
  if (code === 'EACCES' || code === 'EPERM') return appError('forbidden', `${path} may not be read by this user.`)
  return appError('unavailable', `${path} can't be read.`, { cause: error })
}
