import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

export type AtomicOptions = {
  /** False for what is only true while this process lives: waiting for the disk costs tens of milliseconds, and a power cut ends the process too. */
  readonly durable?: boolean
}

/** Writes a file so that a reader sees the old content or the new, never a half; a power cut leaves neither half, unless `durable` is false. */
export function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  mode = 0o644,
  { durable = true }: AtomicOptions = {},
): void {
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`
  const handle = openSync(draft, 'wx', mode)
  try {
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      for (let written = 0; written < bytes.length;) written += writeSync(handle, bytes, written)
      if (durable) fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
