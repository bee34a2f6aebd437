import type { ProjectContext } from '#electron/features/projects/index.ts'
import { bringDatasets, bringParams, bringRun, bringTags, isUntold } from '#electron/features/runs/index.ts'
import { cameOf, keptCame, parseCame } from './came.ts'
import { type ComingRun, isDeleted, shownRun } from './coming-run.ts'
import { deletionOf, mergeRun } from './merge-run.ts'
import { setRead } from './look-queries.ts'
import { cameOfRun, putRun } from './queries.ts'
import { addModelUse, setState, stateOf } from './run-queries.ts'
import type { Tally } from './tally.ts'

export type Begun = {
  readonly number: number
  /** It is not whole before `endRun`. */
  readonly isNew: boolean
  /** Something of it was not here before. */
  readonly changed: boolean
}

/** What `came` is while a run comes for the first time. */
const NOTHING_CAME = '{}'

/**
 * Writes a run with what hangs on it but its points. Until `endRun` it stays in the trash and without a fingerprint, so that half of it is never taken for
 * the whole; one that was here stays as it was. Part of the caller's write.
 */
export function beginRun(project: ProjectContext, coming: ComingRun, tally: Tally): Begun {
  const { db } = project
  const { run, contents, source } = coming
  const here = stateOf(db, run.id)
  const number = here?.number ?? insert(project, coming)
  const isNew = here === undefined || coming.half
  const before = isNew ? undefined : parseCame(cameOfRun(db, source, run.id))
  let changes = { tags: coming.tags.length, changed: true }
  if (here === undefined || isNew) bringTags(project, number, coming.tags)
  else changes = mergeRun(project, coming, here, before, tally)
  const { added, clashes } = bringParams(project, number, contents.params)
  bringDatasets(project, { number, experiment: here?.experiment ?? coming.experiment.id }, contents.datasets)
  for (const use of contents.models) addModelUse(db, number, use)
  // What came before stays known while this is under way: a cut in between must not make a person's changes look like ours.
  const came = before === undefined ? NOTHING_CAME : keptCame(before)
  putRun(db, { source, run: run.id, made: here === undefined, fingerprint: '', came })
  project.commits.afterCommit(() => {
    tally.add('params', added)
    tally.add('tags', changes.tags)
    if (isNew) tally.add('datasets', contents.datasets.length)
    for (const { key, here: own, there } of clashes)
      tally.note({
        kind: 'skipped',
        what: shownRun(run),
        why: `its parameter ${key} is ${own} here and ${there} there: what is here stays`,
      })
  })
  return { number, isNew, changed: changes.changed || added > 0 }
}

/**
 * All of the run is here now: it gets the state that it has in the source, and is known from now on. Part of the caller's write.
 *
 * @param points How many different ones the source has.
 */
export function endRun(
  project: ProjectContext,
  coming: ComingRun,
  { isNew, changed, points }: { readonly isNew: boolean; readonly changed: boolean; readonly points: number },
  tally: Tally,
): void {
  const { db } = project
  const { run, source } = coming
  const here = stateOf(db, run.id)
  if (here === undefined) return
  const isGone = isDeleted(coming)
  const isTrashed = isNew ? isGone : here.lifecycle === 'deleted'
  const deletedAt = isNew && isGone ? deletionOf(project, coming, tally) : isTrashed ? here.deletedAt : null
  if (isNew) setState(db, { ...here, lifecycle: isGone ? 'deleted' : 'active', deletedAt })
  const came = cameOf(run, isGone, deletedAt, coming.tags)
  putRun(db, { source, run: run.id, made: isNew, fingerprint: run.fingerprint, came: keptCame(came) })
  setRead(db, { source, run: run.id, points, at: coming.readAt, changed: changed && !isNew })
}

function insert(project: ProjectContext, coming: ComingRun): number {
  const { run, experiment } = coming
  const tag = (key: string): string | null => coming.tags.find((one) => one.key === key)?.value ?? null
  return bringRun(project, {
    id: run.id,
    experiment: experiment.id,
    name: tag('mlflow.runName') || run.id.slice(0, 8),
    status: run.status,
    lifecycle: 'deleted',
    deletedAt: project.clock.now(),
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    // A user that was told later is in the tag alone.
    user: isUntold(run.user) ? (tag('mlflow.user') ?? run.user) : (run.user ?? tag('mlflow.user')),
    parent: tag('mlflow.parentRunId'),
    note: tag('mlflow.note.content') ?? '',
  })
}
