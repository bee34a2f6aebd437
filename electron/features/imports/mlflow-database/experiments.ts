import { ExperimentId } from '#shared/contract/common.ts'
import type { Pair } from '#electron/features/models/index.ts'
import type { SourceExperiment } from '../source.ts'
import { textOf, timeOf, wordOf } from './cells.ts'
import type { Listing } from './listing.ts'
import { pairOf } from './pairs.ts'
import { allExperiments, allExperimentTags } from './queries.ts'
import type { Reading } from './reading.ts'

/** Of a workspace other than the default one, names are told apart by it. */
export const DEFAULT_WORKSPACE = 'default'

export async function experimentsOf(
  reading: Reading,
  listings: readonly Listing[],
  signal: AbortSignal,
): Promise<readonly SourceExperiment[]> {
  const { rows, tagRows } = await reading.read(
    (db) => ({ rows: allExperiments(db), tagRows: allExperimentTags(db) }),
    signal,
  )
  const tags = new Map<string, Pair[]>()
  for (const [experiment, key, value] of tagRows) {
    const id = textOf(experiment) ?? ''
    const pair = pairOf(key, value)
    if (pair === undefined) continue
    const list = tags.get(id)
    if (list === undefined) tags.set(id, [pair])
    else list.push(pair)
  }
  const experiments = new Map<string, SourceExperiment>()
  for (const [idCell, name, location, lifecycle, createdAt, updatedAt, workspace] of rows) {
    const id = textOf(idCell)
    if (id === null || !ExperimentId.safeParse(id).success || experiments.has(id)) {
      reading.notice({ kind: 'skipped', what: `experiment ${id ?? 'without an id'}`, why: 'Its id can not be used.' })
      continue
    }
    experiments.set(id, {
      id,
      name: nameOf(reading, id, wordOf(name), wordOf(workspace)),
      deleted: textOf(lifecycle) === 'deleted',
      artifactLocation: wordOf(location),
      createdAt: timeOf(createdAt),
      updatedAt: timeOf(updatedAt),
      tags: tags.get(id) ?? [],
    })
  }
  const known = new Set(experiments.keys())
  for (const [index, what] of ['runs', 'logged models'].entries()) {
    let outside = 0
    for (const [id, count] of (await listings[index]?.outside(reading, known, signal)) ?? []) {
      if (!reading.isDamaged() || !ExperimentId.safeParse(id).success) outside += count
      else if (!experiments.has(id)) experiments.set(id, lostExperiment(reading, id))
    }
    if (outside > 0)
      reading.notice({ kind: 'skipped', what: `${outside} ${what}`, why: 'Their experiment is not there.' })
  }
  return [...experiments.values()]
}

/** One whose row is gone with a damaged part of the file: its runs must not go with it. */
function lostExperiment({ notice }: Reading, id: string): SourceExperiment {
  const name = id === '0' ? 'Default' : `experiment ${id}`
  notice({ kind: 'changed', what: name, why: 'Its row stands in a damaged part of the file, and so does its name.' })
  return { id, name, deleted: false, artifactLocation: null, createdAt: null, updatedAt: null, tags: [] }
}

function nameOf({ notice }: Reading, id: string, name: string | null, workspace: string | null): string {
  const own = name ?? `experiment ${id}`
  if (name === null) notice({ kind: 'changed', what: own, why: 'It had no name.' })
  if (workspace === null || workspace === DEFAULT_WORKSPACE) return own
  notice({
    kind: 'changed',
    what: `workspace ${workspace}`,
    why: `Names of its experiments begin with ${workspace}/ here, those of its models with ${workspace}.`,
  })
  return `${workspace}/${own}`
}
