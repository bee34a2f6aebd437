import type { ProjectContext } from '#electron/features/projects/index.ts'
import { readAddress } from './artifact-address.ts'
import {
  addExperimentTag,
  experimentHere,
  experimentOf,
  experimentOfName,
  insertExperiment,
  putExperiment,
} from './experiment-queries.ts'
import type { SourceExperiment } from './source.ts'
import type { Tally } from './tally.ts'

/** What an experiment of the source is here. */
export type ExperimentPlace = {
  readonly id: string
  /** Its runs belong into the trash: it is deleted here, or there. */
  readonly deleted: boolean
  /** When it was deleted, as far as its runs went with it. */
  readonly deletedAt: number | null
}

const ID = /^[a-zA-Z0-9][\w-]{0,63}$/

/**
 * Finds or makes the experiments of a source, by the source's ids. Same id and name are the same; one of the name alone is merged with it; an id that is
 * taken by another name becomes a new one. Part of the caller's write.
 */
export function placeExperiments(
  project: ProjectContext,
  source: number,
  experiments: readonly SourceExperiment[],
  tally: Tally,
): ReadonlyMap<string, ExperimentPlace> {
  const places = new Map<string, ExperimentPlace>()
  for (const experiment of experiments) {
    const id = experimentHere(project.db, source, experiment.id) ?? place(project, source, experiment, tally)
    const here = experimentOf(project.db, id)
    for (const tag of experiment.tags) addExperimentTag(project.db, id, tag)
    const deletedHere = here?.lifecycle === 'deleted'
    if (deletedHere && !experiment.deleted)
      tally.note({
        kind: 'noticed',
        what: `experiment ${experiment.name}`,
        why: 'it is deleted here, so its runs come into the trash',
      })
    places.set(experiment.id, {
      id,
      deleted: deletedHere || experiment.deleted,
      deletedAt: deletedHere ? here.updatedAt : null,
    })
  }
  return places
}

function place(project: ProjectContext, source: number, experiment: SourceExperiment, tally: Tally): string {
  const { db } = project
  const name = experiment.name.trim() === '' ? `experiment ${experiment.id}` : experiment.name
  const sameName = experimentOfName(db, name)
  const sameId = ID.test(experiment.id) ? experimentOf(db, experiment.id) : undefined
  const isFree = ID.test(experiment.id) && sameId === undefined
  const id = sameName ?? (isFree ? experiment.id : project.ids.experiment())
  if (sameName === undefined) {
    // Deleted now, so that its runs, which are deleted with it, stay as long in the trash as others, and come back with it.
    const now = Math.round(project.clock.now())
    insertExperiment(db, {
      id,
      name,
      lifecycle: experiment.deleted ? 'deleted' : 'active',
      artifactLocation: remoteLocation(experiment.artifactLocation),
      createdAt: experiment.createdAt,
      updatedAt: experiment.deleted ? now : (experiment.updatedAt ?? experiment.createdAt),
    })
    tally.add('experiments')
    if (!isFree)
      tally.note({
        kind: 'changed',
        what: `experiment ${name}`,
        why: `its id ${experiment.id} ${sameId === undefined ? 'is none that can be kept' : `is that of experiment ${sameId.name} here`}, so it has the id ${id}`,
      })
  } else if (sameName !== experiment.id)
    tally.note({
      kind: 'changed',
      what: `experiment ${name}`,
      why: `one of that name is here already: what was ${experiment.id} there is ${id} here`,
    })
  putExperiment(db, source, experiment.id, id)
  project.commits.afterCommit(() => project.changed({ project: project.id, entity: 'experiment', ids: [id] }))
  return id
}

/** Kept only where files really lie elsewhere: the path of another machine would be no place for new ones. */
function remoteLocation(location: string | null): string | null {
  return location !== null && readAddress(location).kind === 'remote' ? location : null
}
