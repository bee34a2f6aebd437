import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file as it was seen: its time and size say at a glance that nothing changed, its hash says so for certain. */
export type Seen = readonly [mtime: number, size: number, hash: string]
export type SeenFiles = Readonly<Record<string, Seen>>

/** Hashes files by content, and reads only those whose time or size is not the known one. */
export type FileHasher = {
  /** 16 hexadecimal digits, or undefined for a file that is not there. */
  readonly hash: (file: string) => string | undefined
  /** All files that were asked for. */
  readonly seen: () => SeenFiles
}

export function fileHasher(root: string, known: SeenFiles): FileHasher {
  const seen = new Map<string, Seen>()
  return {
    hash: (file) => {
      const already = seen.get(file)
      if (already !== undefined) return already[2]
      const path = join(root, file)
      const stat = statSync(path, { throwIfNoEntry: false })
      if (stat?.isFile() !== true) return undefined
      const before = known[file]
      const same = before !== undefined && before[0] === stat.mtimeMs && before[1] === stat.size
      const hash = same ? before[2] : hashOf([readFileSync(path)])
      seen.set(file, [stat.mtimeMs, stat.size, hash])
      return hash
    },
    seen: () => Object.fromEntries(seen),
  }
}

/** 16 hexadecimal digits of SHA-256 over all parts, each with its length before it. */
export function hashOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part
    hash.update(`${bytes.length}:`)
    hash.update(bytes)
  }
  return hash.digest('hex').slice(0, 16)
}

/** What a bundle was built from. `settings` covers the tools and the installed packages. */
export type BundleStamp = {
  readonly settings: string
  readonly inputs: Readonly<Record<string, string>>
  /** Entries that its code starts by path: workers and the like. */
  readonly starts: readonly string[]
  /** The hash of what was written. */
  readonly content: string
}

/** True while nothing that the bundle was built from has changed. */
export function isFresh(
  stamp: BundleStamp | undefined,
  settings: string,
  inputs: readonly string[] | undefined,
  hasher: FileHasher,
): stamp is BundleStamp {
  if (stamp === undefined || stamp.settings !== settings) return false
  const names = Object.keys(stamp.inputs)
  if (
    inputs !== undefined &&
    (inputs.length !== names.length || inputs.some((name) => stamp.inputs[name] === undefined))
  )
    return false
  return names.every((name) => hasher.hash(name) === stamp.inputs[name])
}
