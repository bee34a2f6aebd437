import type { ProjectContext } from '#electron/features/projects/index.ts'
import { movedAway } from '#electron/features/runs/index.ts'
import { erasedRuns, type KnownRun, knownRuns, lifecycles, trashedBySource } from './queries.ts'
import type { SourceRun } from './source.ts'

/** What decides whether a run comes. */
export type Fates = {
  readonly known: ReadonlyMap<string, KnownRun>
  readonly lifecycles: ReadonlyMap<string, 'active' | 'archived' | 'deleted'>
  /** Runs that came once and are not here any more. */
  readonly erased: ReadonlySet<string>
  /** The names of the projects that runs were moved to from here. */
  readonly movedTo: ReadonlyMap<string, string>
  /** Runs that are in the trash because they came as deleted: they follow their source. */
  readonly cameDeleted: ReadonlySet<string>
}

/** @param source the source's number; undefined for one that is not known yet. */
export function fatesIn({ db }: ProjectContext, source: number | undefined): Fates {
  return {
    known: knownRuns(db, source),
    lifecycles: lifecycles(db),
    erased: erasedRuns(db),
    movedTo: movedAway(db),
    cameDeleted: trashedBySource(db, source),
  }
}

const ID = /^[a-zA-Z0-9][\w-]{0,255}$/

/**
 * `new`: it is not here. `changed`: it is here, and in another state there than when it came, or it came from elsewhere. `inTrash`: deleted here.
 * `erased`: deleted here for good. `moved`: in another project now. `refused`: its id can be none here.
 *
 * @param deleted whether it, or its experiment, is deleted in its source: not every store says so of each run.
 */
export function fateOf(
  fates: Fates,
  run: Pick<SourceRun, 'id' | 'fingerprint'>,
  deleted: boolean,
): 'new' | 'changed' | 'known' | 'inTrash' | 'erased' | 'moved' | 'refused' {
  // Artifacts of a run of that name would lie among those of the models.
  if (!ID.test(run.id) || run.id === 'models') return 'refused'
  const known = fates.known.get(run.id)
  const here = fates.lifecycles.get(run.id)
  if (here === undefined) {
    if (!fates.erased.has(run.id)) return 'new'
    return fates.movedTo.has(run.id) ? 'moved' : 'erased'
  }
  if (known?.half === true) return 'new'
  if (here === 'deleted' && !fates.cameDeleted.has(run.id)) return 'inTrash'
  return known?.fingerprint === run.fingerprint && known.deleted === deleted ? 'known' : 'changed'
}
