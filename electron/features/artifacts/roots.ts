import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import type { ReadDb } from '#electron/db/connection.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { folderSize } from './list-folder.ts'

/** What has artifacts: a run, or a logged model. */
export type ArtifactOwner = { readonly kind: 'run' | 'model'; readonly id: string }

/** Where the files of a run or a model may lie. The own folder comes first, and is the only one that is written to. */
export type ArtifactRoots = {
  readonly owner: ArtifactOwner
  /** The folder in the project, there or not. */
  readonly own: string
  /** A folder elsewhere whose files are shown from there; null for none. */
  readonly reference: string | null
  /** The address of a store that only its own client reads (`s3://...`); null for none. */
  readonly address: string | null
}

/** The folder of a run's artifacts in the project. */
export function artifactFolder({ artifactsFolder }: Pick<ProjectContext, 'artifactsFolder'>, run: string): string {
  return join(artifactsFolder, run, 'artifacts')
}

/** The folder of a logged model's files in the project. */
export function modelFolder({ artifactsFolder }: Pick<ProjectContext, 'artifactsFolder'>, model: string): string {
  return join(artifactsFolder, 'models', model, 'artifacts')
}

/** All places where the files of a run or a model may lie. */
export function rootsOf(
  project: { readonly artifactsFolder: string; readonly db: ReadDb },
  owner: ArtifactOwner,
): ArtifactRoots {
  const location = locationOf(project.db, owner)
  const isFolder = location !== undefined && isAbsolute(location)
  return {
    owner,
    own: owner.kind === 'run' ? artifactFolder(project, owner.id) : modelFolder(project, owner.id),
    reference: isFolder ? location : null,
    address: isFolder ? null : (location ?? null),
  }
}

function locationOf(db: ReadDb, { kind, id }: ArtifactOwner): string | undefined {
  return db.value<string>('SELECT location FROM artifact_root WHERE owner_kind = ? AND owner = ?', kind, id)
}

/** The place to name to a person: the own folder once there is one, else where the files were left. */
export function mainPlace({ own, reference, address }: ArtifactRoots): string {
  return existsSync(own) ? own : (reference ?? address ?? own)
}

/** How the referenced folder is now. */
export async function referenceState({ reference }: ArtifactRoots): Promise<'there' | 'gone' | 'unreadable'> {
  if (reference === null) return 'gone'
  try {
    return (await stat(reference)).isDirectory() ? 'there' : 'gone'
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
    return code === 'EACCES' || code === 'EPERM' ? 'unreadable' : 'gone'
  }
}

/**
 * Throws `not_found` when files were left in a folder that is not there now: an empty list would say that there never were any. Nothing where
 * nothing is referenced.
 */
export async function checkReference(roots: ArtifactRoots): Promise<void> {
  if (roots.reference === null) return
  const state = await referenceState(roots)
  const files = `The files of this ${roots.owner.kind} were left in ${roots.reference}`
  if (state === 'gone') {
    throw appError('not_found', `${files}, and that folder is not there now.`, {
      hint: 'Put the folder back, or connect the disk that it lies on.',
    })
  }
  if (state === 'unreadable') throw appError('forbidden', `${files}, which this user may not read.`)
}

/** Bytes of all files of a run or a model, referenced ones too; null when those are not there now. */
export async function artifactBytes(roots: ArtifactRoots): Promise<number | null> {
  const own = await folderSize(roots.own)
  if (roots.reference === null) return own.bytes
  if ((await referenceState(roots)) !== 'there') return null
  return own.bytes + (await folderSize(roots.reference)).bytes
}
