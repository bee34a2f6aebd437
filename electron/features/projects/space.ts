import { opendir, stat } from 'node:fs/promises'
import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import type { ProjectSpace } from '#shared/contract/projects.ts'
import type { Vacuum } from '#electron/db/vacuum.ts'
import type { ProjectContext } from './context.ts'

/** What a project takes on disk, and what of it could be given back. */
export async function spaceOf(
  project: ProjectContext,
  vacuum: Vacuum,
  signal: AbortSignal,
): Promise<z.infer<typeof ProjectSpace>> {
  const { bavail, bsize } = statfsSync(project.place)
  const artifactBytes = await folderBytes(project.artifactsFolder, signal)
  return { ...vacuum.space(), artifactBytes, diskFreeBytes: bavail * bsize, vacuum: vacuum.state() }
}

/** Bytes of all files below a folder; 0 when it is not there. What vanishes meanwhile counts nothing. Links are not followed. */
async function folderBytes(folder: string, signal: AbortSignal): Promise<number> {
  let bytes = 0
  try {
    for await (const entry of await opendir(folder)) {
      signal.throwIfAborted()
      const path = join(folder, entry.name)
      if (entry.isDirectory()) bytes += await folderBytes(path, signal)
      else if (entry.isFile())
        bytes += await stat(path).then(
          ({ size }) => size,
          () => 0,
        )
    }
  } catch {
    signal.throwIfAborted()
  }
  return bytes
}
