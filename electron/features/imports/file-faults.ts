import { AppError } from '#shared/rpc/errors.ts'
import type { ArtifactOwner } from '#electron/features/artifacts/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { systemError } from '#electron/platform/system-error.ts'

/** Says that files of a run or a model have come. */
export function told(project: ProjectContext, owner: ArtifactOwner): void {
  project.changed({ project: project.id, entity: owner.kind === 'run' ? 'artifact' : 'model', ids: [owner.id] })
}

/** True for what the next file would meet as well. */
export function stops(error: unknown): boolean {
  const code = error instanceof AppError ? error.code : systemError(error)?.code
  return code === 'disk_full' || code === 'unavailable' || (code === 'read_only' && !(error instanceof AppError))
}

/** What a person is told of a file that did not come. */
export function wordsOf(error: unknown): string {
  return (systemError(error) ?? (error as Error)).message
}
