import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { hasOpenLaunch } from './queries.ts'
import { type RunRecord, recordOf, type RunRow } from './records.ts'
import { isLive } from './status.ts'

/** How long a client's run without a launch of ours counts as training after its last sign of life, milliseconds. */
const SILENCE = 5 * 60_000

/** The runs of these ids, by number. Throws `not_found` naming one that is not there. */
export function selectedRuns({ db }: ProjectContext, ids: readonly string[]): readonly RunRecord[] {
  const runs = db
    .all<RunRow>('SELECT * FROM run WHERE id IN (SELECT value FROM json_each(?)) ORDER BY number', JSON.stringify(ids))
    .map(recordOf)
  const found = new Set(runs.map(({ id }) => id))
  const missing = ids.find((id) => !found.has(id))
  if (missing !== undefined) throw appError('not_found', `There is no run ${missing}.`)
  return runs
}

/**
 * Refuses with `busy` when one of the runs still trains: a launch of ours that has not ended, or a client that gave a sign of life in the last
 * minutes. A run whose client vanished long ago without a word is not held against anybody.
 */
export function refuseTraining(project: ProjectContext, runs: readonly RunRecord[]): void {
  const training = runs.filter((run) => isLive(run.status) && isTraining(project, run))
  const [first] = training
  if (first === undefined) return
  throw appError(
    'busy',
    training.length === 1
      ? `${first.name} still trains.`
      : `${first.name} and ${training.length - 1} more still train.`,
    { hint: 'Stop them first, or wait for their end.' },
  )
}

function isTraining({ db, metrics, clock }: ProjectContext, run: RunRecord): boolean {
  if (hasOpenLaunch(db, run.id)) return true
  const since = clock.now() - SILENCE
  if ((run.startedAt ?? run.createdAt) > since) return true
  return metrics.list(run.number).some(({ summary }) => summary.endTime > since)
}

/** `calm-otter`, or `3 runs`. */
export function namedRuns(runs: readonly RunRecord[]): string {
  const [first] = runs
  return first !== undefined && runs.length === 1 ? first.name : `${runs.length} runs`
}
