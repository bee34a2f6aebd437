import { readdirSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { SourceArtifacts } from '../source.ts'
import { readAddress } from './addresses.ts'
import type { Place } from './files.ts'

/** Finds the files of runs and models on this disk, whatever machine the records speak of. */
export type ArtifactFinder = {
  /**
   * @param owner The run's or model's folder in the store, beside whose meta the files are looked for first.
   * @param id The run's or model's id, the last folder but one of its address.
   * @param address As recorded; null where there is none.
   */
  readonly find: (owner: string, id: string, address: string | null) => SourceArtifacts
}

/** A finder that looks for each place that records name once. */
export function artifactFinder({ root }: Place): ArtifactFinder {
  const known = new Map<string, readonly string[]>()
  const placesFor = (recorded: string): readonly string[] => {
    const found = known.get(recorded) ?? placesOf(root, recorded)
    known.set(recorded, found)
    return found
  }
  return {
    find(owner, id, address) {
      const beside = join(owner, 'artifacts')
      const here = contentOf(beside)
      if (here === 'files' || address === null || address === '')
        return here === 'none' ? { at: 'none' } : folder(beside)
      const read = readAddress(address)
      if (read.at === 'elsewhere') return { at: 'remote', address }
      const parent = parentOf(read.path, id)
      if (parent !== undefined) {
        const places = placesFor(parent)
          .map((place) => join(place, id, 'artifacts'))
          .filter((place) => place !== beside)
        const there =
          places.find((place) => contentOf(place) === 'files') ?? places.find((place) => contentOf(place) === 'nothing')
        if (there !== undefined) return folder(there)
        // The server's folder is here, with other runs in it: this one logged no file.
        if (read.at === 'proxied' && places.length > 0) return { at: 'none' }
      }
      // MLflow makes this folder with each run. It is empty because nothing was logged, unless the record names another place.
      const isHere = parent !== undefined && basename(parent) === basename(dirname(owner))
      return here === 'nothing' && isHere && read.at === 'path' ? folder(beside) : { at: 'missing', address }
    },
  }
}

const folder = (path: string): SourceArtifacts => ({ at: 'folder', path })

/** `<parent>` of `<parent>/<id>/artifacts`, which is how MLflow makes every such address; undefined for any other. */
function parentOf(path: string, id: string): string | undefined {
  const parts = path.split('/').filter((part, index) => part !== '' || index === 0)
  if (parts.at(-1) === '') parts.pop()
  if (parts.includes('..') || parts.at(-1) !== 'artifacts' || parts.at(-2) !== id) return undefined
  return parts.slice(0, -2).join('/') || '/'
}

/**
 * Existing folders that an address may mean here: itself, and the ends of it below the store, below `mlartifacts` beside the store (where a server
 * keeps what it is given), and below the folder around the store. The longest end is the surest.
 */
function placesOf(root: string, recorded: string): readonly string[] {
  const around = dirname(root)
  const parts = recorded.split('/').filter((part) => part !== '' && part !== '.')
  const ends = parts.map((_, index) => parts.slice(index).join('/')).slice(-8)
  const candidates = [
    ...(isAbsolute(recorded) ? [recorded] : []),
    ...[root, join(around, 'mlartifacts'), around].flatMap((base) => ends.map((end) => join(base, end))),
  ]
  return [...new Set(candidates)].filter((path) => contentOf(path) !== 'none')
}

function contentOf(path: string): 'files' | 'nothing' | 'none' {
  try {
    return readdirSync(path).length > 0 ? 'files' : 'nothing'
  } catch {
    return 'none'
  }
}
