import { readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type ArtifactAddress, readAddress } from '../artifact-address.ts'
import { isOwn } from '../artifact-places.ts'
import type { SourceArtifacts } from '../source.ts'
import { type Place, skip } from './files.ts'

/** Finds the files of runs and models on this disk, whatever machine the records speak of. */
export type ArtifactFinder = {
  /**
   * @param owner The run's or model's folder in the store, beside whose meta the files are looked for first.
   * @param id The run's or model's id, the last folder but one of its address.
   * @param recorded The address as it stands in the meta; null where there is none.
   */
  readonly find: (owner: string, id: string, recorded: string | null) => SourceArtifacts
}

/** Below which folders files are looked for, the first first: the one that a person named, the store, and what a server keeps beside it. */
export function foldersBeside(root: string, named?: string): readonly string[] {
  const around = dirname(root)
  return [...(named === undefined ? [] : [named]), root, join(around, 'mlartifacts'), around]
}

/**
 * A finder that looks for each place that records name once.
 *
 * @param named Where a person said that the files lie.
 */
export function artifactFinder(store: Place, named?: string): ArtifactFinder {
  const { root } = store
  const bases = foldersBeside(root, named)
  const roots = named === undefined ? [root] : [root, realOf(named)]
  const known = new Map<string, readonly string[]>()
  const placesFor = (address: ArtifactAddress, id: string): readonly string[] => {
    const parents = address.readings.filter((parts) => isOf(parts, id)).map((parts) => parts.slice(0, -2))
    const here = address.paths.filter((path) => !/(^|[\\/])\.\.([\\/]|$)/.test(path) && parents.length > 0)
    const holders = here.map((path) => dirname(dirname(path)))
    const key = [...holders, ...parents.map((parts) => parts.join('/'))].join('\0')
    const places = known.get(key) ?? placesOf(bases, holders, parents)
    known.set(key, places)
    return places
  }
  const leadsAway = (path: string, id: string): boolean => {
    try {
      if (isOwn(realpathSync(path), [id, 'artifacts'], roots)) return false
    } catch {
      return false
    }
    skip(store, path, 'it is a link that leads out of the store')
    return true
  }
  return {
    find(owner, id, recorded) {
      const beside = join(owner, 'artifacts')
      const here = leadsAway(beside, id) ? 'none' : contentOf(beside)
      const address = readAddress(recorded)
      if (here === 'files') return folder(beside)
      if (address.kind === 'none') return here === 'none' ? { at: 'none' } : folder(beside)
      if (address.kind === 'remote' && named === undefined) return { at: 'remote', address: address.shown }
      const holders = placesFor(address, id)
      const places = holders
        .map((place) => join(place, id, 'artifacts'))
        .filter((place) => place !== beside && !leadsAway(place, id))
      const there =
        places.find((place) => contentOf(place) === 'files') ?? places.find((place) => contentOf(place) === 'nothing')
      if (there !== undefined) return folder(there)
      // The server's folder is here, with other runs in it, or the one that the experiment's runs have elsewhere: this one logged no file.
      if (address.kind === 'served' && places.length > 0) return { at: 'none' }
      const isShared = (holder: string): boolean => holder !== dirname(owner) && contentOf(holder) === 'files'
      if (address.kind === 'local' && holders.some(isShared)) return { at: 'none' }
      // MLflow makes this folder with each run. It is empty because nothing was logged, unless the record names another place.
      const isHere = address.readings.some((parts) => isOf(parts, id) && parts.at(-3) === basename(dirname(owner)))
      if (here === 'nothing' && isHere && address.kind === 'local') return folder(beside)
      return { at: address.kind === 'remote' ? 'remote' : 'missing', address: address.shown }
    },
  }
}

const folder = (path: string): SourceArtifacts => ({ at: 'folder', path })

/** MLflow ends every such address so; another could name any folder of this machine. */
function isOf(parts: readonly string[], id: string): boolean {
  return parts.at(-1) === 'artifacts' && parts.at(-2) === id
}

/** Of an address, no more parts than these are tried. */
const MOST_PARTS = 8

/**
 * Existing folders that an address may mean here: itself, and the ends of it below the given folders: the store, `mlartifacts` beside it (where a server
 * keeps what it is given), the folder around it. The longest end is the surest.
 */
function placesOf(
  bases: readonly string[],
  holders: readonly string[],
  parents: readonly (readonly string[])[],
): readonly string[] {
  const ends = parents.flatMap((parts) => parts.map((_, index) => parts.slice(index)).slice(-MOST_PARTS))
  const below = bases.flatMap((base) => ends.map((end) => join(base, ...end)))
  return [...new Set([...holders, ...below])].filter((path) => contentOf(path) !== 'none')
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function contentOf(path: string): 'files' | 'nothing' | 'none' {
  try {
    return readdirSync(path).length > 0 ? 'files' : 'nothing'
  } catch {
    return 'none'
  }
}
