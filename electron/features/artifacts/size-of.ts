import { stat } from 'node:fs/promises'
import { appError } from '#shared/rpc/errors.ts'
import { placesOf } from './find-artifact.ts'
import type { ArtifactRoots } from './roots.ts'
import { walkArtifacts } from './walk-artifacts.ts'

const MOST = 10_000

export type ArtifactSize = {
  readonly files: number
  readonly bytes: number
  /** False for a file, null where nothing is. */
  readonly folder: boolean | null
  /** There are more files than were counted. */
  readonly truncated: boolean
}

/** Counts the files below a path, own and referenced ones, up to 10,000. Throws `forbidden` for a path that leads out. */
export async function sizeOf(roots: ArtifactRoots, path: string, signal?: AbortSignal): Promise<ArtifactSize> {
  const [own, reference = null] = (await placesOf(roots, path)) ?? []
  if (own === undefined)
    throw appError('forbidden', `${path.slice(0, 200)} is not inside the ${roots.owner.kind}'s folder.`, {
      field: 'path',
    })
  const found =
    (await stat(own).catch(() => null)) ?? (reference === null ? null : await stat(reference).catch(() => null))
  if (found === null) return { files: 0, bytes: 0, folder: null, truncated: false }
  if (!found.isDirectory()) return { files: 1, bytes: found.size, folder: false, truncated: false }
  let [files, bytes] = [0, 0]
  for await (const file of walkArtifacts({ ...roots, own, reference })) {
    signal?.throwIfAborted()
    if (files === MOST) return { files, bytes, folder: true, truncated: true }
    files += 1
    bytes += file.size
  }
  return { files, bytes, folder: true, truncated: false }
}
