import { lstat } from 'node:fs/promises'
import type { artifacts as contract, Elsewhere, FilePlace } from '#shared/contract/artifacts.ts'
import type { z } from 'zod'
import { appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import { findModel, isModelOfRun } from '#electron/features/models/index.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { fileInside, safeParts } from './file-inside.ts'
import { findArtifact, listArtifacts, placesOf, removeArtifact } from './find-artifact.ts'
import type { Listing } from './list-folder.ts'
import { readPart } from './read-part.ts'
import { type ArtifactRoots, checkReference, referenceState, rootsOf } from './roots.ts'
import { sizeOf } from './size-of.ts'
import { hasWritten, writtenFiles } from './written-files.ts'

type Place = {
  readonly project: string
  readonly run?: string | undefined
  readonly place: z.output<typeof FilePlace>
  readonly model?: string | undefined
}
type Found = {
  readonly project: ProjectContext
  readonly number: number
  /** Null for the files that the run wrote in the project's own folder. */
  readonly roots: ArtifactRoots | null
}

/** The `artifacts` feature of the contract. Paths that lead out of their place are refused with `forbidden`. */
export function createArtifactHandlers(options: {
  readonly projects: Pick<Projects, 'require'>
}): FeatureHandlers<typeof contract> {
  const find = (given: Place): Found => {
    const project = options.projects.require(given.project)
    if (given.run === undefined) return { project, number: 0, roots: rootsOfModel(project, given) }
    const number = project.db.value<number>('SELECT number FROM run WHERE id = ?', given.run)
    if (number === undefined) throw appError('not_found', `There is no run ${given.run}.`)
    if (given.place === 'written') return { project, number, roots: null }
    if (given.place === 'artifact') return { project, number, roots: rootsOf(project, { kind: 'run', id: given.run }) }
    const { model } = given
    if (model === undefined) throw appError('invalid', 'Say which model.', { field: 'model' })
    if (!isModelOfRun(project.db, model, { number, id: given.run })) {
      throw appError('not_found', `The run has no model ${model}.`, { field: 'model' })
    }
    return { project, number, roots: rootsOf(project, { kind: 'model', id: model }) }
  }

  /** A file that may be shown: inside of its place, and of the project's own files only those that the run wrote. */
  const fileOf = async (given: Place & { readonly path: string }): Promise<Found & { readonly file: string }> => {
    const found = find(given)
    const { project, number, roots } = found
    const isShown = roots !== null || hasWritten(project.db, number, given.path)
    const file = roots === null ? await fileInside(project.folder, given.path) : await findArtifact(roots, given.path)
    if (file === undefined || !isShown) throw outside(given.path)
    return { ...found, file }
  }

  return {
    list: async ({ path, ...given }) => {
      const found = find(given)
      const { roots } = found
      const listing = roots === null ? await listWritten(found, path) : await listArtifacts(roots, path)
      if (listing === undefined) throw outside(path)
      if (roots === null || !isElsewhere(roots)) return listing
      // What is ours is shown all the same; where nothing is, an empty list would say that there never was anything.
      if (listing.entries.length === 0) await checkReference(roots)
      return { ...listing, elsewhere: await elsewhereOf(roots) }
    },
    size: async ({ path, ...given }, { signal }) => {
      const { roots } = find(given)
      if (roots === null) throw appError('invalid', 'Only what is kept is counted.', { field: 'place' })
      const size = await sizeOf(roots, path, signal)
      return isElsewhere(roots) ? { ...size, elsewhere: await elsewhereOf(roots) } : size
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
      const { project, roots } = find(given)
      if (roots === null || (await placesOf(roots, given.path)) === undefined) throw outside(given.path)
      if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
      if (safeParts(given.path)?.length === 0) throw appError('invalid', 'Say which file.', { field: 'path' })
      if (!(await removeArtifact(roots, given.path))) throw appError('not_found', `There is no file ${given.path}.`)
      project.changed(
        given.run === undefined
          ? { project: project.id, entity: 'model', ids: [] }
          : { project: project.id, entity: 'artifact', ids: [given.run] },
      )
      return {}
    },
  }
}

/** The files of a logged model, whichever run made it. */
function rootsOfModel(project: ProjectContext, { place, model }: Place): ArtifactRoots {
  if (place !== 'model') throw appError('invalid', 'Say which run.', { field: 'run' })
  if (model === undefined) throw appError('invalid', 'Say which model.', { field: 'model' })
  if (findModel(project.db, model) === undefined)
    throw appError('not_found', `There is no model ${model}.`, { field: 'model' })
  return rootsOf(project, { kind: 'model', id: model })
}

function outside(path: string): Error {
  return appError('forbidden', `${path.slice(0, 200)} is not inside the run's folder.`, { field: 'path' })
}

function isElsewhere({ reference, address }: ArtifactRoots): boolean {
  return (reference ?? address) !== null
}

async function elsewhereOf(roots: ArtifactRoots): Promise<z.infer<typeof Elsewhere>> {
  if (roots.reference === null) return { location: roots.address ?? '', state: 'remote' }
  return { location: roots.reference, state: (await referenceState(roots)) === 'there' ? 'there' : 'gone' }
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
