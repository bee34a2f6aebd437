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
