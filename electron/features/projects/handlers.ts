import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import type { Project, projects as procedures, ProjectState } from '#shared/contract/projects.ts'
import { AppError, appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import { backUp, listBackups, restoreBackup } from '#electron/db/backup.ts'
import { openReader } from '#electron/db/connection.ts'
import { gitSummary } from '#electron/platform/git/summary.ts'
import type { ProjectContext } from './context.ts'
import { backupFolder, type OpenProjects } from './open-projects.ts'
import { absoluteFolder, networkDisk, placeFor, projectFolder } from './place.ts'
import { countRuns } from './queries.ts'
import type { Known } from './read-registry.ts'
import { spaceOf } from './space.ts'
import { undoChange } from './undo.ts'

export type ProjectHandlerOptions = {
  readonly projects: OpenProjects
  readonly dataFolder: string
  readonly baseUrl: () => string
  /** The sample project that comes with the app. */
  readonly sampleFolder: string
}

/** The `projects` feature of the contract. */
export function createProjectHandlers({
  projects,
  dataFolder,
  baseUrl,
  sampleFolder,
}: ProjectHandlerOptions): FeatureHandlers<typeof procedures> {
  const describe = async (project: ProjectContext): Promise<Project> => ({
    id: project.id,
    name: project.name,
    folder: project.folder,
    inbox: project.inbox,
    trackingUri: `${baseUrl()}/p/${project.id}`,
    database: join(project.place, 'project.db'),
    databaseElsewhere: project.inbox ? null : placeFor(project.folder, dataFolder).why,
    readOnly: project.readOnly,
    git: project.inbox ? null : await gitSummary(project.folder),
    counts: countRuns(project.db),
  })

  return {
    recent: () =>
      projects.registry.list().map((known) => ({
        id: known.id,
        name: known.name,
        folder: known.folder,
        openedAt: known.openedAt,
        inbox: known.inbox,
        state: stateOf(known),
      })),
    damagedLists: () => [...projects.registry.damaged()],
    get: ({ project }) => describe(projects.require(project)),
    open: ({ folder, create }) => describe(projects.openFolder(folder, create)),
    look: ({ folder }) => look(folder, dataFolder),
    folders: ({ prefix }) => foldersLike(prefix),
    sample: ({ folder }) => {
      const target = copySample(sampleFolder, folder)
      return describe(projects.openFolder(target, true))
    },
    rename: ({ project, name }) => {
      projects.rename(project, name)
      return {}
    },
    forget: async ({ project }) => {
      await projects.forget(project)
      return {}
    },
    backups: ({ project }) => listBackups(backupFolder(dataFolder, projects.require(project).folder)),
    backUpNow: ({ project }) => {
      const context = projects.require(project)
      return backUp(context.db, backupFolder(dataFolder, context.folder))
    },
    restore: async ({ folder: given, file }) => {
      const folder = projectFolder(given)
      const backups = backupFolder(dataFolder, folder)
      if (dirname(resolve(file)) !== backups)
        throw appError('forbidden', 'That file is not one of this folder’s backups.', { field: 'file' })
      const known = projects.registry.ofFolder(folder)
      if (known !== undefined) await projects.closeProject(known.id)
      restoreBackup(file, join(placeFor(folder, dataFolder).place, 'project.db'))
      return describe(projects.openFolder(folder, true))
    },
    space: ({ project }, { signal }) => spaceOf(projects.require(project), projects.vacuumOf(project), signal),
    vacuum: async ({ project }) => {
      const { changed } = projects.require(project)
      const freedBytes = await projects.vacuumOf(project).run()
      changed({ project, entity: 'project', ids: [project] })
      return { freedBytes }
    },
    undo: ({ project, change }) => undoChange(projects.require(project), change),
  }
}

function stateOf(known: Known): z.infer<typeof ProjectState> {
  return existsSync(known.folder) ? 'ok' : 'missing'
}

function look(
  given: string,
  dataFolder: string,
): {
  readonly exists: boolean
  readonly folder: string
  readonly isProject: boolean
  readonly backups: ReturnType<typeof listBackups>
  readonly problem: string | null
} {
  try {
    const folder = projectFolder(given)
    const { place } = placeFor(folder, dataFolder)
    const database = join(place, 'project.db')
    return {
      exists: true,
      folder,
      isProject: existsSync(database),
      // A history that was deleted is offered until there is another: a script that logs here makes an empty one by itself.
      backups: holdsRuns(database)
        ? []
        : listBackups(backupFolder(dataFolder, folder)).filter(({ runs }) => runs !== 0),
      problem: networkDisk(folder),
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { exists: false, folder: given, isProject: false, backups: [], problem: error.message }
  }
}

/** False for a database that is not there or has no run. One that cannot be read may have some. */
function holdsRuns(database: string): boolean {
  if (!existsSync(database)) return false
  try {
    const db = openReader(database)
    try {
      return db.value<number>('SELECT EXISTS (SELECT 1 FROM run)') === 1
    } finally {
      db.close()
    }
  } catch {
    return true
  }
}

function foldersLike(prefix: string): readonly string[] {
  const expanded =
    prefix === ''
      ? `${homedir()}/`
      : prefix.startsWith('~')
        ? join(homedir(), prefix.slice(1)) + (prefix.endsWith('/') ? '/' : '')
        : prefix
  const parent = expanded.endsWith('/') ? expanded : dirname(expanded)
  const start = expanded.endsWith('/') ? '' : basename(expanded).toLowerCase()
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isDirectory() &&
          entry.name.toLowerCase().startsWith(start) &&
          (start !== '' || !entry.name.startsWith('.')),
      )
      .map((entry) => join(parent, entry.name))
      .toSorted()
      .slice(0, 50)
  } catch {
    return []
  }
}

/** Copies the sample beside the user's other work; a folder that is there already is opened as it is. */
function copySample(source: string, chosen: string | undefined): string {
  const target = absoluteFolder(chosen ?? '~/benchtop-sample')
  if (statSync(join(target, 'train.py'), { throwIfNoEntry: false })?.isFile() === true) return target
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw appError('conflict', `${target} is there already and holds other files.`, {
      hint: 'Choose another folder for the sample.',
      field: 'folder',
    })
  }
  mkdirSync(target, { recursive: true })
  cpSync(source, target, {
    recursive: true,
    filter: (path) => !/__pycache__|[/\\]outputs(?:[/\\]|$)/.test(path.slice(source.length)),
  })
  return target
}
