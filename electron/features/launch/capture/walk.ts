import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export type WalkedFile = {
  /** Relative to the folder, with `/`. */
  readonly path: string
  readonly size: number
  readonly modifiedAt: number
}

export type WalkOptions = {
  readonly signal?: AbortSignal
  /** Names of folders that are not entered. */
  readonly prunes: (name: string, path: string) => boolean
  readonly takes: (path: string) => boolean
  /** Entries looked at, and milliseconds; the walk ends at the first of the two. */
  readonly entries: number
  readonly milliseconds: number
}

export type Walk = {
  readonly files: readonly WalkedFile[]
  /** Entries looked at. */
  readonly seen: number
  /** Why not all was seen; null when it was. */
  readonly cutShort: string | null
}

/** How many files are asked about at once. */
const AT_ONCE = 32

/** Walks a folder, the shallow first, links not followed. What can't be read is passed over. */
export async function walk(folder: string, options: WalkOptions): Promise<Walk> {
  const files: WalkedFile[] = []
  const waiting: string[] = ['']
  const deadline = Date.now() + options.milliseconds
  let seen = 0
  for (let at = 0; at < waiting.length; at++) {
    const inside = waiting[at] ?? ''
    const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch(() => [])
    const asked: string[] = []
    for (const entry of entries) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`
      if (entry.isDirectory()) {
        if (!options.prunes(entry.name, path)) waiting.push(path)
      } else if (entry.isFile() && options.takes(path)) asked.push(path)
    }
    seen += entries.length
    for (let index = 0; index < asked.length; index += AT_ONCE) {
      const portion = asked.slice(index, index + AT_ONCE)
      const stats = await Promise.all(portion.map((path) => lstat(join(folder, path)).catch(() => undefined)))
      portion.forEach((path, position) => {
        const stat = stats[position]
        if (stat !== undefined) files.push({ path, size: stat.size, modifiedAt: stat.mtimeMs })
      })
      if (options.signal?.aborted === true) return { files, seen, cutShort: 'it was cancelled' }
      if (Date.now() > deadline)
        return { files, seen, cutShort: `it took longer than ${options.milliseconds / 1000} s` }
    }
    if (seen > options.entries) return { files, seen, cutShort: `there are more than ${options.entries} entries` }
  }
  return { files, seen, cutShort: null }
}
