import type { RunStatus } from '#shared/contract/common.ts'
import type { ReadDb, WriteDb } from '#electron/db/connection.ts'

/** What of a run follows its source, as it is here. */
export type RunState = {
  readonly number: number
  readonly experiment: string
  readonly name: string
  readonly status: RunStatus
  readonly lifecycle: 'active' | 'archived' | 'deleted'
  readonly deletedAt: number | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly user: string | null
  readonly parent: string | null
  readonly note: string
  readonly source: string
}

export function stateOf(db: ReadDb, run: string): RunState | undefined {
  return db.get<RunState>(
    `SELECT number, experiment, name, status, lifecycle, deleted_at AS deletedAt, started_at AS startedAt, ended_at AS endedAt, user, parent,
            note, source FROM run WHERE id = ?`,
    run,
  )
}

export function setState(db: WriteDb, state: RunState): void {
  // What stays as it was keeps the digits that this state's doubles don't have.
  db.run(
    `UPDATE run SET name = @name, status = @status, lifecycle = @lifecycle, deleted_at = @deletedAt,
            started_at = CASE WHEN CAST(started_at AS REAL) IS @startedAt THEN started_at ELSE @startedAt END,
            ended_at = CASE WHEN CAST(ended_at AS REAL) IS @endedAt THEN ended_at ELSE @endedAt END,
            user = @user, parent = @parent, note = @note
      WHERE number = @number`,
    {
      ...state,
      deletedAt: whole(state.deletedAt),
      startedAt: whole(state.startedAt),
      endedAt: whole(state.endedAt),
    },
  )
}

export function removeTag(db: WriteDb, run: number, key: string): void {
  db.run('DELETE FROM tag WHERE run = ? AND key = ?', run, key)
}

export function addModelUse(
  db: WriteDb,
  run: number,
  use: { readonly model: string; readonly direction: 'input' | 'output'; readonly step: number },
): void {
  db.run(
    'INSERT INTO run_model (run, model, direction, step) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    run,
    use.model,
    use.direction,
    Math.round(use.step),
  )
}

function whole(time: number | null): number | null {
  return time === null ? null : Math.round(time)
}
