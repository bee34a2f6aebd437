import { appError } from '#shared/rpc/errors.ts'
import { type ProjectContext, recordUndo, type UndoStep } from '#electron/features/projects/index.ts'
import { findExperimentByName } from './experiment-queries.ts'
import { existingExperiment } from './experiment-writes.ts'
import { MIRRORED_TAGS } from './mirrored-tags.ts'
import type { RunRecord } from './records.ts'
import { namedRuns, refuseTraining, selectedRuns } from './selection.ts'
import type { RunsService } from './service.ts'
import type { RunWrites } from './writes.ts'

/** What a person changes about runs by hand. Each change keeps its inverse in the undo log, in the same transaction, and resolves with its number there; null where nothing had to be changed. */
export type Edits = {
  readonly rename: (project: ProjectContext, run: string, name: string) => Promise<number | null>
  readonly setNote: (project: ProjectContext, run: string, note: string) => Promise<number | null>
  readonly setTag: (
    project: ProjectContext,
    runs: readonly string[],
    key: string,
    value: string,
  ) => Promise<number | null>
  readonly removeTag: (project: ProjectContext, runs: readonly string[], key: string) => Promise<number | null>
  readonly setExperiment: (project: ProjectContext, runs: readonly string[], name: string) => Promise<number | null>
  readonly renameExperiment: (project: ProjectContext, experiment: string, name: string) => Promise<number | null>
  readonly archive: (project: ProjectContext, runs: readonly string[]) => Promise<number | null>
  readonly unarchive: (project: ProjectContext, runs: readonly string[]) => Promise<number | null>
  /** Into the trash. Throws `busy` for runs that still train. */
  readonly remove: (project: ProjectContext, runs: readonly string[]) => Promise<number | null>
  readonly restore: (project: ProjectContext, runs: readonly string[]) => Promise<number | null>
}

export function createEdits({ write }: RunsService): Edits {
  const edit = (project: ProjectContext, work: (writes: RunWrites) => number | null): Promise<number | null> =>
    write(project, work)
  return {
    rename: (project, id, name) =>
      edit(project, (writes) => {
        const [run] = selectedRuns(project, [id])
        if (run === undefined || run.name === name) return null
        writes.updateRun(id, { name })
        return recordUndo(project, `Rename of ${run.name}`, [
          { do: 'update', table: 'run', keys: [[run.number]], set: { name: run.name } },
        ])
      }),
    setNote: (project, id, note) =>
      edit(project, (writes) => {
        const [run] = selectedRuns(project, [id])
        if (run === undefined || run.note === note) return null
        writes.updateRun(id, { note })
        return recordUndo(project, `Note of ${run.name}`, [
          { do: 'update', table: 'run', keys: [[run.number]], set: { note: run.note } },
        ])
      }),
    setTag: (project, ids, key, value) => edit(project, (writes) => setTag(project, writes, ids, key, value)),
    removeTag: (project, ids, key) => edit(project, (writes) => removeTag(project, writes, ids, key)),
    setExperiment: (project, ids, name) => edit(project, (writes) => moveToExperiment(project, writes, ids, name)),
    renameExperiment: (project, id, name) =>
      edit(project, (writes) => {
        const before = existingExperiment(project, id)
        if (before.name === name) return null
        writes.renameExperiment(id, name)
        // What an experiment is called stands in every one of its runs' rows.
        project.commits.afterCommit(() => project.changed({ project: project.id, entity: 'run', ids: [] }))
        return recordUndo(project, `Rename of experiment ${before.name}`, [
          { do: 'update', table: 'experiment', keys: [[id]], set: { name: before.name, updated_at: before.updatedAt } },
        ])
      }),
    archive: (project, ids) =>
      edit(project, (writes) => setLifecycle(project, writes, ids, 'active', 'archived', 'Archiving of')),
    unarchive: (project, ids) =>
      edit(project, (writes) => setLifecycle(project, writes, ids, 'archived', 'active', 'Unarchiving of')),
    remove: (project, ids) =>
      edit(project, (writes) => {
        refuseTraining(project, selectedRuns(project, ids))
        return setLifecycle(project, writes, ids, null, 'deleted', 'Deletion of')
      }),
    restore: (project, ids) =>
      edit(project, (writes) => setLifecycle(project, writes, ids, 'deleted', 'active', 'Restoring of')),
  }
}

function touchAll(writes: RunWrites, runs: readonly RunRecord[]): void {
  for (const { id } of runs) writes.touch('run', id)
}

const numbersOf = (runs: readonly RunRecord[]): string => JSON.stringify(runs.map(({ number }) => number))

/** Keys that mirror a column have verbs of their own; as tags they would be written nowhere. */
function checkKey(key: string): void {
  if (!MIRRORED_TAGS.has(key)) return
  throw appError('invalid', `${key} is not a tag here: change the run’s name, note or parent instead.`, {
    field: 'key',
  })
}

function setTag(
  project: ProjectContext,
  writes: RunWrites,
  ids: readonly string[],
  key: string,
  value: string,
): number | null {
  checkKey(key)
  const asked = selectedRuns(project, ids)
  const before = taggedRuns(project, asked, key)
  // Runs that have the very tag already are not changed, and are nothing to undo.
  const runs = asked.filter(({ number }) => before.get(number) !== value)
  if (runs.length === 0) return null
  const had = new Map([...before].filter(([, old]) => old !== value))
  const bare = runs.filter(({ number }) => !had.has(number))
  project.db.run(
    `INSERT INTO tag (run, key, value) SELECT value, ?, ? FROM json_each(?) WHERE true
       ON CONFLICT (run, key) DO UPDATE SET value = excluded.value`,
    key,
    value,
    numbersOf(runs),
  )
  touchAll(writes, runs)
  return recordUndo(project, `Tag ${key} on ${namedRuns(runs)}`, [
    ...(had.size === 0 ? [] : [insertTags(key, had)]),
    ...(bare.length === 0
      ? []
      : [{ do: 'remove' as const, table: 'tag' as const, keys: bare.map(({ number }) => [number, key]) }]),
  ])
}

function removeTag(project: ProjectContext, writes: RunWrites, ids: readonly string[], key: string): number | null {
  checkKey(key)
  const runs = selectedRuns(project, ids)
  const had = taggedRuns(project, runs, key)
  if (had.size === 0) return null
  project.db.run('DELETE FROM tag WHERE key = ? AND run IN (SELECT value FROM json_each(?))', key, numbersOf(runs))
  touchAll(writes, runs)
  return recordUndo(project, `Removal of tag ${key} from ${namedRuns(runs)}`, [insertTags(key, had)])
}

function taggedRuns({ db }: ProjectContext, runs: readonly RunRecord[], key: string): ReadonlyMap<number, string> {
  return new Map(
    db
      .prepare('SELECT run, value FROM tag WHERE key = ? AND run IN (SELECT value FROM json_each(?))')
      .rows<readonly [number, string]>(key, numbersOf(runs)),
  )
}

function insertTags(key: string, values: ReadonlyMap<number, string>): UndoStep {
  return { do: 'insert', table: 'tag', rows: [...values].map(([run, value]) => [run, key, value]) }
}

function moveToExperiment(
  project: ProjectContext,
  writes: RunWrites,
  ids: readonly string[],
  name: string,
): number | null {
  const runs = selectedRuns(project, ids)
  const known = findExperimentByName(project.db, name)
  const { id } = writes.ensureExperiment(name)
  const moving = runs.filter(({ experiment }) => experiment !== id)
  if (moving.length === 0) return null
  const made: readonly UndoStep[] = known === undefined ? [{ do: 'remove', table: 'experiment', keys: [[id]] }] : []
  project.db.run(
    'UPDATE run SET experiment = ? WHERE number IN (SELECT value FROM json_each(?))',
    id,
    numbersOf(moving),
  )
  touchAll(writes, moving)
  return recordUndo(project, `Move of ${namedRuns(moving)} to ${name}`, [
    ...updatesBy(moving, ({ experiment }) => ({ experiment })),
    ...made,
  ])
}

/** Runs of state `from` become `to`; with null, runs of any other state. */
function setLifecycle(
  project: ProjectContext,
  writes: RunWrites,
  ids: readonly string[],
  from: RunRecord['lifecycle'] | null,
  to: RunRecord['lifecycle'],
  label: string,
): number | null {
  const runs = selectedRuns(project, ids).filter(({ lifecycle }) =>
    from === null ? lifecycle !== to : lifecycle === from,
  )
  if (runs.length === 0) return null
  project.db.run(
    'UPDATE run SET lifecycle = ?, deleted_at = ? WHERE number IN (SELECT value FROM json_each(?))',
    to,
    to === 'deleted' ? Math.round(project.clock.now()) : null,
    numbersOf(runs),
  )
  touchAll(writes, runs)
  return recordUndo(
    project,
    `${label} ${namedRuns(runs)}`,
    updatesBy(runs, ({ lifecycle, deletedAt }) => ({ lifecycle, deleted_at: deletedAt })),
  )
}

/** One step for all runs that had the same values. */
function updatesBy(
  runs: readonly RunRecord[],
  valuesOf: (run: RunRecord) => Readonly<Record<string, string | number | null>>,
): readonly UndoStep[] {
  const groups = new Map<string, { readonly set: Record<string, string | number | null>; readonly keys: [number][] }>()
  for (const run of runs) {
    const set = valuesOf(run)
    const key = JSON.stringify(set)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { set: { ...set }, keys: [[run.number]] })
    else group.keys.push([run.number])
  }
  return [...groups.values()].map(({ set, keys }) => ({ do: 'update', table: 'run', keys, set }))
}
