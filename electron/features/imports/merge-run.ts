import { isDeepStrictEqual } from 'node:util'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { bringTags, MIRRORED_TAGS } from '#electron/features/runs/index.ts'
import { type Came, mergeTags } from './came.ts'
import { type ComingRun, isDeleted, shownRun } from './coming-run.ts'
import { ownTags } from './own-tags.ts'
import { removeTag, type RunState, setState } from './run-queries.ts'
import type { Tally } from './tally.ts'
import { TRASHED_ANEW, trashTime } from './trash-time.ts'

/** Brings tags and state of a run that is here up to what its source says, as far as nobody has changed them here. Says how many tags came, and whether anything did. */
export function mergeRun(
  project: ProjectContext,
  coming: ComingRun,
  here: RunState,
  before: Came | undefined,
  tally: Tally,
): { readonly tags: number; readonly changed: boolean } {
  const { db } = project
  const change = mergeTags(ownTags(db, here), coming.tags, before?.tags ?? {})
  bringTags(project, here.number, change.set)
  for (const key of change.removed) if (!MIRRORED_TAGS.has(key)) removeTag(db, here.number, key)
  const now = { ...here, ...mirrored(change), ...stateNow(project, coming, here, before, tally) }
  const changed = !isDeepStrictEqual(now, here)
  if (changed) setState(db, now)
  project.commits.afterCommit(() => {
    // That of its experiment is told once.
    const isMoved = now.lifecycle !== here.lifecycle && !coming.experiment.deleted
    if (isMoved) tally.note({ kind: 'changed', what: shownRun(coming.run), why: MOVED[now.lifecycle] })
    for (const key of change.kept)
      tally.note({
        kind: 'skipped',
        what: shownRun(coming.run),
        why: `its tag ${key} is another one here: what is here stays`,
      })
  })
  return { tags: change.set.length, changed: changed || change.set.length + change.removed.length > 0 }
}

function mirrored(change: ReturnType<typeof mergeTags>): Partial<RunState> {
  const columns: { name?: string; user?: string | null; note?: string; parent?: string | null } = {}
  for (const { key, value } of change.set) {
    const column = MIRRORED_TAGS.get(key)
    if (column !== undefined && (column !== 'name' || value !== '')) columns[column] = value
  }
  for (const key of change.removed) {
    const column = MIRRORED_TAGS.get(key)
    if (column === 'note') columns.note = ''
    else if (column === 'user' || column === 'parent') columns[column] = null
  }
  return columns
}

const MOVED: Readonly<Record<RunState['lifecycle'], string>> = {
  deleted: 'it was deleted there: it lies in the trash here',
  active: 'it was restored there: it is back here',
  archived: '',
}

/** Since when a run that was deleted there lies in the trash here: with its experiment, if that is there too, so that they come back together. */
export function deletionOf(
  { commits, clock }: ProjectContext,
  { run, experiment }: Pick<ComingRun, 'run' | 'experiment'>,
  tally: Tally,
): number {
  const { at, wasOld } = trashTime(run.deletedAt, clock.now())
  if (experiment.deletedAt !== null) return experiment.deletedAt
  if (wasOld) commits.afterCommit(() => tally.note(TRASHED_ANEW))
  return at
}

/** What has happened to the run since: it ended, was deleted, was restored. A run of our own knows that better than any copy of it. */
function stateNow(
  project: ProjectContext,
  coming: ComingRun,
  here: RunState,
  before: Came | undefined,
  tally: Tally,
): Partial<RunState> {
  const { run } = coming
  if (here.source !== 'import') return {}
  const isOpen = ['running', 'queued', 'lost'].includes(here.status)
  const follows = before === undefined ? isOpen : here.status === before.status
  const ended = follows ? { status: run.status } : {}
  const started = here.startedAt === (before?.startedAt ?? null) ? { startedAt: run.startedAt } : {}
  const stopped = here.endedAt === (before?.endedAt ?? null) ? { endedAt: run.endedAt } : {}
  const deleted = isDeleted(coming)
  const moved: Partial<RunState> =
    before === undefined || before.deleted === deleted || (here.lifecycle === 'deleted') === deleted
      ? {}
      : deleted
        ? { lifecycle: 'deleted', deletedAt: deletionOf(project, coming, tally) }
        : { lifecycle: 'active', deletedAt: null }
  return { ...ended, ...started, ...stopped, ...moved }
}
