import { constants } from 'node:fs'
import { copyFile, lstat, mkdir, readdir, readlink, rm, symlink, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DRAFT } from '#electron/features/artifacts/index.ts'

/** Copies folders that may change meanwhile, as often as it takes. */
export type FolderCopier = {
  /**
   * Makes `to` what `from` is: at the first call whatever was there goes; later ones carry over what changed, came or went since. Returns how
   * many files that were.
   */
  readonly copy: (from: string, to: string) => Promise<number>
  /** The first path that was copied, did not change since, and yet has no copy of its kind and size; undefined where all have. */
  readonly lacking: (from: string, to: string) => Promise<string | undefined>
}

export function createFolderCopier(): FolderCopier {
  /** By folder: each path, and what its file was when it was copied. */
  const copied = new Map<string, Map<string, string>>()
  return {
    async copy(from, to) {
      const first = !copied.has(from)
      const known = copied.get(from) ?? new Map<string, string>()
      copied.set(from, known)
      if (first) await rm(to, { recursive: true, force: true })
      const seen = new Set<string>()
      let changes = 0
      for await (const { path, state, kind } of walk(from)) {
        seen.add(path)
        const before = known.get(path)
        if (before === state) continue
        if (before !== undefined) await rm(join(to, path), { recursive: true, force: true })
        // Gone since: a later call sees that.
        if (await put(join(from, path), join(to, path), kind)) known.set(path, state)
        changes++
      }
      for (const path of known.keys()) {
        if (seen.has(path)) continue
        await rm(join(to, path), { recursive: true, force: true })
        known.delete(path)
        changes++
      }
      return changes
    },
    async lacking(from, to) {
      const known = copied.get(from)
      for await (const { path, state, kind, size } of walk(from)) {
        if (known?.get(path) !== state) continue
        const copy = await lstat(join(to, path), { bigint: true }).catch(ifGone)
        if (copy === undefined || kindOf(copy) !== kind || (kind === 'file' && copy.size !== size)) return path
      }
      return undefined
    },
  }
}

/** Brings over files that are not there, or older there. */
export async function copyNewer(from: string, to: string): Promise<void> {
  for await (const { path, kind, modified } of walk(from)) {
    const there = await lstat(join(to, path), { bigint: true }).catch(() => undefined)
    // To the millisecond: no more than that is kept by a copy.
    if (there !== undefined && (kind === 'folder' || there.mtimeMs >= modified)) continue
    if (there !== undefined) await rm(join(to, path), { recursive: true, force: true })
    await put(join(from, path), join(to, path), kind)
  }
}

type Kind = 'folder' | 'file' | 'link'
type Found = {
  readonly path: string
  readonly kind: Kind
  /** Another one for another content. */
  readonly state: string
  readonly size: bigint
  /** Milliseconds since 1970. */
  readonly modified: bigint
}

/** What is in a folder that may change, folders before what is in them; nothing when there is none. Uploads that are under way are left out. */
async function* walk(root: string, inside = ''): AsyncGenerator<Found> {
  const entries = await readdir(join(root, inside), { withFileTypes: true }).catch(ifGone)
  for (const entry of entries ?? []) {
    const path = join(inside, entry.name)
    const kind = kindOf(entry)
    if (kind === undefined || DRAFT.test(entry.name)) continue
    const stats = await lstat(join(root, path), { bigint: true }).catch(ifGone)
    if (stats === undefined) continue
    const { size, ino, mtimeNs, ctimeNs, mtimeMs: modified } = stats
    yield {
      path,
      kind,
      modified,
      size,
      state: kind === 'folder' ? kind : [kind, size, ino, mtimeNs, ctimeNs].join(' '),
    }
    if (kind === 'folder') yield* walk(root, path)
  }
}

function kindOf(entry: {
  readonly isFile: () => boolean
  readonly isDirectory: () => boolean
  readonly isSymbolicLink: () => boolean
}): Kind | undefined {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : undefined
}

/** A copy-on-write clone where the disk can. False when the original has vanished. */
async function put(from: string, to: string, kind: Kind): Promise<boolean> {
  await mkdir(kind === 'folder' ? to : dirname(to), { recursive: true })
  try {
    if (kind === 'link') await symlink(await readlink(from), to)
    if (kind === 'file') {
      const { atime, mtime } = await lstat(from)
      await copyFile(from, to, constants.COPYFILE_FICLONE)
      await utimes(to, atime, mtime)
    }
    return true
  } catch (error) {
    ifGone(error)
    return false
  }
}

function ifGone(error: unknown): undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
}
