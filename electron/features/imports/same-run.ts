import { isAbort } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { mergeTags } from './came.ts'
import { newPoints } from './new-points.ts'
import { ownTags } from './own-tags.ts'
import { loggedParams } from './queries.ts'
import { type RunState, stateOf } from './run-queries.ts'
import type { ImportSource, SourceRun } from './source.ts'

/**
 * Whether taking in a run that is here, and that this source never brought, would leave it as it is: a copy of a store, say. Reads all of the run in the
 * source up to the first thing that is new. False for what can't be read: its import says why.
 */
export async function bringsNothing(
  project: ProjectContext,
  source: ImportSource,
  run: SourceRun,
  signal: AbortSignal,
): Promise<boolean> {
  const here = stateOf(project.db, run.id)
  if (here === undefined || isFurther(run, here)) return false
  try {
    const { params, tags, series } = await source.contents(run, signal)
    const own = loggedParams(project.db, here.number)
    if (params.some(({ key }) => !own.has(key))) return false
    if (mergeTags(ownTags(project.db, here), tags, {}).set.length > 0) return false
    for await (const one of series) {
      signal.throwIfAborted()
      if (newPoints(project, run.id, one).points.step.length > 0) return false
    }
    return true
  } catch (error) {
    if (isAbort(error) || signal.aborted) throw error
    return false
  }
}

/** It has ended there, and not here; or there is known when, and not here. */
function isFurther(run: SourceRun, here: RunState): boolean {
  if (here.source !== 'import') return false
  const isOpen = ['running', 'queued', 'lost'].includes(here.status)
  return (
    (isOpen && run.status !== here.status) ||
    (here.startedAt === null && run.startedAt !== null) ||
    (here.endedAt === null && run.endedAt !== null)
  )
}
