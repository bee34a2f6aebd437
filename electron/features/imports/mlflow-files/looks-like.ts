import { opendir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { wordOf } from './fields.ts'
import { type Meta, parseMeta } from './meta.ts'

/** Folders that are looked into before the answer is no. */
const MOST = 5_000

/**
 * True for a folder `mlruns`: one that holds an experiment, a deleted one, or a registered model. A folder of artifacts alone is none, nor is a
 * single experiment's. Never throws.
 */
export async function looksLikeFileStore(folder: string): Promise<boolean> {
  return (
    (await someInside(folder, isExperiment)) ||
    (await someInside(join(folder, '.trash'), isExperiment)) ||
    (await someInside(join(folder, 'models'), isRegisteredModel))
  )
}

async function someInside(folder: string, fits: (meta: Meta, name: string) => boolean): Promise<boolean> {
  let looked = 0
  try {
    for await (const { name } of await opendir(folder)) {
      if (++looked > MOST) return false
      const meta = name.startsWith('.') ? undefined : await metaOf(join(folder, name, 'meta.yaml'))
      if (meta !== undefined && fits(meta, name)) return true
    }
  } catch {
    // There is none, or it may not be listed.
  }
  return false
}

async function metaOf(path: string): Promise<Meta | undefined> {
  try {
    const found = await stat(path)
    return found.isFile() && found.size < 1 << 20 ? parseMeta(await readFile(path, 'utf8')) : undefined
  } catch {
    return undefined
  }
}

/** Runs name their experiment too, and themselves besides. */
function isExperiment(meta: Meta, name: string): boolean {
  return (
    wordOf(meta, 'experiment_id') === name &&
    wordOf(meta, 'name') !== null &&
    wordOf(meta, 'run_id', 'run_uuid') === null
  )
}

/** Logged models lie in a folder `models` too, that of their experiment. */
function isRegisteredModel(meta: Meta, name: string): boolean {
  return wordOf(meta, 'name') === name && meta.has('creation_timestamp') && !meta.has('model_id')
}
