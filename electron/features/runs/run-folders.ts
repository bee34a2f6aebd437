import { isAbsolute, join, relative, sep } from 'node:path'
import { modelIdsOfRun } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'

/** A folder that belongs to a run: its artifacts, the files of a model that it logged, the working files (the log) of a launch. */
export type RunFolder = { readonly kind: 'runs' | 'models' | 'launches'; readonly name: string }

export const FOLDER_KINDS: readonly RunFolder['kind'][] = ['runs', 'models', 'launches']

/** Where it lies in a project. */
export function homeOf({ artifactsFolder, place }: ProjectContext, { kind, name }: RunFolder): string {
  if (kind === 'launches') return join(place, 'launches', name)
  return kind === 'models' ? join(artifactsFolder, 'models', name) : join(artifactsFolder, name)
}

/** Where it waits for its end. Inside the artifacts' folder, so that moving it there is one step of the disk. */
export function asideOf({ artifactsFolder }: ProjectContext, { kind, name }: RunFolder): string {
  return join(artifactsFolder, '.deleted', kind, name)
}

/** The folders of a run, there or not. Names from the database become parts of paths, so only plain ones pass. */
export function foldersOf(project: ProjectContext, run: string): readonly RunFolder[] {
  const folders: readonly RunFolder[] = [
    { kind: 'runs', name: run },
    ...modelIdsOfRun(project.db, run).map((name) => ({ kind: 'models' as const, name })),
    ...launchFolders(project, run).map((name) => ({ kind: 'launches' as const, name })),
  ]
  return folders.filter(({ kind, name }) => /^[a-zA-Z0-9][\w-]*$/.test(name) && (kind !== 'runs' || name !== 'models'))
}

/** A launch's folder as far as it lies where launches put them: a row must not name anything else for deletion. */
function launchFolders({ db, place }: ProjectContext, run: string): readonly string[] {
  return db
    .prepare('SELECT work_folder FROM launch WHERE run = ?')
    .rows<readonly [string]>(run)
    .flatMap(([folder]) => {
      const [first, name, ...deeper] = (isAbsolute(folder) ? relative(place, folder) : folder).split(sep)
      return first === 'launches' && name !== undefined && deeper.length === 0 ? [name] : []
    })
}

/** True when the project has what the folder belongs to. */
export function isOwned({ db, place }: ProjectContext, { kind, name }: RunFolder): boolean {
  if (kind === 'runs') return db.value<number>('SELECT 1 FROM run WHERE id = ?', name) === 1
  if (kind === 'models') return db.value<number>('SELECT 1 FROM logged_model WHERE id = ?', name) === 1
  const [inside, absolute] = [join('launches', name), join(place, 'launches', name)]
  return db.value<number>('SELECT 1 FROM launch WHERE work_folder IN (?, ?) LIMIT 1', inside, absolute) === 1
}
