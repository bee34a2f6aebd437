import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { readOrSetAside, writeJsonFile } from '#electron/platform/json-file.ts'

export const Known = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  openedAt: z.number(),
  inbox: z.boolean().default(false),
})
export type Known = z.infer<typeof Known>

/** The projects that this user has opened, in `projects.json` of the data folder. */
export type Registry = {
  readonly list: () => readonly Known[]
  readonly find: (id: string) => Known | undefined
  readonly ofFolder: (folder: string) => Known | undefined
  readonly put: (known: Known) => void
  readonly remove: (id: string) => void
}

/** Opens the registry; a damaged file counts as empty and is kept aside. */
export function openRegistry(dataFolder: string): Registry {
  const file = join(dataFolder, 'projects.json')
  let known = readOrSetAside(file, z.array(Known)) ?? []
  const save = (next: readonly Known[]): void => {
    writeJsonFile(file, next, 0o600)
    known = [...next]
  }
  return {
    list: () => known.toSorted((a, b) => Number(a.inbox) - Number(b.inbox) || b.openedAt - a.openedAt),
    find: (id) => known.find((project) => project.id === id),
    ofFolder: (folder) => known.find((project) => project.folder === folder),
    put: (project) => save([...known.filter(({ id }) => id !== project.id), project]),
    remove: (id) => save(known.filter((project) => project.id !== id)),
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
