import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileInside } from './file-inside.ts'
import { DRAFT } from './list-folder.ts'
import type { ArtifactRoots } from './roots.ts'

/** A file of a run or a model: where it lies, and its path among the artifacts, with `/`. */
export type ArtifactFile = { readonly path: string; readonly file: string; readonly size: number }

/**
 * All files of the own and the referenced folder, each path once, the own one first. A link to a file inside is that file; other links, which may lead
 * out or in circles, and anything but files are left out and told to `onSkipped`. A folder that is not there has none.
 */
export async function* walkArtifacts(
  { own, reference }: ArtifactRoots,
  onSkipped: (path: string) => void = () => {},
): AsyncGenerator<ArtifactFile> {
  if (reference === null) return yield* walk(own, onSkipped)
  const seen = new Set<string>()
  for (const root of [own, reference]) {
    for await (const found of walk(root, onSkipped)) {
      if (seen.has(found.path)) continue
      seen.add(found.path)
      yield found
    }
  }
}

async function* walk(root: string, onSkipped: (path: string) => void): AsyncGenerator<ArtifactFile> {
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const here = folder
    const entries = await opendir(join(root, here)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') onSkipped(here)
    })
    for await (const entry of entries ?? []) {
      const path = here === '' ? entry.name : `${here}/${entry.name}`
      if (DRAFT.test(entry.name)) continue
      if (entry.isDirectory()) {
        waiting.push(path)
        continue
      }
      const file = entry.isSymbolicLink() ? await fileInside(root, path) : join(root, path)
      const found = file === undefined ? undefined : await stat(file).catch(() => undefined)
      if (found?.isFile() === true && file !== undefined) yield { path, file, size: found.size }
      else onSkipped(path)
    }
  }
}
