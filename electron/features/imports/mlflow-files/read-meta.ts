import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { named, type Place, readText } from './files.ts'
import { type Meta, parseMeta } from './meta.ts'

/** Largest meta that is read, bytes: MLflow's own have a few hundred. */
const LARGEST = 1 << 20
/** A dataset's has its schema and profile, up to 17 MiB of them. */
export const LARGEST_DATASET = 32 << 20

/** A folder's `meta.yaml`: undefined where there is none, `damaged` where there is one that can't be read, which is told. */
export function readMeta(place: Place, folder: string, largest: number = LARGEST): Meta | 'damaged' | undefined {
  const path = join(folder, 'meta.yaml')
  const skip = (why: string): 'damaged' => {
    place.notice({ kind: 'skipped', what: named(place, path), why })
    return 'damaged'
  }
  let stat
  try {
    stat = lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return skip('it may not be read')
  }
  if (stat === undefined) return undefined
  // A link could lead anywhere, and a pipe would keep us waiting.
  if (!stat.isFile()) return skip('it is no file')
  const text = readText(place, path, largest)
  if (text === undefined) return 'damaged'
  try {
    return parseMeta(text)
  } catch (error) {
    return skip(error instanceof Error ? error.message : 'it is not YAML')
  }
}
