import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import { folderSize } from '#electron/features/artifacts/index.ts'
import { modelIdsOfRun } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { RunRecord } from './records.ts'

export type Freed = { readonly runs: number; readonly points: number; readonly files: number; readonly bytes: number }

/** Trashed runs vanish after this, milliseconds. */
export const TRASH_FOR = 30 * 24 * 3_600_000

/** Folders on their way out, inside the artifacts' folder so that moving them there is one step of the disk. */
const LEAVING = '.deleted'

/** What erasing the runs would free: points of their metrics, files and their bytes, logs of their launches included. */
export async function wouldFree(project: ProjectContext, runs: readonly RunRecord[]): Promise<Freed> {
  const points = runs.reduce(
    (sum, { number }) => sum + project.metrics.list(number).reduce((count, { summary }) => count + summary.count, 0),
    0,
  )
  let files = 0
  let bytes = 0
  for (const run of runs) {
    for (const folder of [...foldersOf(project, run), ...workFolders(project, run.id)]) {
      const size = await folderSize(folder)
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
  const { db, commits, metrics } = project
  const logs = runs.flatMap((run) => workFolders(project, run.id))
  const aside = runs.flatMap((run) => foldersOf(project, run).filter((folder) => existsSync(folder)))
  for (const folder of aside) putAside(project, folder)
  try {
    await commits.enqueue(() => {
      for (const { number, id } of runs) {
        db.run('DELETE FROM logged_model WHERE source_run = ?', id)
        db.run('DELETE FROM launch WHERE run = ?', id)
        db.run('DELETE FROM run WHERE number = ?', number)
        metrics.deleteRun(number)
      }
    })
  } catch (error) {
    for (const folder of aside) renameSync(asideOf(project, folder), folder)
    throw error
  }
  for (const folder of [...aside.map((folder) => asideOf(project, folder)), ...logs]) {
    await rm(folder, { recursive: true, force: true })
  }
  project.changed({ project: project.id, entity: 'run', ids: runs.map(({ id }) => id) })
}

/** Finishes what a kill cut short: folders put aside go, or come back when their run or model is still there. */
export async function sweepErased(project: ProjectContext): Promise<void> {
  if (project.readOnly) return
  for (const owner of ['', 'models']) {
    const folder = join(project.artifactsFolder, LEAVING, owner)
    if (!existsSync(folder)) continue
    for (const name of readdirSync(folder).filter((entry) => entry !== 'models' || owner === 'models')) {
      const here = join(folder, name)
      const home = join(project.artifactsFolder, owner, name)
      if (isKnown(project, owner, name) && !existsSync(home)) {
        mkdirSync(dirname(home), { recursive: true })
        renameSync(here, home)
      } else await rm(here, { recursive: true, force: true })
    }
  }
}

function isKnown({ db }: ProjectContext, owner: string, id: string): boolean {
  const sql = owner === 'models' ? 'SELECT 1 FROM logged_model WHERE id = ?' : 'SELECT 1 FROM run WHERE id = ?'
  return db.value<number>(sql, id) === 1
}

/** The run's artifacts and those of the models that it logged. Ids become parts of paths, so only such that are one name pass. */
function foldersOf(project: ProjectContext, { id }: RunRecord): readonly string[] {
  return [id, ...modelIdsOfRun(project.db, id).map((model) => join('models', model))]
    .filter((path) => path.split(sep).every((part) => /^[a-zA-Z0-9][\w-]*$/.test(part)) && path !== 'models')
    .map((path) => join(project.artifactsFolder, path))
}

/** Folders of the run's launches, as far as they lie where launches put them: a row must not name anything else for deletion. */
export function workFolders({ db, place }: ProjectContext, run: string): readonly string[] {
  return db
    .prepare('SELECT work_folder FROM launch WHERE run = ?')
    .rows<readonly [string]>(run)
    .map(([folder]) => (isAbsolute(folder) ? folder : join(place, folder)))
    .filter((folder) => {
      const [first, name, ...deeper] = relative(place, folder).split(sep)
      return first === 'launches' && name !== undefined && name !== '' && name !== '..' && deeper.length === 0
    })
}

function asideOf(project: ProjectContext, folder: string): string {
  return join(project.artifactsFolder, LEAVING, relative(project.artifactsFolder, folder))
}

function putAside(project: ProjectContext, folder: string): void {
  const aside = asideOf(project, folder)
  mkdirSync(dirname(aside), { recursive: true })
  renameSync(folder, aside)
}
