import { createHash } from 'node:crypto'
import { copyFileSync, existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setAside, writeJsonFile } from '#electron/platform/json-file.ts'
import { type Known, readRegistry } from './read-registry.ts'

/** The projects that this user has opened, in `projects.json` of the data folder. */
export type Registry = {
  readonly list: () => readonly Known[]
  readonly find: (id: string) => Known | undefined
  readonly ofFolder: (folder: string) => Known | undefined
  readonly put: (known: Known) => void
  readonly remove: (id: string) => void
  /** Copies of lists that could not be read whole, as long as they are there: projects may be missing whose folders are. */
  readonly damaged: () => readonly string[]
}

/** Opens the registry. A damaged list is kept aside, and put together again as far as it can be: see `readRegistry`. */
export function openRegistry(dataFolder: string): Registry {
  const file = join(dataFolder, 'projects.json')
  const previous = `${file}.previous`
  const read = readRegistry(file, previous)
  let { known } = read
  const save = (next: readonly Known[]): void => {
    // Only what can be read takes the place of what could.
    if (existsSync(file)) copyFileSync(file, previous)
    writeJsonFile(file, next, 0o600)
    known = [...next]
  }
  if (read.isMended) save(known)
  return {
    list: () => known.toSorted((a, b) => Number(a.inbox) - Number(b.inbox) || b.openedAt - a.openedAt),
    find: (id) => known.find((project) => project.id === id),
    ofFolder: (folder) => known.find((project) => project.folder === folder),
    put: (project) => save([...known.filter(({ id }) => id !== project.id), project]),
    remove: (id) => save(known.filter((project) => project.id !== id)),
    damaged: () => setAside(file),
  }
}

/** `Churn study` in /home/ada/churn becomes `churn-3f2a`: readable in an address, and stable for the folder. */
export function projectIdFor(folder: string): string {
  const slug = basename(folder)
    .normalize('NFKD')
    .replace(/[̀-ͯ]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  return `${slug === '' ? 'project' : slug}-${folderKey(folder).slice(0, 4)}`
}

/** The folder's key in the data folder: backups are found by it after `.benchtop/` is gone. */
export function folderKey(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 16)
}
