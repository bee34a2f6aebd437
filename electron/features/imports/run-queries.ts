import type { RunStatus } from '#shared/contract/common.ts'
import { wholeOf } from '#shared/lib/whole-number.ts'
import type { ReadDb, WriteDb } from '#electron/db/connection.ts'

/** What of a run follows its source, as it is here. */
export type RunState = {
  readonly number: number
  readonly experiment: string
  readonly name: string
  readonly status: RunStatus
  readonly lifecycle: 'active' | 'archived' | 'deleted'
  readonly deletedAt: number | null
  /** As `endedAt`, a bigint where a double would round it. */
  readonly startedAt: number | bigint | null
  readonly endedAt: number | bigint | null
  readonly user: string | null
  readonly parent: string | null
  readonly note: string
  readonly source: string
}

/** Times beyond 2^53 as texts: JavaScript would round them. */
const STATE = `SELECT number, experiment, name, status, lifecycle, deleted_at AS deletedAt, user, parent, note, source,
  iif(started_at BETWEEN -9007199254740991 AND 9007199254740991, started_at, CAST(started_at AS TEXT)) AS startedAt,
  iif(ended_at BETWEEN -9007199254740991 AND 9007199254740991, ended_at, CAST(ended_at AS TEXT)) AS endedAt
  FROM run WHERE id = ?`

type StateRow = Omit<RunState, 'startedAt' | 'endedAt'> &
  Readonly<Record<'startedAt' | 'endedAt', number | string | null>>

export function stateOf(db: ReadDb, run: string): RunState | undefined {
  const row = db.get<StateRow>(STATE, run)
  return row === undefined ? undefined : { ...row, startedAt: timeOf(row.startedAt), endedAt: timeOf(row.endedAt) }
}

function timeOf(stored: number | string | null): number | bigint | null {
  return typeof stored === 'string' ? (wholeOf(stored) ?? null) : stored
}

export function setState(db: WriteDb, state: RunState): void {
  db.run(
    `UPDATE run SET name = ?, status = ?, lifecycle = ?, deleted_at = ?, started_at = ?, ended_at = ?, user = ?, parent = ?, note = ?
      WHERE number = ?`,
    state.name,
    state.status,
    state.lifecycle,
    whole(state.deletedAt),
    whole(state.startedAt),
    whole(state.endedAt),
    state.user,
    state.parent,
    state.note,
    state.number,
  )
}

export function removeTag(db: WriteDb, run: number, key: string): void {
  db.run('DELETE FROM tag WHERE run = ? AND key = ?', run, key)
}

export function addModelUse(
  db: WriteDb,
  run: number,
  use: { readonly model: string; readonly direction: 'input' | 'output'; readonly step: number | bigint },
): void {
  db.run(
    'INSERT INTO run_model (run, model, direction, step) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    run,
    use.model,
    use.direction,
    whole(use.step),
  )
}

function whole(number: number | bigint | null): number | bigint | null {
  return typeof number === 'number' ? Math.round(number) : number
}
