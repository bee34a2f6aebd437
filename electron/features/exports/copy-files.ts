import { constants } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ArtifactRoots, checkReference, walkArtifacts } from '#electron/features/artifacts/index.ts'
import type { Notes } from './notes.ts'

const AT_ONCE = 8

export type Copying = {
  readonly notes: Notes
  readonly signal: AbortSignal
  /** Is told of each file that has come. */
  readonly onFile: (bytes: number) => void
}

/**
 * Copies the files of a run or a model, own and referenced ones, to a folder; a clone where the disk can. A file that can't be read is a note, a disk
 * that is full is thrown.
 */
export async function copyFiles(roots: ArtifactRoots, to: string, owner: string, copying: Copying): Promise<void> {
  const { notes, signal, onFile } = copying
  const made = new Map<string, Promise<unknown>>()
  const folder = (path: string): Promise<unknown> => {
    const known = made.get(path) ?? mkdir(path, { recursive: true })
    made.set(path, known)
    return known
  }
  const copy = async (path: string, file: string, size: number): Promise<void> => {
    const target = join(to, ...path.split('/'))
    await folder(dirname(target))
    try {
      await copyFile(file, target, constants.COPYFILE_FICLONE)
      onFile(size)
    } catch (error) {
      const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : ''
      if (!UNREADABLE.has(code)) throw error
      notes.add(`${owner}, ${path}`, `The file can't be read (${code}).`)
    }
  }
  await checkReference(roots).catch((error: unknown) => notes.add(owner, messageOf(error)))
  const running = new Set<Promise<void>>()
  try {
    for await (const { path, file, size } of walkArtifacts(roots, (path) =>
      notes.add(
        `${owner}, ${path === '' ? 'its folder' : path}`,
        'It is no file that can be copied: a link elsewhere, or a folder that may not be read.',
      ),
    )) {
      signal.throwIfAborted()
      const one = copy(path, file, size).finally(() => running.delete(one))
      running.add(one)
      // It is waited for below; until then its failure must not count as one that nobody sees.
      one.catch(() => {})
      if (running.size >= AT_ONCE) await Promise.race(running)
    }
    await Promise.all(running)
  } finally {
    // Nothing may still be written when the draft is thrown away.
    await Promise.allSettled(running)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What is wrong with the one file rather than with the disk that it goes to. */
const UNREADABLE: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM', 'EIO', 'EISDIR', 'ELOOP', 'ENAMETOOLONG'])
