import { open } from 'node:fs/promises'

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
    }
  } finally {
    await handle.close()
  }
}
