import type { Dirent } from 'node:fs'
import { lstat, opendir, readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** A file of the source. Its path is relative, with the system's separator. */
export type UnlikeFile = { readonly path: string; readonly size: number; readonly modifiedAt: number }

const AT_ONCE = 32
/** A copy's time is rounded on its way through seconds, milliseconds. */
const SAME_TIME = 2

/**
 * The files under `from` that are not the same under `to`, by size and time: those that a copy brings. One that was written
 * later under `to` is left out, and told to `onLater` when it has another size: somebody changed it there. A link counts as the file it leads to when that lies
 * under `from`; any other is told to `onLink`, and left out. What can't be read is told to `onError`. A folder that is not there has none.
 */
export async function* unlikeFiles(
  from: string,
  to: string | null,
  signal: AbortSignal,
  tell: {
    readonly onLink: (path: string) => void
    readonly onError: (path: string, error: unknown) => void
    /** A file that is there already. */
    readonly onSame?: (size: number) => void
    readonly onLater?: (path: string) => void
  },
): AsyncGenerator<UnlikeFile> {
  const root = await realpath(from).catch(() => undefined)
  if (root === undefined) return
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal.throwIfAborted()
    const here = folder
    const names = await entriesOf(join(root, here)).catch((error: unknown) => {
      tell.onError(here, error)
      return []
    })
    const there = to === null ? new Set<string>() : await namesIn(join(to, here))
    for (const entry of names) if (entry.isDirectory()) waiting.push(join(here, entry.name))
    const files = names.filter((entry) => entry.isFile() || entry.isSymbolicLink())
    for (let start = 0; start < files.length; start += AT_ONCE) {
      signal.throwIfAborted()
      const found = await Promise.all(
        files.slice(start, start + AT_ONCE).map((entry) => look(entry, join(here, entry.name), there.has(entry.name))),
      )
      for (const file of found) if (file !== undefined) yield file
    }
  }

  async function look(entry: Dirent, path: string, mayBeSame: boolean): Promise<UnlikeFile | undefined> {
    try {
      let source = join(root as string, path)
      if (entry.isSymbolicLink()) {
        source = await realpath(source)
        if (!source.startsWith(root + sep)) {
          tell.onLink(path)
          return undefined
        }
      }
      const info = await lstat(source)
      if (!info.isFile()) {
        tell.onLink(path)
        return undefined
      }
      if (mayBeSame) {
        const own = await lstat(join(to as string, path)).catch(() => undefined)
        if (own?.isFile() === true && own.size === info.size && Math.abs(own.mtimeMs - info.mtimeMs) < SAME_TIME) {
          tell.onSame?.(info.size)
          return undefined
        }
        // A copy has its source's time, so only who wrote here since can have made it later.
        if (own?.isFile() === true && own.mtimeMs - info.mtimeMs >= SAME_TIME) {
          if (own.size !== info.size) tell.onLater?.(path)
          return undefined
        }
      }
      return { path, size: info.size, modifiedAt: info.mtimeMs }
    } catch (error) {
      tell.onError(path, error)
      return undefined
    }
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  const entries: Dirent[] = []
  for await (const entry of await opendir(folder)) entries.push(entry)
  return entries
}

async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  return new Set(await readdir(folder).catch(() => []))
}
