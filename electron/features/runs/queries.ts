import type { ParamOrigin } from '#shared/contract/common.ts'
import type { Param, RunDetail } from '#shared/contract/runs.ts'
import type { ReadDb } from '#electron/db/connection.ts'
import { type Fact, type FactKind, parseFact } from './facts.ts'
import { withRests } from './exact-times.ts'
import { recordOf, type RunRecord, type RunRow } from './records.ts'

/** The run of that id; undefined when there is none. */
export function findRun(db: ReadDb, id: string): RunRecord | undefined {
  const row = db.get<RunRow>('SELECT * FROM run WHERE id = ?', id)
  return row === undefined ? undefined : withRests(db, recordOf(row))
}

export function paramsOf(db: ReadDb, run: number): readonly Param[] {
  return db.all<Param>('SELECT key, value, origin, source FROM param WHERE run = ? ORDER BY key, origin DESC', run)
}

export function paramValue(db: ReadDb, run: number, origin: ParamOrigin, key: string): string | undefined {
  return db.value<string>('SELECT value FROM param WHERE run = ? AND origin = ? AND key = ?', run, origin, key)
}

export type Tag = { readonly key: string; readonly value: string }

/** The tags that are stored as such; name, user, note and parent are columns of the run. */
export function tagsOf(db: ReadDb, run: number): readonly Tag[] {
  return db.all<Tag>('SELECT key, value FROM tag WHERE run = ? ORDER BY key', run)
}

export function factOf<Kind extends FactKind>(db: ReadDb, run: number, kind: Kind): Fact<Kind> | null {
  const text = db.value<string>('SELECT value FROM run_fact WHERE run = ? AND kind = ?', run, kind)
  return text === undefined ? null : parseFact(kind, text)
}

/** The unified diff of what was not committed; null when none was captured. */
export function diffOf(db: ReadDb, run: number): string | null {
  return db.value<string>(`SELECT value FROM run_fact WHERE run = ? AND kind = 'diff'`, run) ?? null
}

export function childrenOf(db: ReadDb, parent: string): RunDetail['children'] {
  return db.all<RunDetail['children'][number]>(
    `SELECT id, name, number, status FROM run WHERE parent = ? AND lifecycle <> 'deleted' ORDER BY number`,
    parent,
  )
}

export type DatasetUse = {
  readonly name: string
  readonly digest: string
  readonly sourceType: string
  readonly source: string
  readonly schema: string | null
  readonly profile: string | null
  /** MLflow's `mlflow.data.context` and whatever else the client says of this use. */
  readonly tags: Readonly<Record<string, string>>
}

/** How often the run was started: 0 for a run that we did not launch. */
export function attemptsOf(db: ReadDb, run: string): number {
  return db.value<number>('SELECT count(*) FROM launch WHERE run = ?', run) ?? 0
}

/** True while a launch of the run has not ended. */
export function hasOpenLaunch(db: ReadDb, run: string): boolean {
  return db.value<number>(`SELECT 1 FROM launch WHERE run = ? AND state <> 'ended' LIMIT 1`, run) === 1
}

/** The run before this one of the same script and folder that is not in the trash, children apart from top-level runs. */
export function previousRun(db: ReadDb, run: RunRecord): RunRecord | undefined {
  if (run.script === null) return undefined
  const row = db.get<RunRow>(
    `SELECT * FROM run
      WHERE script = ? AND folder IS ? AND number < ? AND lifecycle <> 'deleted' AND status <> 'queued' AND (parent IS NULL) = ?
      ORDER BY number DESC LIMIT 1`,
    run.script,
    run.folder,
    run.number,
    run.parent === null ? 1 : 0,
  )
  return row === undefined ? undefined : recordOf(row)
}
