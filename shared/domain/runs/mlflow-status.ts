import type { RunStatus } from '../../contract/common.ts'

const MLFLOW_STATUS: Readonly<Record<RunStatus, string>> = {
  queued: 'SCHEDULED',
  running: 'RUNNING',
  stopping: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  killed: 'KILLED',
  lost: 'KILLED',
}

/**
 * A run's status as MLflow names it; it knows fewer. A run that came from another tracker and is lost here is one that runs for ever there: that is
 * what its own tracker says of it.
 */
export function mlflowStatus({ status, source }: { readonly status: RunStatus; readonly source: string }): string {
  return status === 'lost' && source === 'import' ? MLFLOW_STATUS.running : MLFLOW_STATUS[status]
}
