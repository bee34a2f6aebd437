import type { z } from 'zod'
import type { Lifecycle, RunDetail } from '#shared/contract/runs.ts'
import type { RunStatus } from '#shared/contract/common.ts'
import type { SqlValue } from '#electron/db/statement.ts'

export type RunSource = z.infer<typeof RunDetail>['source']

/** By how much the start and the end of a run are more than the doubles that stand for them. */
export type TimeRests = Readonly<Record<'startedAt' | 'endedAt', number>>

/** A run as stored, without what hangs on it. Times are milliseconds since 1970. */
export type RunRecord = {
  /** From 1, unique in the project for ever. */
  readonly number: number
  readonly id: string
  /** The experiment's id. */
  readonly experiment: string
  readonly name: string
  readonly status: RunStatus
  readonly lifecycle: Lifecycle
  readonly deletedAt: number | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** What these two are more than the doubles: where one is beyond 2^53, as that of a run that was begun in nanoseconds. */
  readonly rest?: TimeRests
  readonly user: string | null
  readonly source: RunSource
  /** The parent run's id. */
  readonly parent: string | null
  readonly script: string | null
  readonly folder: string | null
  readonly command: readonly string[] | null
  readonly exitCode: number | null
  readonly exitSignal: string | null
  readonly ending: string | null
  readonly note: string
  readonly loggedElsewhere: string | null
  readonly createdAt: number
}

/** A row of table `run`. */
export type RunRow = {
  readonly number: number
  readonly id: string
  readonly experiment: string
  readonly name: string
  readonly status: RunStatus
  readonly lifecycle: Lifecycle
  readonly deleted_at: number | null
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly user: string | null
  readonly source: RunSource
  readonly parent: string | null
  readonly script: string | null
  readonly folder: string | null
  readonly command: string | null
  readonly exit_code: number | null
  readonly exit_signal: string | null
  readonly ending: string | null
  readonly note: string
  readonly logged_elsewhere: string | null
  readonly created_at: number
}

/** The record of a row. */
export function recordOf(row: RunRow): RunRecord {
  return {
    number: row.number,
    id: row.id,
    experiment: row.experiment,
    name: row.name,
    status: row.status,
    lifecycle: row.lifecycle,
    deletedAt: row.deleted_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    user: row.user,
    source: row.source,
    parent: row.parent,
    script: row.script,
    folder: row.folder,
    command: commandOf(row.command),
    exitCode: row.exit_code,
    exitSignal: row.exit_signal,
    ending: row.ending,
    note: row.note,
    loggedElsewhere: row.logged_elsewhere,
    createdAt: row.created_at,
  }
}

function commandOf(text: string | null): readonly string[] | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : null
  } catch {
    return null
  }
}

/** The columns that an update may set, by the record's names. */
export type RunChange = Partial<
  Pick<
    RunRecord,
    | 'experiment'
    | 'name'
    | 'status'
    | 'user'
    | 'source'
    | 'parent'
    | 'script'
    | 'folder'
    | 'command'
    | 'exitCode'
    | 'exitSignal'
    | 'ending'
    | 'note'
    | 'loggedElsewhere'
    | 'lifecycle'
    | 'deletedAt'
  >
> & {
  /** A bigint where a double would round it. */
  readonly startedAt?: number | bigint | null
  readonly endedAt?: number | bigint | null
}

/** Columns and stored values of a change; an integer column gets a whole number. */
export function columnsOf(change: RunChange): readonly (readonly [column: string, value: SqlValue])[] {
  const whole = (value: number | bigint | null): number | bigint | null =>
    typeof value === 'number' ? Math.round(value) : value
  const columns: [string, SqlValue][] = []
  if (change.experiment !== undefined) columns.push(['experiment', change.experiment])
  if (change.name !== undefined) columns.push(['name', change.name])
  if (change.status !== undefined) columns.push(['status', change.status])
  if (change.startedAt !== undefined) columns.push(['started_at', whole(change.startedAt)])
  if (change.endedAt !== undefined) columns.push(['ended_at', whole(change.endedAt)])
  if (change.user !== undefined) columns.push(['user', change.user])
  if (change.source !== undefined) columns.push(['source', change.source])
  if (change.parent !== undefined) columns.push(['parent', change.parent])
  if (change.script !== undefined) columns.push(['script', change.script])
  if (change.folder !== undefined) columns.push(['folder', change.folder])
  if (change.command !== undefined)
    columns.push(['command', change.command === null ? null : JSON.stringify(change.command)])
  if (change.exitCode !== undefined) columns.push(['exit_code', change.exitCode])
  if (change.exitSignal !== undefined) columns.push(['exit_signal', change.exitSignal])
  if (change.ending !== undefined) columns.push(['ending', change.ending])
  if (change.note !== undefined) columns.push(['note', change.note])
  if (change.loggedElsewhere !== undefined) columns.push(['logged_elsewhere', change.loggedElsewhere])
  if (change.lifecycle !== undefined) columns.push(['lifecycle', change.lifecycle])
  if (change.deletedAt !== undefined) columns.push(['deleted_at', whole(change.deletedAt)])
  return columns
}
