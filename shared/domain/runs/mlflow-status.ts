import type { RunStatus } from '../../contract/common.ts'

/** A run's status as MLflow names it; it knows fewer. */
export const MLFLOW_STATUS: Readonly<Record<RunStatus, string>> = {
  queued: 'SCHEDULED',
  running: 'RUNNING',
  stopping: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  killed: 'KILLED',
  lost: 'KILLED',
}
