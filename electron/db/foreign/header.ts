import { open, stat } from 'node:fs/promises'
import { formatBytes } from '#shared/lib/format.ts'

/** What a file says of itself in its first bytes. https://www.sqlite.org/fileformat.html#the_database_header */
export type FileHeader =
  | { readonly kind: 'empty' }
  /** Not SQLite's, or encrypted. */
  | { readonly kind: 'other' }
  | {
      readonly kind: 'sqlite'
      /** Whoever opens it in the usual way makes files beside it. */
      readonly writeAhead: boolean
      readonly applicationId: number
      /** Grows with each transaction of a database without a write-ahead log. */
      readonly changes: number
      /** How long it says it is; null where that may be out of date. */
      readonly bytes: number | null
    }

const MAGIC = 'SQLite format 3\0'
const LENGTH = 100
const WRITE_AHEAD = 2

/** Throws what the file system throws. */
export async function readHeader(file: string): Promise<FileHeader> {
  const handle = await open(file, 'r')
  try {
    const bytes = Buffer.alloc(LENGTH)
    const { bytesRead } = await handle.read(bytes, 0, LENGTH, 0)
    if (bytesRead === 0) return { kind: 'empty' }
    if (bytesRead < LENGTH || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return { kind: 'other' }
    return {
      kind: 'sqlite',
      writeAhead: bytes[18] === WRITE_AHEAD || bytes[19] === WRITE_AHEAD,
      applicationId: bytes.readUInt32BE(68),
      changes: bytes.readUInt32BE(24),
      bytes: lengthIn(bytes),
    }
  } finally {
    await handle.close()
  }
}

/** Programs of before 2010 don't write the number of pages: it counts where it was written together with the count of changes. */
function lengthIn(bytes: Buffer): number | null {
  const pages = bytes.readUInt32BE(28)
  const size = bytes.readUInt16BE(16)
  return pages === 0 || bytes.readUInt32BE(24) !== bytes.readUInt32BE(92) ? null : pages * (size === 1 ? 65_536 : size)
}

/** In words, how much of a file is there that says that it is longer; null for a whole one. What stands in a log or a journal beside it is not there yet. */
export async function cutOff(file: string): Promise<string | null> {
  const header = await readHeader(file)
  if (header.kind !== 'sqlite' || header.bytes === null) return null
  const { size } = await stat(file)
  if (size >= header.bytes || (await sizeBeside(file, '-wal')) > 0 || (await sizeBeside(file, '-journal')) > 0)
    return null
  return `it ends after ${formatBytes(size)} of ${formatBytes(header.bytes)}`
}

/** Bytes of what belongs to a database; 0 where it is not there. */
export async function sizeBeside(file: string, ending: '-wal' | '-journal'): Promise<number> {
  return (await stat(file + ending).catch(() => undefined))?.size ?? 0
}
