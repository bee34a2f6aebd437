import type { RunStatus } from '#shared/contract/common.ts'
import type { RunChange, RunRecord } from './records.ts'

const LIVE: ReadonlySet<RunStatus> = new Set(['queued', 'running', 'stopping'])

/** True while the run waits or trains. */
export function isLive(status: RunStatus): boolean {
  return LIVE.has(status)
}

/** Start and end times that follow from a change of status, where the change itself names none. */
export function endingOf(run: RunRecord, change: RunChange, now: number): Pick<RunChange, 'startedAt' | 'endedAt'> {
  const { status } = change
  if (status === undefined) return {}
  const started =
    status === 'running' && run.startedAt === null && change.startedAt === undefined ? { startedAt: now } : {}
  if (isLive(status)) return { ...started, ...(run.endedAt === null ? {} : { endedAt: null }) }
  return { ...started, ...(run.endedAt === null ? { endedAt: now } : {}) }
}
