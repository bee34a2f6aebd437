import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceExperiment } from '../source.ts'
import { textOf, timeOf, wordOf } from './fields.ts'
import { entriesOf, named, type Place, skip, quietly } from './files.ts'
import { keyedValues } from './keyed-files.ts'
import { readMeta } from './read-meta.ts'

/** An experiment, where it lies, and whether that is the trash. */
export type ExperimentFolder = { readonly about: SourceExperiment; readonly path: string }

const ID = /^[a-zA-Z0-9][\w-]{0,63}$/
/** Folders of an experiment that are no runs. */
export const RESERVED: ReadonlySet<string> = new Set(['tags', 'datasets', 'traces', 'models'])

/** The experiments of a store by id, in the order of their ids' lengths and digits; those in `.trash` are deleted, whatever their meta says. */
export function readExperiments(place: Place): ReadonlyMap<string, ExperimentFolder> {
  const found = new Map<string, ExperimentFolder>()
  let traces = 0
  for (const [folder, deleted] of [
    [place.root, false],
    [join(place.root, '.trash'), true],
  ] as const) {
    for (const { name, path, kind } of entriesOf(place, folder, 'folders')) {
      if (kind === 'file' || name === '.trash' || (name === 'models' && !deleted)) continue
      const experiment = readExperiment(place, name, path, deleted)
      if (experiment === undefined) continue
      const { id } = experiment.about
      if (found.has(id)) {
        place.notice({
          kind: 'skipped',
          what: named(place, path),
          why: `experiment ${id} is there without it`,
        })
        continue
      }
      found.set(id, experiment)
      traces += countOf(join(path, 'traces'))
    }
  }
  if (traces > 0) {
    place.once('traces', () =>
      place.notice({ kind: 'skipped', what: `${traces} traces`, why: 'traces are not taken in' }),
    )
  }
  const order = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1)
  return new Map([...found].toSorted(([a], [b]) => order(a, b)))
}

function readExperiment(place: Place, name: string, path: string, inTrash: boolean): ExperimentFolder | undefined {
  const meta = readMeta(place, path)
  if (meta === undefined) {
    // A folder of artifacts alone has none, and is nobody's loss.
    if (holdsRuns(place, path)) skip(place, path, 'it has runs, and no meta.yaml that says of which experiment')
    return undefined
  }
  if (meta === 'damaged') return undefined
  const id = textOf(meta, 'experiment_id')
  if (id === null || wordOf(meta, 'run_id', 'run_uuid') !== null) return undefined
  const title = wordOf(meta, 'name')
  if (id !== name || !ID.test(id)) return skip(place, path, `its meta.yaml is of experiment ${id}`)
  if (title === null) return skip(place, path, 'its meta.yaml has no name: it was cut off, or is still being written')
  const about: SourceExperiment = {
    id,
    name: title,
    deleted: inTrash || textOf(meta, 'lifecycle_stage') === 'deleted',
    artifactLocation: wordOf(meta, 'artifact_location'),
    createdAt: timeOf(meta, 'creation_time'),
    updatedAt: timeOf(meta, 'last_update_time'),
    tags: keyedValues(place, join(path, 'tags')),
  }
  return { about, path }
}

function holdsRuns(place: Place, path: string): boolean {
  const quiet = quietly(place)
  return entriesOf(quiet, path, 'folders')
    .slice(0, 100)
    .some(({ kind, path: inside }) => kind === 'folder' && isRun(readMeta(quiet, inside)))
}

function isRun(meta: ReturnType<typeof readMeta>): boolean {
  return meta !== undefined && meta !== 'damaged' && wordOf(meta, 'run_id', 'run_uuid') !== null
}

function countOf(folder: string): number {
  try {
    return readdirSync(folder).length
  } catch {
    return 0
  }
}
