import { relative, sep } from 'node:path'

/** What of a store has changed, as far as it is known. */
export type StoreChanges = {
  /** Ids of runs; names of other things may be among them, which are no run. */
  readonly runs: ReadonlySet<string>
  /** A logged or a registered model. */
  readonly models: boolean
}

/** Changes that add up. Everything may have changed, or some runs and perhaps models, or only what stands beside runs, which any round reads. */
export type Dirt = { whole: boolean; models: boolean; beside: boolean; readonly runs: Set<string> }

export function noDirt(): Dirt {
  return { whole: false, models: false, beside: false, runs: new Set() }
}

export function isDirty({ whole, models, beside, runs }: Dirt): boolean {
  return whole || models || beside || runs.size > 0
}

/** What stands beside the runs of an experiment: its own name and tags, which are small and read with each round, and what is not taken in by itself. */
const OWN: ReadonlySet<string> = new Set(['meta.yaml', 'tags'])
const BESIDE: ReadonlySet<string> = new Set(['datasets', 'traces'])

/**
 * Adds what a changed path says to the dirt of a file store. `<experiment>/<run>/...` names a run; a folder that came or went at the top can hold
 * anything.
 *
 * @param path absolute, below `location`.
 */
export function addChange(dirt: Dirt, location: string, path: string): void {
  const parts = relative(location, path).split(sep)
  const [first, second] = parts[0] === '.trash' ? parts.slice(1) : parts
  if (first === undefined || first === '' || first === '..') dirt.whole = true
  else if (first === 'models') dirt.models = true
  else if (second === undefined) dirt.whole = true
  else if (second === 'models') dirt.models = true
  else if (OWN.has(second)) dirt.beside = true
  // What a copying program writes first and renames later has names such as `.meta.yaml.Xy12Ab`.
  else if (!BESIDE.has(second) && !second.startsWith('.')) dirt.runs.add(second)
}
