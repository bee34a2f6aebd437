import { z } from 'zod'
import type { Change } from '#shared/contract/common.ts'
import { AppError, appError } from '#shared/rpc/errors.ts'
import type { SqlValue } from '#electron/db/statement.ts'
import type { ProjectContext } from './context.ts'

/** Tables whose rows may be put back, with the columns that find a row and the contract's word for what it belongs to. */
const TABLES = {
  run: { key: ['number'], entity: 'run', columns: ['name', 'note', 'experiment', 'lifecycle', 'deleted_at'] },
  tag: { key: ['run', 'key'], entity: 'run', columns: ['value'] },
  experiment: { key: ['id'], entity: 'experiment', columns: ['name', 'lifecycle', 'updated_at'] },
} as const satisfies Readonly<
  Record<
    string,
    { readonly key: readonly string[]; readonly entity: Change['entity']; readonly columns: readonly string[] }
  >
>

const Value = z.union([z.string(), z.number(), z.null()])
const Key = z.array(z.union([z.string(), z.number()])).min(1)

/**
 * One thing to put back. `keys` are the values of the table's key columns, a list for each row.
 * `update` sets columns of rows that are there; `insert` brings rows back (or overwrites them); `remove` takes away rows that the change made.
 */
export const UndoStep = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('update'),
    table: z.enum(['run', 'tag', 'experiment']),
    keys: z.array(Key).readonly(),
    set: z.record(z.string(), Value),
  }),
  z.object({
    do: z.literal('insert'),
    table: z.literal('tag'),
    rows: z.array(z.tuple([z.number(), z.string(), z.string()])).readonly(),
  }),
  z.object({ do: z.literal('remove'), table: z.enum(['tag', 'experiment']), keys: z.array(Key).readonly() }),
])
export type UndoStep = z.infer<typeof UndoStep>

/** Changes that can be undone; older ones are forgotten. */
const KEPT = 500

/**
 * Keeps how to undo a change. Call it inside the write that makes the change, so that both land or neither. `label` names the change
 * for a person, as in "Undo: rename of run 12".
 */
export function recordUndo(project: ProjectContext, label: string, steps: readonly UndoStep[]): void {
  if (steps.length === 0) return
  const { db } = project
  const { lastId } = db.run(
    'INSERT INTO undo_log (at, label, inverse) VALUES (?, ?, ?)',
    project.clock.now(),
    label,
    JSON.stringify(steps),
  )
  db.run('DELETE FROM undo_log WHERE id <= ?', lastId - KEPT)
  project.commits.afterCommit(() => project.changed({ project: project.id, entity: 'undo', ids: [] }))
}

/**
 * Undoes the newest change and forgets it. Resolves with its label, or null when there is nothing to undo. What is gone for good since
 * (a run deleted for ever) stays gone. Rejects with `corrupt` for a damaged entry and `conflict` where something else took the place
 * (an experiment's old name); such an entry is dropped, so that the next call goes on.
 */
export async function undoNewest(project: ProjectContext): Promise<string | null> {
  const outcome = await project.commits.enqueue(() => {
    const { db } = project
    const entry = db.get<{ readonly id: number; readonly label: string; readonly inverse: string }>(
      'SELECT id, label, inverse FROM undo_log ORDER BY id DESC LIMIT 1',
    )
    if (entry === undefined) return null
    db.run('DELETE FROM undo_log WHERE id = ?', entry.id)
    const steps = parseSteps(entry.inverse)
    // Not thrown here: a throw would roll the removal back, and the damaged entry would block the ones before it.
    if (steps === undefined)
      return {
        label: entry.label,
        failure: appError('corrupt', `“${entry.label}” can't be undone: its record is damaged.`),
      }
    try {
      db.transaction(() => {
        for (const step of steps) applyStep(project, step)
      })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
      // Something else has the name by now; like a damaged entry it must not block the ones before it.
      return {
        label: entry.label,
        failure: appError('conflict', `“${entry.label}” can't be undone any more.`, { cause: error }),
      }
    }
    const entities = new Set<Change['entity']>(steps.map((step) => TABLES[step.table].entity))
    project.commits.afterCommit(() => {
      for (const entity of entities) project.changed({ project: project.id, entity, ids: [] })
    })
    return { label: entry.label, failure: null }
  })
  project.changed({ project: project.id, entity: 'undo', ids: [] })
  if (outcome !== null && outcome.failure !== null) throw outcome.failure
  return outcome?.label ?? null
}

function parseSteps(text: string): readonly UndoStep[] | undefined {
  try {
    const parsed = z.array(UndoStep).safeParse(JSON.parse(text))
    return parsed.success && parsed.data.every(isApplicable) ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** Names of columns become SQL, so only known ones pass. */
function isApplicable(step: UndoStep): boolean {
  if (step.do === 'insert') return true
  const { key, columns } = TABLES[step.table]
  const known: readonly string[] = columns
  return (
    step.keys.every((values) => values.length === key.length) &&
    (step.do === 'remove' ||
      (Object.keys(step.set).length > 0 && Object.keys(step.set).every((name) => known.includes(name))))
  )
}

function applyStep({ db }: ProjectContext, step: UndoStep): void {
  if (step.do === 'insert') {
    for (const [run, key, value] of step.rows) {
      // The run may be gone for good: then there is nothing to hang the tag on.
      db.run(
        `INSERT INTO tag (run, key, value) SELECT @run, @key, @value WHERE EXISTS (SELECT 1 FROM run WHERE number = @run)
           ON CONFLICT (run, key) DO UPDATE SET value = excluded.value`,
        { run, key, value },
      )
    }
    return
  }
  const where = TABLES[step.table].key.map((name) => `${name} = ?`).join(' AND ')
  if (step.do === 'remove') {
    // An experiment that has gained runs since stays.
    const unused =
      step.table === 'experiment' ? ' AND NOT EXISTS (SELECT 1 FROM run WHERE run.experiment = experiment.id)' : ''
    for (const key of step.keys) db.run(`DELETE FROM ${step.table} WHERE ${where}${unused}`, ...key)
    return
  }
  const names = Object.keys(step.set)
  const values: readonly SqlValue[] = Object.values(step.set)
  const update = `UPDATE ${step.table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE ${where}`
  for (const key of step.keys) db.run(update, ...values, ...key)
}
