import { realpath, stat } from 'node:fs/promises'
import { basename, join, normalize, sep } from 'node:path'
import { readAddress } from './artifact-address.ts'
import type { SourceArtifacts } from './source.ts'

export type ArtifactQuestion = {
  /** As it stands in the record. */
  readonly recorded: string | null
  /** The experiment's id: MLflow's usual name for its folder. */
  readonly experiment: string
  /**
   * What the address ends with, such as `[run, 'artifacts']`. No folder is taken that ends otherwise: a record that someone else wrote could name any
   * folder of this machine.
   */
  readonly own: readonly string[]
  /** The record says that there were files. Otherwise no folder beside those of others means that there never were any. */
  readonly expected: boolean
}

/** Finds folders of artifacts again after a store was moved, renamed or copied from another machine. It remembers what it saw: make one a reading. */
export type ArtifactPlaces = { readonly find: (question: ArtifactQuestion) => Promise<SourceArtifacts> }

/** Of an address, no more parts than these are tried below a root. */
const MOST_PARTS = 12
/** Where servers and clients put artifacts, beside their database or around the store's folder. */
const USUAL = ['', 'mlruns', 'mlartifacts'] as const

/**
 * Looks where the record says, and then for the same folders below the roots, the first first: the folder that holds a store, perhaps the one around it.
 * Nothing is read but whether a folder is there.
 */
export function createArtifactPlaces(roots: readonly string[]): ArtifactPlaces {
  const known = new Map<string, Promise<boolean>>()
  const realRoots = Promise.all(roots.map((root) => realpath(root).catch(() => root)))
  const isKnownFolder = (path: string): Promise<boolean> => {
    const before = known.get(path)
    if (before !== undefined) return before
    const now = isFolder(path)
    known.set(path, now)
    return now
  }

  return {
    async find({ recorded, experiment, own, expected }) {
      const { kind, readings, paths, shown } = readAddress(recorded)
      const nowhere = (): SourceArtifacts =>
        kind === 'none' ? { at: 'none' } : { at: kind === 'remote' ? 'remote' : 'missing', address: shown }
      if (own.some((part) => part !== basename(part) || part.includes('\\') || part === '..')) return nowhere()

      const tails = readings.filter((parts) => endsWith(parts, own)).flatMap((parts) => tailsOf(parts, own.length))
      const holders = new Set([
        ...paths.flatMap((path) => holderOf(path, own)),
        ...roots.flatMap((root) =>
          [...tails, [experiment]].flatMap((parts) => USUAL.map((usual) => join(root, usual, ...parts))),
        ),
      ])
      let beside = false
      for (const holder of holders) {
        // One folder holds what all runs of an experiment have, so it is mostly known.
        if (!(await isKnownFolder(holder))) continue
        const folder = join(holder, ...own)
        if (await isFolder(folder)) {
          const real = await realpath(folder).catch(() => undefined)
          if (real !== undefined && isOwn(real, own, await realRoots)) return { at: 'folder', path: folder }
          return nowhere()
        }
        beside = true
      }
      return beside && !expected && kind !== 'remote' ? { at: 'none' } : nowhere()
    },
  }
}

/** False for where a link leads that somebody put in the place of a folder: another one of this machine, which is neither named so nor below a root. */
export function isOwn(real: string, own: readonly string[], roots: readonly string[]): boolean {
  return (
    real.endsWith(join(sep, ...own)) || roots.some((root) => real.startsWith(root.endsWith(sep) ? root : root + sep))
  )
}

/** What stands before the own parts: its last parts, from many to one. */
function tailsOf(parts: readonly string[], own: number): readonly (readonly string[])[] {
  const before = parts.slice(Math.max(0, parts.length - own - MOST_PARTS), parts.length - own)
  return before.map((_, index) => before.slice(index))
}

function holderOf(path: string, own: readonly string[]): readonly string[] {
  const whole = normalize(path).replace(/[\\/]+$/, '')
  const end = join('/', ...own)
  return whole.endsWith(end) && whole.length > end.length ? [whole.slice(0, -end.length)] : []
}

function endsWith(parts: readonly string[], own: readonly string[]): boolean {
  const start = parts.length - own.length
  return start >= 0 && own.every((part, index) => parts[start + index] === part)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
