import { existsSync, realpathSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import { createCheckpointer } from '#electron/db/checkpointer.ts'
import { backUp } from '#electron/db/backup.ts'
import { createCommitQueue } from '#electron/db/commit-queue.ts'
import { openWriter, type WriteDb } from '#electron/db/connection.ts'
import { createVacuum, type Vacuum } from '#electron/db/vacuum.ts'
import { createPlanner, openMetricStore } from '#electron/features/metrics/index.ts'
import type { ProjectContext, Projects, Surroundings } from './context.ts'
import { makePlace, placeFor, projectFolder } from './place.ts'
import { ensureDefaultExperiment, metaOf, setMeta } from './queries.ts'
import type { Known } from './read-registry.ts'
import { folderKey, openRegistry, projectIdFor, type Registry } from './registry.ts'

export type OpenProjects = Projects & {
  readonly registry: Registry
  /** Opens a folder, known or not; anew where its database was deleted or replaced. `create: false` refuses a folder that is no project yet. */
  readonly openFolder: (folder: string, create: boolean) => ProjectContext
  /** Gives back what deletions left empty in a project's database. Throws as `require` does. */
  readonly vacuumOf: (id: string) => Vacuum
  readonly rename: (id: string, name: string) => void
  readonly forget: (id: string) => Promise<void>
  readonly closeProject: (id: string) => Promise<void>
  readonly closeAll: () => Promise<void>
}

const INBOX = 'inbox'

/** Keeps the open projects: one database, one writer and one metric store each. */
export function createOpenProjects(surroundings: Surroundings): OpenProjects {
  const { dataFolder, clock, changed } = surroundings
  const registry = openRegistry(dataFolder)
  const checkpointer = createCheckpointer({
    onDeath: (reason) => surroundings.log.error('checkpoint worker ended', { reason }),
  })
  const planner = createPlanner({
    onDeath: (reason) => surroundings.log.error('compaction worker ended; the backend compacts by itself', { reason }),
  })
  const open = new Map<string, ProjectContext>()
  /** One for each open database, so that a second request joins the first. */
  const vacuums = new WeakMap<WriteDb, Vacuum>()
  const closers: ((project: ProjectContext) => void)[] = []

  const openKnown = (known: Known): ProjectContext => {
    const already = open.get(known.id)
    if (already !== undefined) return already
    return openAnew(known)
  }

  const openAnew = (known: Known): ProjectContext => {
    if (!existsSync(known.folder)) {
      throw appError('not_found', `The folder of ${known.name} is gone: ${known.folder}.`, {
        hint: 'If it was moved, open it at its new place.',
      })
    }
    const where = known.inbox ? { place: known.folder, why: null } : placeFor(known.folder, dataFolder)
    makePlace(known.folder, where)
    const db = openWriter(join(where.place, 'project.db'), {
      backupFolder: backupFolder(dataFolder, known.folder),
      log: surroundings.log,
      checkpointer,
    })
    ensureDefaultExperiment(db, clock.now())
    if (metaOf(db, 'id') === undefined) setMeta(db, 'id', known.id)
    const name = metaOf(db, 'name') ?? known.name
    const commits = createCommitQueue(db)
    const project: ProjectContext = {
      ...surroundings,
      id: known.id,
      name,
      folder: known.folder,
      inbox: known.inbox,
      readOnly: false,
      place: where.place,
      artifactsFolder: join(where.place, 'artifacts'),
      db,
      commits,
      metrics: openMetricStore(db, { commits, planner, log: surroundings.log }),
    }
    open.set(known.id, project)
    registry.put({ ...known, name, openedAt: clock.now() })
    changed({ project: known.id, entity: 'project', ids: [known.id] })
    return project
  }

  const closeProject = async (id: string): Promise<void> => {
    const project = open.get(id)
    if (project === undefined) return
    open.delete(id)
    for (const closer of closers) closer(project)
    await close(project)
  }

  const close = async (project: ProjectContext): Promise<void> => {
    await project.metrics.close()
    project.commits.close()
    surroundings.log.info('project closed', {
      project: project.id,
      commits: project.commits.statistics(),
      metrics: project.metrics.statistics(),
    })
    project.db.close()
  }

  /** Lets go of a project whose database was deleted under us; what it held, which only we still hold, becomes a backup first. */
  const letGo = (project: ProjectContext): void => {
    open.delete(project.id)
    for (const closer of closers) closer(project)
    const { log } = surroundings
    backUp(project.db, backupFolder(dataFolder, project.folder))
      .catch((error: unknown) => log.warn('a deleted project could not be kept as a backup', { error }))
      .then(() => close(project))
      .catch((error: unknown) => log.warn('a deleted project could not be closed', { project: project.id, error }))
  }

  const openFolder = (given: string, create: boolean): ProjectContext => {
    const folder = projectFolder(given)
    const known = registry.ofFolder(folder)
    const stale = known === undefined ? undefined : open.get(known.id)
    if (stale !== undefined && !isInPlace(stale)) letGo(stale)
    if (!create && !existsSync(join(placeFor(folder, dataFolder).place, 'project.db'))) {
      throw appError('not_found', `${folder} is not a project yet.`, { field: 'folder' })
    }
    return openKnown(
      known ?? {
        id: freeId(registry, projectIdFor(folder)),
        name: basename(folder),
        folder,
        openedAt: clock.now(),
        inbox: false,
      },
    )
  }

  const require = (id: string): ProjectContext => {
    const already = open.get(id)
    if (already !== undefined) return already
    if (id === INBOX) return openInbox()
    const known = registry.find(id)
    if (known === undefined) throw appError('not_found', `There is no project ${id}.`, { hint: 'Open its folder.' })
    return openKnown(known)
  }

  return {
    registry,
    openFolder,
    require,
    vacuumOf(id) {
      const { db } = require(id)
      const vacuum = vacuums.get(db) ?? createVacuum(db, { checkpointer })
      vacuums.set(db, vacuum)
      return vacuum
    },
    open: () => [...open.values()],
    inbox: openInbox,
    ofPath: (path) => {
      const real = existsSync(path) ? realpathSync(path) : path
      const holds = (folder: string): boolean => real === folder || real.startsWith(folder + sep)
      const [nearest] = registry
        .list()
        .filter((known) => !known.inbox && holds(known.folder))
        .toSorted((a, b) => b.folder.length - a.folder.length)
      return nearest === undefined ? undefined : openKnown(nearest)
    },
    onClose: (listener) => void closers.push(listener),
    rename: (id, name) => {
      const known = registry.find(id)
      if (known === undefined) throw appError('not_found', `There is no project ${id}.`)
      const project = open.get(id)
      if (project !== undefined) {
        setMeta(project.db, 'name', name)
        open.set(id, Object.assign(project, { name }))
      }
      registry.put({ ...known, name })
      changed({ project: id, entity: 'project', ids: [id] })
    },
    forget: async (id) => {
      if (id === INBOX) throw appError('invalid', 'The Inbox is always there.')
      await closeProject(id)
      registry.remove(id)
      changed({ project: null, entity: 'project', ids: [id] })
    },
    closeProject,
    closeAll: async () => {
      for (const id of [...open.keys()]) await closeProject(id)
      await planner.close()
      await checkpointer.close()
    },
  }

  function openInbox(): ProjectContext {
    return openKnown(
      registry.find(INBOX) ?? {
        id: INBOX,
        name: 'Inbox',
        folder: makeInbox(dataFolder),
        openedAt: clock.now(),
        inbox: true,
      },
    )
  }
}

function isInPlace({ db }: ProjectContext): boolean {
  try {
    db.checkInPlace()
    return true
  } catch {
    return false
  }
}

function makeInbox(dataFolder: string): string {
  const folder = join(dataFolder, 'inbox')
  makePlace(folder, { place: folder, why: null })
  return folder
}

function freeId(registry: Registry, wanted: string): string {
  for (let suffix = 1; ; suffix++) {
    const id = suffix === 1 ? wanted : `${wanted}-${suffix}`
    if (registry.find(id) === undefined) return id
  }
}

/** Rolling backups of a folder's history lie outside of it, so that `git clean -fdx` can't take them. */
export function backupFolder(dataFolder: string, folder: string): string {
  return join(dataFolder, 'backups', folderKey(folder))
}
