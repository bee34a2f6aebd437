import type { RunStatus } from '#shared/contract/common.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { NewRun, RunRecord, RunsService, RunWrites } from '#electron/features/runs/index.ts'
import { claimLaunch, findLaunch } from './queries.ts'

/**
 * The run that a client of a launch asks for, inside a write. The first one, while the process lives, is the launched run itself, moved to the asked
 * experiment and name and given the asked tags; later and concurrent ones (folds, ranks) are its children, as is what comes after the end, but for
 * what is `late` only because it was read later (a spool).
 */
export function claimIn(
  writes: RunWrites,
  runs: RunsService,
  project: ProjectContext,
  launch: string,
  asked: NewRun,
  options: { readonly late?: boolean } = {},
): RunRecord {
  const found = findLaunch(project, launch)
  const launched = found === undefined ? undefined : runs.findRun(project, found.run)
  if (found === undefined || launched === undefined) return writes.createRun(asked)
  const nested = asked.parent ?? asked.tags?.find(({ key }) => key === 'mlflow.parentRunId')?.value
  // One that names its own parent is a child by the client's own word; it must not become the parent of itself.
  const isFirst =
    nested === undefined && (found.state !== 'ended' || options.late === true) && claimLaunch(project.db, launch)
  if (!isFirst) return writes.createRun({ ...asked, parent: nested ?? launched.id })
  if (asked.tags !== undefined && asked.tags.length > 0) writes.setTags(launched.id, asked.tags)
  return writes.updateRun(launched.id, {
    ...(asked.experiment === undefined ? {} : { experiment: asked.experiment }),
    ...(asked.name === undefined ? {} : { name: asked.name }),
    ...(asked.user === undefined ? {} : { user: asked.user }),
  })
}

/** What a client's word on a run's end means for one whose process decides. */
export function saidStatus(status: RunStatus | undefined): 'finished' | 'failed' | 'killed' | undefined {
  return status === 'finished' || status === 'failed' || status === 'killed' ? status : undefined
}
