import { rm } from 'node:fs/promises'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { missingPoints } from './copy-check.ts'
import { digestOf, readRunRows } from './copy-rows.ts'
import { eraseRuns } from './erase.ts'
import { copyNewer } from './move-files.ts'
import { ARRIVED, clearAway, clearMark, COMING, type Mark, marks, putAway } from './move-marks.ts'
import { findRun } from './queries.ts'
import { homeOf, isOwned, type RunFolder } from './run-folders.ts'

/** Makes what clears up after moves into a project that a kill cut short. */
export function createMoveFinisher(
  projects: Pick<Projects, 'require'>,
  swept: (project: ProjectContext) => Promise<void>,
): (target: ProjectContext) => Promise<void> {
  return async (target) => {
    if (target.readOnly) return
    for (const [run, { folders }] of marks(target, COMING)) await dropCopy(target, run, folders)
    for (const [run, mark] of marks(target, ARRIVED)) {
      let source: ProjectContext
      try {
        source = projects.require(mark.source)
      } catch {
        // The other project can't be opened now: what it still has goes when it can.
        continue
      }
      await swept(source)
      await finishArrived(source, target, run, mark)
    }
  }
}

/** Takes a copy away that is not to be. Only the mark knows of its folders, so it goes last. */
export async function dropCopy(target: ProjectContext, id: string, folders: readonly RunFolder[]): Promise<void> {
  const run = findRun(target.db, id)
  if (run !== undefined) await eraseRuns(target, [run])
  for (const folder of folders) await rm(homeOf(target, folder), { recursive: true, force: true })
  await target.commits.enqueue(() => {
    clearMark(target, COMING, id)
    clearMark(target, ARRIVED, id)
  })
}

/** A kill came after the copy was whole. Where the original still has its rows, either may have been changed since, in a window that was opened first. */
async function finishArrived(
  source: ProjectContext,
  target: ProjectContext,
  id: string,
  { folders, digest }: Mark,
): Promise<void> {
  const original = findRun(source.db, id)
  if (original !== undefined) {
    const [there, here] = [stateOf(source, id), stateOf(target, id)]
    if (there !== digest && there !== here) {
      if (here !== digest) {
        // Both were changed: none of the two may go.
        target.log.warn('a run is in two projects, and changed in both', { run: id, source: source.id })
        await target.commits.enqueue(() => clearMark(target, ARRIVED, id))
        return
      }
      for (const folder of folders) await copyNewer(homeOf(target, folder), homeOf(source, folder))
      return dropCopy(target, id, folders)
    }
  }
  const copy = findRun(target.db, id)
  if (original !== undefined && copy !== undefined) {
    // The kill may have come before the copy was looked through.
    const missing = missingPoints(source.metrics.list(original.number), target.metrics.list(copy.number))
    if (missing !== undefined) {
      target.log.warn('a run is in two projects, and not whole in the second', { run: id, source: source.id, missing })
      await target.commits.enqueue(() => clearMark(target, ARRIVED, id))
      return
    }
  }
  // A copy that was deleted for good here since is no place for files.
  const mayGo = (folder: RunFolder): boolean => original !== undefined || !isOwned(source, folder)
  for (const folder of folders.filter(mayGo)) {
    if (copy !== undefined) await copyNewer(homeOf(source, folder), homeOf(target, folder))
  }
  if (original !== undefined) {
    await eraseRuns(source, [original])
    await source.commits.enqueue(() => putAway(source, id, target))
  }
  for (const folder of folders)
    if (!isOwned(source, folder)) await rm(homeOf(source, folder), { recursive: true, force: true })
  await target.commits.enqueue(() => {
    clearMark(target, ARRIVED, id)
    if (copy !== undefined) clearAway(target, id)
  })
}

function stateOf(project: ProjectContext, id: string): string | undefined {
  const run = findRun(project.db, id)
  const rows = readRunRows(project, id)
  if (run === undefined || rows === undefined) return undefined
  return digestOf(
    rows,
    project.metrics.list(run.number).map(({ key, origin, summary: { count } }) => ({ key, origin, count })),
  )
}
