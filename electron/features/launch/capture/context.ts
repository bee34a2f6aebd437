import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { ProcessIdentity } from '#electron/platform/process/identity.ts'
import type { Environment } from '#electron/platform/process/login-environment.ts'
import type { LaunchDeps } from '../deps.ts'

/** A run that things are found out about. */
export type CaptureRun = {
  readonly deps: LaunchDeps
  readonly project: ProjectContext
  readonly run: { readonly id: string; readonly number: number }
  /** Where the command runs. */
  readonly folder: string
  /** Aborts when the project closes. */
  readonly signal: AbortSignal
}

/** What was started: nothing in it is masked yet. */
export type StartedCommand = {
  readonly command: readonly string[]
  readonly environment: Environment
  /** The Python that runs it, where that is known beforehand. */
  readonly python: string | null
  /** The process that makes the run, where it may make many. */
  readonly process?: ProcessIdentity
}

/** Runs pieces of capturing beside each other; one that fails costs only itself. */
export async function each(
  { deps, run }: CaptureRun,
  pieces: Readonly<Record<string, () => Promise<void>>>,
): Promise<void> {
  await Promise.all(
    Object.entries(pieces).map(async ([piece, work]) => {
      try {
        await work()
      } catch (error) {
        deps.surroundings.log.warn('something could not be captured', { piece, run: run.id, error })
      }
    }),
  )
}
