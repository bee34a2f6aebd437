import type { Pair } from '#electron/features/models/index.ts'
import type { ExperimentPlace } from './experiments.ts'
import type { SourceRun, SourceRunContents } from './source.ts'

/** A run that comes, with all but its points. */
export type ComingRun = {
  readonly source: number
  readonly run: SourceRun
  readonly contents: SourceRunContents
  /** With the name, where the source has one. */
  readonly tags: readonly Pair[]
  readonly experiment: ExperimentPlace
  /** It began to come once and was cut short: what is here of it is to be made whole. */
  readonly half: boolean
  /** When it began to be read: what came into the source after that may be missing here. */
  readonly readAt: number
}

/** A run as it stands in a report: by its name, or the beginning of its id. */
export function shownRun(run: Pick<SourceRun, 'id' | 'name'>): string {
  return `run ${run.name === null || run.name === '' ? run.id.slice(0, 12) : `${run.name} (${run.id.slice(0, 8)})`}`
}

/** Its state in the source; an experiment takes its runs with it. */
export function isDeleted({ run, experiment }: Pick<ComingRun, 'run' | 'experiment'>): boolean {
  return run.deleted || experiment.deleted
}
