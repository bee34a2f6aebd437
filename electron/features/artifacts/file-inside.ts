import { lstat, realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

/**
 * The absolute path of `path` under `root`, whether or not it exists yet; undefined when it would lead out: absolute, with `..` or a zero byte,
 * or over a symbolic link that points outside or nowhere. Links on the way are resolved.
 */
export async function fileInside(root: string, path: string): Promise<string | undefined> {
  const parts = safeParts(path)
  if (parts === undefined) return undefined
  const target = join(root, ...parts)
  const realRoot = await realpath(root).catch(() => undefined)
  // Nothing is there that could be a link; what is above the root is ours.
  if (realRoot === undefined) return target
  for (let at = target; ; at = dirname(at)) {
    const found = await lstat(at).catch(() => undefined)
    if (found === undefined && at !== root) continue
    const real = await realpath(at).catch(() => undefined)
    if (real === undefined || (real !== realRoot && !real.startsWith(realRoot + sep))) return undefined
    return join(real, relative(at, target))
  }
}

/** The names of a relative path; undefined for one that could lead elsewhere. Empty parts and `.` are nothing. */
export function safeParts(path: string): readonly string[] | undefined {
  if (path.includes('\0') || path.startsWith('/')) return undefined
  if (process.platform === 'win32' && /[\\:]/.test(path)) return undefined
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? undefined : parts
}
