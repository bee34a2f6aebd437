import type { ProjectContext } from '#electron/features/projects/index.ts'
import { putDatasetUses } from './fact-writes.ts'
import type { Tag } from './queries.ts'
import type { RunRecord } from './records.ts'
import { putTags } from './run-writes.ts'

/** A run as another tracker has it. */
export type BroughtRun = Pick<
  RunRecord,
  'id' | 'experiment' | 'name' | 'status' | 'lifecycle' | 'deletedAt' | 'user' | 'parent' | 'note'
> & {
  /** A bigint where a double would round it. */
  readonly startedAt: number | bigint | null
  readonly endedAt: number | bigint | null
}

const INSERT = `INSERT INTO run (id, experiment, name, status, lifecycle, deleted_at, started_at, ended_at, user, parent, note, source, created_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'import', ?)`

/**
 * Inserts a run as it was elsewhere: into a deleted experiment too, and into the trash. Part of the caller's write. Returns its number; the id has to be
 * free.
 */
export function bringRun({ db, clock }: ProjectContext, run: BroughtRun): number {
  return db.run(
    INSERT,
    run.id,
    run.experiment,
    run.name,
    run.status,
    run.lifecycle,
    whole(run.deletedAt),
    whole(run.startedAt),
    whole(run.endedAt),
    run.user,
    run.parent,
    run.note,
    Math.round(clock.now()),
  ).lastId
}

/** A parameter that is here with another value. */
export type ParamClash = { readonly key: string; readonly here: string; readonly there: string }

/** Adds logged parameters that the run does not have. Returns how many are new, and those that are here with another value, which stay. */
export function bringParams(
  { db }: ProjectContext,
  run: number,
  params: readonly Tag[],
): { readonly added: number; readonly clashes: readonly ParamClash[] } {
  const clashes: ParamClash[] = []
  let added = 0
  for (const { key, value } of params) {
    const { changes } = db.run(
      `INSERT INTO param (run, origin, key, value, source) VALUES (?, 'logged', ?, ?, NULL) ON CONFLICT DO NOTHING`,
      run,
      key,
      value,
    )
    added += changes
    if (changes > 0) continue
    const here = db.value<string>(`SELECT value FROM param WHERE run = ? AND origin = 'logged' AND key = ?`, run, key)
    if (here !== undefined && here !== value) clashes.push({ key, here, there: value })
  }
  return { added, clashes }
}

/** Sets tags of a run in any state. Those that mirror a column are the caller's to set there. */
export const bringTags = putTags

/** Says which datasets a run in any state read. */
export const bringDatasets = putDatasetUses

function whole(time: number | bigint | null): number | bigint | null {
  return typeof time === 'number' ? Math.round(time) : time
}
