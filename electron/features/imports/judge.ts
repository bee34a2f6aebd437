import type { ProjectContext } from '#electron/features/projects/index.ts'
import { type Fates, fateOf } from './fates.ts'
import { allFingerprints } from './queries.ts'
import { settled } from './run-age.ts'
import { bringsNothing } from './same-run.ts'
import type { ImportSource, SourceRun } from './source.ts'

/** Runs that came from elsewhere are compared for so long, milliseconds: nobody waits for a plan as for an import. */
const COMPARE_FOR = 3_000

type Judgement = ReturnType<typeof fateOf> | 'elsewhere'

/** Says what becomes of a run, which may be deleted there, perhaps with its experiment: of one that is here and came from another place, whether anything is new in it. */
export function createJudge(
  project: ProjectContext,
  source: ImportSource,
  fates: Fates,
  signal: AbortSignal,
): (run: SourceRun, deleted: boolean) => Promise<Judgement> {
  let prints: ReadonlySet<string> | undefined
  let compared = 0
  return async (run, deleted) => {
    const fate = fateOf(fates, run, deleted)
    if (fate !== 'changed' || fates.known.has(run.id)) return fate
    // A server is asked for each metric by itself, which takes as long as the import.
    if (source.kind !== 'mlflow-server' && compared < COMPARE_FOR) {
      const start = performance.now()
      const isSame = await bringsNothing(project, source, settled(run, project.clock.now()), signal)
      compared += performance.now() - start
      return isSame ? 'known' : 'changed'
    }
    prints ??= allFingerprints(project.db)
    return prints.has(`${run.id} ${run.fingerprint}`) ? 'known' : 'elsewhere'
  }
}
