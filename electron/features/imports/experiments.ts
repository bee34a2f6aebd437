import type { ProjectContext } from '#electron/features/projects/index.ts'
import { readAddress } from './artifact-address.ts'
import {
  experimentHere,
  experimentOf,
  experimentOfName,
  insertExperiment,
  isTrashedBySource,
  putExperiment,
  reviveExperiment,
} from './experiment-queries.ts'
import {
  type CameExperiment,
  cameNow,
  followLifecycle,
  followName,
  followTags,
  nameOf,
  parseCameExperiment,
} from './follow-experiment.ts'
import type { SourceExperiment } from './source.ts'
import type { Tally } from './tally.ts'
import { TRASHED_ANEW, trashTime } from './trash-time.ts'

/** What an experiment of the source is here. */
export type ExperimentPlace = {
  readonly id: string
  /** Its runs belong into the trash: it is deleted here, or there. */
  readonly deleted: boolean
  /** When it was deleted, as far as its runs went with it. */
  readonly deletedAt: number | null
}

const ID = /^[a-zA-Z0-9][\w-]{0,63}$/

type Placing = { readonly project: ProjectContext; readonly source: number; readonly tally: Tally }
type Found = {
  readonly experiment: SourceExperiment
  readonly id: string
  /** What came with it before; null where it has just come, undefined where that is not known. */
  readonly before: CameExperiment | null | undefined
  readonly made: boolean
}

/**
 * Finds or makes the experiments of a source, by the source's ids. Same id and name are the same; one of the name alone is merged with it; an id that is
 * taken by another name becomes a new one. Those that came before follow what was done to them there. Part of the caller's write.
 */
export function placeExperiments(
  project: ProjectContext,
  source: number,
  experiments: readonly SourceExperiment[],
  tally: Tally,
): ReadonlyMap<string, ExperimentPlace> {
  const placing: Placing = { project, source, tally }
  const { db } = project
  const known = new Map<string, Found>()
  for (const experiment of experiments) {
    const here = experimentHere(db, source, experiment.id)
    if (here === undefined) continue
    const before = parseCameExperiment(here.came)
    // One that came before this was kept: its id tells, but for the one that each project has by itself.
    const made = before?.made ?? (here.id === experiment.id && here.id !== '0')
    known.set(experiment.id, { experiment, id: here.id, before, made })
  }
  // Names that were given up come free for those that come next.
  const names = followNames(placing, [...known.values()])
  // Of two of one name the active one is the experiment here, and the deleted one's runs lie in its trash.
  const activeFirst = experiments.toSorted((a, b) => Number(a.deleted) - Number(b.deleted))
  return new Map(
    activeFirst.map((experiment) => {
      const found = known.get(experiment.id) ?? place(placing, experiment)
      const moved = follow(placing, found, names.get(experiment.id) ?? nameOf(experiment))
      return [experiment.id, placeOf(placing, found, moved)]
    }),
  )
}

function placeOf({ project, tally }: Placing, { experiment, id }: Found, moved: boolean): ExperimentPlace {
  const here = experimentOf(project.db, id)
  const deletedHere = here?.lifecycle === 'deleted'
  if (deletedHere && !experiment.deleted && !moved)
    tally.note({
      kind: 'noticed',
      what: `experiment ${experiment.name}`,
      why: 'it is deleted here, so its runs come into the trash',
    })
  const deletedAt = deletedHere ? here.updatedAt : null
  return { id, deleted: deletedHere || experiment.deleted, deletedAt }
}

/** Follows names until no more come free: one that was taken by another is given up by it perhaps. Returns those that count as having come. */
function followNames({ project, tally }: Placing, known: readonly Found[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  let waiting = known
  for (let before = Infinity; waiting.length < before;) {
    before = waiting.length
    waiting = waiting.filter(({ experiment, id, before: came }) => {
      const here = experimentOf(project.db, id)
      if (came === undefined || came === null || here === undefined) return false
      const name = followName(project, here, { experiment, before: came }, tally)
      if (name !== undefined) names.set(experiment.id, name)
      if (name !== undefined && name !== here.name) changed(project, id)
      return name === undefined
    })
  }
  for (const { experiment, before: came } of waiting) {
    if (came !== undefined && came !== null) names.set(experiment.id, came.name)
    const why = `it is called ${nameOf(experiment)} there now, which is another one’s name here: its name stays`
    tally.note({ kind: 'skipped', what: `experiment ${came?.name ?? experiment.name}`, why })
  }
  return names
}

/** Brings the rest of an experiment up to its source, and remembers it. Says whether it lies in the trash because of its source. */
function follow({ project, source, tally }: Placing, found: Found, name: string): boolean {
  const { experiment, id, before, made } = found
  const { db } = project
  const here = experimentOf(db, id)
  const isNew = before === null
  let moved = made && experiment.deleted && here?.lifecycle === 'deleted'
  if (here !== undefined && before !== undefined && before !== null)
    moved = followLifecycle(project, here, { experiment, before, source }, tally)
  if (followTags(project, id, experiment, before ?? undefined)) changed(project, id)
  const lifecycle = experimentOf(db, id)?.lifecycle
  if (!isNew && lifecycle !== here?.lifecycle) changed(project, id)
  const came = cameNow(experiment, { name, made, moved })
  if (JSON.stringify(came) !== JSON.stringify(before))
    putExperiment(db, { source, foreign: experiment.id, here: id, came: JSON.stringify(came) })
  return moved
}

function place({ project, tally }: Placing, experiment: SourceExperiment): Found {
  const { db, clock } = project
  const name = nameOf(experiment)
  const sameName = experimentOfName(db, name)
  const sameId = ID.test(experiment.id) ? experimentOf(db, experiment.id) : undefined
  const isFree = ID.test(experiment.id) && sameId === undefined
  const id = sameName ?? (isFree ? experiment.id : project.ids.experiment())
  if (sameName === undefined) {
    // Its runs are deleted with it, stay as long in the trash, and come back with it.
    const { at, wasOld } = trashTime(experiment.updatedAt, project.clock.now())
    insertExperiment(db, {
      id,
      name,
      lifecycle: experiment.deleted ? 'deleted' : 'active',
      artifactLocation: remoteLocation(experiment.artifactLocation),
      createdAt: experiment.createdAt,
      updatedAt: experiment.deleted ? at : (experiment.updatedAt ?? experiment.createdAt),
    })
    tally.add('experiments')
    if (experiment.deleted && wasOld) tally.note(TRASHED_ANEW)
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
  if (sameName !== undefined && !experiment.deleted && isTrashedBySource(db, id)) {
    reviveExperiment(db, id, Math.round(clock.now()))
    tally.note({
      kind: 'changed',
      what: `experiment ${name}`,
      why: 'another source has it as deleted: it is back here, and the runs of that one stay in the trash',
    })
  }
  changed(project, id)
  return { experiment, id, before: null, made: sameName === undefined }
}

/** What an experiment is called stands in the rows of its runs. */
function changed(project: ProjectContext, id: string): void {
  project.commits.afterCommit(() => {
    project.changed({ project: project.id, entity: 'experiment', ids: [id] })
    project.changed({ project: project.id, entity: 'run', ids: [] })
  })
}

/** Kept only where files really lie elsewhere: the path of another machine would be no place for new ones. */
function remoteLocation(location: string | null): string | null {
  return location !== null && readAddress(location).kind === 'remote' ? location : null
}
