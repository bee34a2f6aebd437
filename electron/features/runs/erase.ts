import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import { folderSize } from '#electron/features/artifacts/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { RunRecord } from './records.ts'
import { asideOf, FOLDER_KINDS, foldersOf, homeOf, isOwned, type RunFolder } from './run-folders.ts'

export type Freed = { readonly runs: number; readonly points: number; readonly files: number; readonly bytes: number }

/** Trashed runs vanish after this, milliseconds. */
export const TRASH_FOR = 30 * 24 * 3_600_000

/** What erasing the runs would free: points of their metrics, files and their bytes, logs of their launches included. */
export async function wouldFree(project: ProjectContext, runs: readonly RunRecord[]): Promise<Freed> {
  let points = 0
  let files = 0
  let bytes = 0
  for (const { number, id } of runs) {
    for (const { summary } of project.metrics.list(number)) points += summary.count
    for (const folder of foldersOf(project, id)) {
      const size = await folderSize(homeOf(project, folder))
      files += size.files
      bytes += size.bytes
    }
  }
  return { runs: runs.length, points, files, bytes }
}

/**
 * Takes runs away for good, with their points, files, models and logs. First the folders are put aside, then the rows go in one transaction, then the
 * folders: a kill in between loses nothing that has a row, and leaves nothing that `sweepErased` does not clear.
 */
export async function eraseRuns(project: ProjectContext, runs: readonly RunRecord[]): Promise<void> {
  if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
  const { commits } = project
  const folders = runs
    .flatMap(({ id }) => foldersOf(project, id))
    .filter((folder) => existsSync(homeOf(project, folder)))
  for (const folder of folders) moveFolder(homeOf(project, folder), asideOf(project, folder))
  try {
    await commits.enqueue(() => {
      for (const run of runs) eraseRows(project, run)
    })
  } catch (error) {
    for (const folder of folders) moveFolder(asideOf(project, folder), homeOf(project, folder))
    throw error
  }
  for (const folder of folders) await rm(asideOf(project, folder), { recursive: true, force: true })
  project.changed({ project: project.id, entity: 'run', ids: runs.map(({ id }) => id) })
}

/** Takes the rows and points of a run away, not its folders. Part of the caller's write. */
export function eraseRows(project: ProjectContext, { number, id }: Pick<RunRecord, 'number' | 'id'>): void {
  const { db, metrics } = project
  forgetReferences(project, id)
  db.run('DELETE FROM logged_model WHERE source_run = ?', id)
  db.run('DELETE FROM launch WHERE run = ?', id)
  db.run('DELETE FROM run WHERE number = ?', number)
  metrics.deleteRun(number)
}

/** Files that were left elsewhere stay there; only that they belong to this run, or to a model of it, is forgotten, and so is which came from a server. */
function forgetReferences({ db }: ProjectContext, run: string): void {
  for (const table of ['artifact_root', 'import_file'])
    db.run(
      `DELETE FROM ${table}
        WHERE (owner_kind = 'run' AND owner = ?)
           OR (owner_kind = 'model' AND owner IN (SELECT id FROM logged_model WHERE source_run = ?))`,
      run,
      run,
    )
}

/** Finishes what a kill cut short: folders put aside go, or come back when what they belong to is still there. */
export async function sweepErased(project: ProjectContext): Promise<void> {
  if (project.readOnly) return
  for (const kind of FOLDER_KINDS) {
    for (const name of namesIn(dirname(asideOf(project, { kind, name: 'x' })))) {
      const folder: RunFolder = { kind, name }
      if (isOwned(project, folder) && !existsSync(homeOf(project, folder))) {
        moveFolder(asideOf(project, folder), homeOf(project, folder))
      } else await rm(asideOf(project, folder), { recursive: true, force: true })
    }
  }
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function moveFolder(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  renameSync(from, to)
}
