import type { RunStatus } from '#shared/contract/common.ts'
import { type Fields, optionalEnum } from './fields.ts'

export { mlflowStatus } from '#shared/domain/runs/mlflow-status.ts'

/** Names and numbers of MLflow's RunStatus. */
const STATUSES: ReadonlyMap<string, RunStatus> = new Map<string, RunStatus>([
  ['RUNNING', 'running'],
  ['SCHEDULED', 'queued'],
  ['FINISHED', 'finished'],
  ['FAILED', 'failed'],
  ['KILLED', 'killed'],
  ['1', 'running'],
  ['2', 'queued'],
  ['3', 'finished'],
  ['4', 'failed'],
  ['5', 'killed'],
])

/** A status as the client names it; undefined when the request has none. */
export function statusIn(fields: Fields): RunStatus | undefined {
  return optionalEnum(fields, 'status', STATUSES)
}

export type View = 'active' | 'deleted' | 'all'

/** Names and numbers of MLflow's ViewType. */
const VIEWS: ReadonlyMap<string, View> = new Map<string, View>([
  ['ACTIVE_ONLY', 'active'],
  ['DELETED_ONLY', 'deleted'],
  ['ALL', 'all'],
  ['1', 'active'],
  ['2', 'deleted'],
  ['3', 'all'],
])

/** What of a lifecycle is asked for; what is active by default. */
export function viewIn(fields: Fields, name: string): View {
  return optionalEnum(fields, name, VIEWS) ?? 'active'
}
