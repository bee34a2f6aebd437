import type { ImportSource, SourceRun } from './source.ts'

/** How long after its end a run's files are still looked for on a server that is followed. */
const SETTLING = 3_600_000

/** Following a server must not ask it for the files of each run it ever had, again and again. Who imports again is told of all of them. */
export function mayGrow({ kind }: ImportSource, { endedAt, startedAt }: SourceRun, now: number): boolean {
  if (kind !== 'mlflow-server') return true
  return endedAt === null ? (startedAt ?? now) > now - LONG_AGO : endedAt > now - SETTLING
}

/** Trackers call a run running until someone says that it ended, and a killed one never did. */
const LONG_AGO = 14 * 24 * 3_600_000

/** A run that began long ago and still counts as running is lost. Should it end after all, the next import says so. */
export function settled(run: SourceRun, now: number): SourceRun {
  const isStale = run.status === 'running' && run.startedAt !== null && run.startedAt < now - LONG_AGO
  return isStale ? { ...run, status: 'lost' } : run
}
