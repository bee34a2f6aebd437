import type { RunStatus } from '#shared/contract/common.ts'
import type { StateMark } from '../icons/state-icon.tsx'

/** Mark and word of each status that a run can have: the same wherever a run is named. */
export const runStatusLook: Readonly<Record<RunStatus, { readonly mark: StateMark; readonly word: string }>> = {
  queued: { mark: 'wait', word: 'queued' },
  running: { mark: 'live', word: 'running' },
  stopping: { mark: 'live', word: 'stopping' },
  finished: { mark: 'done', word: 'finished' },
  failed: { mark: 'bad', word: 'failed' },
  killed: { mark: 'none', word: 'stopped' },
  lost: { mark: 'warn', word: 'lost' },
}
