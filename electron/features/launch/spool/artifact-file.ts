import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'

/** An artifact's path in its run, made safe; undefined for one that leaves it. */
export function artifactPath(name: string): string | undefined {
  const path = posix.normalize(name.replaceAll('\\', '/'))
  const leaves = path === '.' || path === '..' || path.startsWith('../') || path.startsWith('/') || path.includes('\0')
  return leaves || /^[a-z]:/i.test(path) ? undefined : path.replace(/\/+$/, '')
}

/** Puts the spool's copy among the run's artifacts in one step, without a second copy of the bytes where the disk allows it. False when the copy is gone. */
export async function placeArtifact(source: string, target: string): Promise<boolean> {
  const draft = join(dirname(target), `.${process.pid}-${Math.random().toString(36).slice(2)}.part`)
  try {
    await mkdir(dirname(target), { recursive: true })
    await link(source, draft).catch(() => copyFile(source, draft))
    await rename(draft, target)
    return true
  } catch (error) {
    await rm(draft, { force: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
