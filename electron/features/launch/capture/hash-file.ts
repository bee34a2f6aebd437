import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

/** What is known of a file's content; `hash` is null where it was not read to the end. */
export type HashedFile = { readonly size: number; readonly modifiedAt: number; readonly hash: string | null }

export type FileHasher = {
  /** Undefined when there is no such file. */
  readonly hash: (file: string, signal?: AbortSignal) => Promise<HashedFile | undefined>
}

const LARGEST = 4 * 2 ** 30
const PATIENCE = 30_000
const REMEMBERED = 5_000

/**
 * Hashes files (`md5:<hex>`, as DVC names contents) and remembers the answer as long as the file's size, time and inode stay. Files over 4 GiB, and those
 * that take longer than half a minute, have no hash.
 */
export function createFileHasher(): FileHasher {
  const known = new Map<string, string>()
  return {
    async hash(file, signal) {
      const found = await stat(file).catch(() => undefined)
      if (found === undefined || !found.isFile()) return undefined
      const { size, mtimeMs, ino, dev } = found
      const key = `${dev}:${ino}:${size}:${mtimeMs}`
      const remembered = known.get(key)
      if (remembered !== undefined) return { size, modifiedAt: mtimeMs, hash: remembered }
      if (size > LARGEST) return { size, modifiedAt: mtimeMs, hash: null }
      const hash = await md5(file, signal)
      if (hash !== null) {
        if (known.size >= REMEMBERED) for (const oldest of known.keys()) if (known.delete(oldest)) break
        known.set(key, hash)
      }
      return { size, modifiedAt: mtimeMs, hash }
    },
  }
}

async function md5(file: string, signal: AbortSignal | undefined): Promise<string | null> {
  const hash = createHash('md5')
  const over = AbortSignal.timeout(PATIENCE)
  try {
    const stop = signal === undefined ? over : AbortSignal.any([over, signal])
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, signal: stop }))
      hash.update(piece as Buffer)
    return `md5:${hash.digest('hex')}`
  } catch {
    return null
  }
}
