import { lstat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { artifacts as contract, FilePlace } from '#shared/contract/artifacts.ts'
import type { z } from 'zod'
import { appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import { isModelOfRun } from '#electron/features/models/index.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { fileInside, safeParts } from './file-inside.ts'
import { type Listing, listFolder } from './list-folder.ts'
import { readPart } from './read-part.ts'
import { hasWritten, writtenFiles } from './written-files.ts'

/** Where a run's artifacts lie. */
export function artifactFolder(project: ProjectContext, run: string): string {
  return join(project.artifactsFolder, run, 'artifacts')
}

/** Where a logged model's files lie. */
export function modelFolder(project: ProjectContext, model: string): string {
  return join(project.artifactsFolder, 'models', model, 'artifacts')
}

type Place = {
  readonly project: string
  readonly run: string
  readonly place: z.output<typeof FilePlace>
  readonly model?: string | undefined
}
type Found = { readonly project: ProjectContext; readonly number: number; readonly root: string; readonly name: string }

/** The `artifacts` feature of the contract. Paths that lead out of their place are refused with `forbidden`. */
export function createArtifactHandlers(options: {
  readonly projects: Pick<Projects, 'require'>
}): FeatureHandlers<typeof contract> {
  const find = (given: Place): Found => {
    const project = options.projects.require(given.project)
    const number = project.db.value<number>('SELECT number FROM run WHERE id = ?', given.run)
    if (number === undefined) throw appError('not_found', `There is no run ${given.run}.`)
    if (given.place === 'written') return { project, number, root: project.folder, name: given.place }
    if (given.place === 'artifact')
      return { project, number, root: artifactFolder(project, given.run), name: given.place }
    const { model } = given
    if (model === undefined) throw appError('invalid', 'Say which model.', { field: 'model' })
    if (!isModelOfRun(project.db, model, { number, id: given.run })) {
      throw appError('not_found', `The run has no model ${model}.`, { field: 'model' })
    }
    return { project, number, root: modelFolder(project, model), name: given.place }
  }

  /** A file that may be shown: inside of its place, and of the project's own files only those that the run wrote. */
  const fileOf = async (given: Place & { readonly path: string }): Promise<Found & { readonly file: string }> => {
    const found = find(given)
    const file = await fileInside(found.root, given.path)
    if (file === undefined || (found.name === 'written' && !hasWritten(found.project.db, found.number, given.path))) {
      throw outside(given.path)
    }
    return { ...found, file }
  }

  return {
    list: async ({ path, ...given }) => {
      const found = find(given)
      const listing = found.name === 'written' ? await listWritten(found, path) : await listFolder(found.root, path)
      if (listing === undefined) throw outside(path)
      return listing
    },
    written: ({ project: id, run }) => {
      const { project, number } = find({ project: id, run, place: 'written' })
      return writtenFiles(project.db, project.folder, number)
    },
    read: async ({ offset, limit, ...given }) => {
      const { file } = await fileOf(given)
      return readPart(file, given.path, offset, limit)
    },
    locate: async (given) => {
      const { file } = await fileOf(given)
      if ((await lstat(file).catch(() => undefined)) === undefined) {
        throw appError('not_found', `There is no file ${given.path}.`)
      }
      return { path: file }
    },
    remove: async (given) => {
      if (given.place === 'written')
        throw appError('forbidden', 'Files of the project itself are never deleted from here.')
      const { project, file } = await fileOf(given)
      if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
      if (safeParts(given.path)?.length === 0) throw appError('invalid', 'Say which file.', { field: 'path' })
      if ((await lstat(file).catch(() => undefined)) === undefined) {
        throw appError('not_found', `There is no file ${given.path}.`)
      }
      await rm(file, { recursive: true, force: true })
      project.changed({ project: project.id, entity: 'artifact', ids: [given.run] })
      return {}
    },
  }
}

function outside(path: string): Error {
  return appError('forbidden', `${path.slice(0, 200)} is not inside the run's folder.`, { field: 'path' })
}

/** The written files as folders and files, as far as they are still there to list: their paths, not the project's folder, are walked. */
async function listWritten({ project, number }: Found, path: string): Promise<Listing | undefined> {
  const parts = safeParts(path)
  if (parts === undefined) return undefined
  const prefix = parts.length === 0 ? '' : `${parts.join('/')}/`
  const files = await writtenFiles(project.db, project.folder, number)
  const entries = new Map<string, Listing['entries'][number]>()
  for (const file of files) {
    if (!file.path.startsWith(prefix)) continue
    const [name = '', ...deeper] = file.path.slice(prefix.length).split('/')
    const folder = deeper.length > 0
    const known = entries.get(name)
    entries.set(name, {
      path: prefix + name,
      name,
      folder,
      size: folder ? 0 : file.size,
      modifiedAt: Math.max(known?.modifiedAt ?? 0, file.modifiedAt),
    })
  }
  return { entries: [...entries.values()], truncated: false }
}
