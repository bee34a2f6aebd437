import { rm } from 'node:fs/promises'
import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { missingPoints, missingRows } from './copy-check.ts'
import { digestOf, insertRunRow, putRunRows, readRunRows } from './copy-rows.ts'
import { eraseRows } from './erase.ts'
import { ensureExperiment } from './experiment-writes.ts'
import { createFolderCopier } from './move-files.ts'
import { createMoveFinisher, dropCopy } from './move-finish.ts'
import { ARRIVED, clearAway, clearMark, COMING, type Mark, marks, putAway, putMark } from './move-marks.ts'
import { createPointCopier, type PointCopier } from './move-points.ts'
import { findRun } from './queries.ts'
import type { RunRecord } from './records.ts'
import { foldersOf, homeOf, isOwned } from './run-folders.ts'
import { refuseTraining, selectedRuns } from './selection.ts'

/** Points that may still come over in the turn in which the run changes hands. */
const AT_ONCE = 20_000
/** How often a run is caught up with before what is lacking comes over in one turn, however much that is. */
const ROUNDS = 8

export type Mover = {
  /**
   * Moves runs to another project. Files and points are copied while the run can still be written to, until little is lacking; then, in one turn of the event
   * loop, what is lacking and all rows are written there and the run goes here. So each change that was acknowledged is in the copy, and each later one is refused,
   * as the run is not here any more. A kill at any moment leaves the run whole in at least one of the two, and `finish` clears up the other.
   * Returns how many were moved. In the other project the runs have new numbers, and so new colours. Throws `busy` for a run that trains, or begins to.
   */
  readonly move: (source: ProjectContext, target: ProjectContext, ids: readonly string[]) => Promise<number>
  /** Clears up after moves into this project that were cut short: half a copy goes; of two whole ones, the one that was not changed since. */
  readonly finish: (target: ProjectContext) => Promise<void>
}

export function createMover(
  projects: Pick<Projects, 'require'>,
  swept: (project: ProjectContext) => Promise<void>,
): Mover {
  const moving = new Set<string>()
  return {
    async move(source, target, ids) {
      if (source.id === target.id) {
        throw appError('invalid', 'The runs are in that project already.', { field: 'target' })
      }
      for (const project of [source, target]) {
        if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
      }
      const runs = selectedRuns(source, ids)
      refuseTraining(source, runs)
      const busy = runs.find(({ id }) => moving.has(id))
      if (busy !== undefined) throw appError('busy', `${busy.name} is being moved already.`)
      const taken = runs.find(({ id }) => foldersOf(source, id).some((folder) => isOwned(target, folder)))
      if (taken !== undefined) {
        throw appError('conflict', `${target.name} already has ${taken.name}, or something of its.`, {
          hint: 'Is one of the projects a copy of the other?',
        })
      }
      for (const { id } of runs) moving.add(id)
      try {
        for (const run of runs) await moveRun(source, target, run)
      } finally {
        for (const { id } of runs) moving.delete(id)
        target.changed({ project: target.id, entity: 'run', ids: runs.map(({ id }) => id) })
        target.changed({ project: target.id, entity: 'experiment', ids: [] })
      }
      return runs.length
    },
    finish: createMoveFinisher(projects, swept),
  }
}

async function moveRun(source: ProjectContext, target: ProjectContext, run: RunRecord): Promise<void> {
  const first = readRunRows(source, run.id)
  if (first === undefined) throw gone(run)
  let mark: Mark = { source: source.id, folders: foldersOf(source, run.id) }
  const number = await target.commits.enqueue(() => {
    putMark(target, COMING, run.id, mark)
    return insertRunRow(target, first, anyExperiment(target))
  })
  const points = createPointCopier(source, run.number, target, number)
  const folders = createFolderCopier()
  const copyFolders = async (): Promise<void> => {
    for (const folder of mark.folders) await folders.copy(homeOf(source, folder), homeOf(target, folder))
  }
  /** A model may have been logged meanwhile. What is about to be copied is written down first. */
  const lookForFolders = async (): Promise<void> => {
    const now = foldersOf(source, run.id)
    if (now.length === mark.folders.length) return
    mark = { ...mark, folders: now }
    await target.commits.enqueue(() => putMark(target, COMING, run.id, mark))
  }
  try {
    for (let round = 1; ; round++) {
      await points.catchUp()
      await lookForFolders()
      await copyFolders()
      for (const folder of mark.folders) {
        const lacking = await folders.lacking(homeOf(source, folder), homeOf(target, folder))
        if (lacking !== undefined) throw incomplete(run, `the file ${lacking}`)
      }
      const most = round < ROUNDS ? AT_ONCE : Infinity
      if (await whenBothFree(source, target, () => handOver(source, target, run, number, points, mark, most))) break
      if (round >= ROUNDS) throw appError('busy', `${run.name} is being written to all the time.`, { retry: true })
    }
  } catch (error) {
    // What fails once the original's end is committed (someone who hears of it) must not take the only copy: `finish` sees to the rest.
    const isOnlyOne =
      findRun(source.db, run.id) === undefined && marks(target, ARRIVED).some(([arrived]) => arrived === run.id)
    if (!isOnlyOne) await dropCopy(target, run.id, mark.folders)
    throw error
  } finally {
    points.stop()
  }
  source.changed({ project: source.id, entity: 'run', ids: [run.id] })
  // Files that came between the last copy and the turn in which the run went.
  await copyFolders()
  for (const folder of mark.folders) {
    const lacking = await folders.lacking(homeOf(source, folder), homeOf(target, folder))
    // What the run left behind stays, and so does the mark, by which the next start brings the file over.
    if (lacking !== undefined) throw appError('internal', `${run.name} was moved, but ${lacking} is still to come.`)
  }
  for (const folder of mark.folders) await rm(homeOf(source, folder), { recursive: true, force: true })
  await target.commits.enqueue(() => {
    clearMark(target, ARRIVED, run.id)
    clearAway(target, run.id)
  })
}

/**
 * The turn in which the run changes hands: commits what waits in the source, so that it can be read, then the copy, then that the original is gone. Nothing else runs
 * between. Returns false, with nothing done, when more than `most` points would be read for it, or more than points is lacking. Throws why the run can't be moved, also that
 * the copy is not whole: then the run is whole in the source.
 */
function handOver(
  source: ProjectContext,
  target: ProjectContext,
  run: RunRecord,
  number: number,
  points: PointCopier,
  mark: Mark,
  most: number,
): boolean {
  source.commits.flush()
  const now = findRun(source.db, run.id)
  const rows = readRunRows(source, run.id)
  if (now === undefined || rows === undefined) throw gone(run)
  refuseTraining(source, [now])
  if (foldersOf(source, run.id).length !== mark.folders.length) return false
  const write = points.remainder(most)
  if (write === undefined) return false
  const digest = digestOf(rows, points.counts())
  target.commits.now(() => {
    if (findRun(target.db, run.id)?.number !== number) throw gone(run)
    write()
    putRunRows(target, rows, number, ensureExperiment(target, rows.experiment, untold).id)
    clearMark(target, COMING, run.id)
    const missing = missingRows(rows, readRunRows(target, run.id))
    if (missing !== undefined) throw incomplete(run, missing)
    putMark(target, ARRIVED, run.id, { ...mark, digest })
  })
  // Points are seen once they are committed.
  const missing = missingPoints(source.metrics.list(run.number), target.metrics.list(number))
  if (missing !== undefined) throw incomplete(run, missing)
  source.commits.now(() => {
    eraseRows(source, now)
    putAway(source, run.id, target)
  })
  return true
}

/** Calls `work` when neither database is held still by a checkpoint. */
function whenBothFree(source: ProjectContext, target: ProjectContext, work: () => boolean): Promise<boolean> {
  return new Promise((resolve, reject) =>
    source.db.whenFree(() =>
      target.db.whenFree(() => {
        try {
          resolve(work())
        } catch (error) {
          reject(error as Error)
        }
      }),
    ),
  )
}

/** Where a copy stands until it is whole: its own experiment would be left behind, empty, by a move that fails. */
function anyExperiment(target: ProjectContext): string {
  const known = target.db.value<string>(`SELECT id FROM experiment ORDER BY id <> '0', id LIMIT 1`)
  return known ?? ensureExperiment(target, 'Default', untold).id
}

function incomplete({ name }: RunRecord, what: string): Error {
  return appError('internal', `${name} was not moved: ${what} did not come over whole.`, {
    hint: 'The run is where it was. Try again.',
  })
}

function gone({ name }: RunRecord): Error {
  return appError('not_found', `${name} was deleted while it was being moved.`)
}

/** Nothing to say: those who look at the project are told when the run is there. */
const untold = (): void => {}
