import type { Change } from '#shared/contract/common.ts'
import { AppError, appError } from '#shared/rpc/errors.ts'
import { applyStep, withLeft } from './apply-undo.ts'
import type { ProjectContext } from './context.ts'
import { columnsOf, entityOf, keysOf, parseSteps, type UndoStep } from './undo-steps.ts'

/** Changes that can be undone; older ones are forgotten. */
const KEPT = 500

/**
 * Keeps how to undo a change. Call it inside the write that makes the change, so that both land or neither, and after what it changes: what the change left is
 * kept too. `label` names the change for a person, as in "Undo: rename of run 12". Returns its number, by which it alone can be undone; null where nothing changed.
 */
export function recordUndo(project: ProjectContext, label: string, steps: readonly UndoStep[]): number | null {
  if (steps.length === 0) return null
  const { db } = project
  const { lastId } = db.run(
    'INSERT INTO undo_log (at, label, inverse) VALUES (?, ?, ?)',
    project.clock.now(),
    label,
    JSON.stringify(withLeft(project, steps)),
  )
  db.run('DELETE FROM undo_log WHERE id <= ?', lastId - KEPT)
  project.commits.afterCommit(() => project.changed({ project: project.id, entity: 'undo', ids: [] }))
  return lastId
}

export type Undone = {
  /** The change's number; null where there was nothing to undo. */
  readonly change: number | null
  readonly label: string | null
  /** Things that it had changed and that were changed again since: they stay. */
  readonly kept: number
}

type Entry = { readonly id: number; readonly label: string; readonly inverse: string }

/**
 * Undoes a change and forgets it: that of the number, or the newest. What was changed again since stays as it is, and what is gone for good (a run deleted for
 * ever) stays gone. Rejects with `corrupt` for a damaged entry, and with `conflict` where nothing can be put back: all of it was changed again, something else took
 * the place (an experiment's old name), or that change is not in the log any more. An entry that can't be undone is dropped where it is the newest, so that the
 * next call goes on.
 */
export async function undoChange(project: ProjectContext, change?: number): Promise<Undone> {
  const outcome = await project.commits.enqueue(() => {
    const { db } = project
    const newest = db.get<Entry>('SELECT id, label, inverse FROM undo_log ORDER BY id DESC LIMIT 1')
    const entry =
      change === undefined ? newest : db.get<Entry>('SELECT id, label, inverse FROM undo_log WHERE id = ?', change)
    if (entry === undefined) {
      if (change !== undefined) throw appError('conflict', 'That was undone already, or too much has changed since.')
      return { undone: { change: null, label: null, kept: 0 }, failure: null }
    }
    const forget = (): void => void db.run('DELETE FROM undo_log WHERE id = ?', entry.id)
    const steps = parseSteps(entry.inverse)
    // Not thrown here: a throw would roll the removal back, and the damaged entry would block the ones before it.
    if (steps === undefined) {
      forget()
      return { failure: appError('corrupt', `“${entry.label}” can't be undone: its record is damaged.`) }
    }
    try {
      const kept = db.transaction(() => putBack(project, entry, steps))
      forget()
      const entities = new Set<Change['entity']>(steps.map(entityOf))
      project.commits.afterCommit(() => {
        for (const entity of entities) project.changed({ project: project.id, entity, ids: [] })
      })
      return { undone: { change: entry.id, label: entry.label, kept }, failure: null }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
      if (entry.id === newest?.id) forget()
      return {
        failure:
          error.field === 'undo'
            ? error
            : appError('conflict', `“${entry.label}” can't be undone any more.`, { cause: error }),
      }
    }
  })
  project.changed({ project: project.id, entity: 'undo', ids: [] })
  if (outcome.failure !== null) throw outcome.failure
  return outcome.undone
}

/** How many things were changed again since, and stay. Throws `conflict` with the field `undo` where it is all of them. */
function putBack(project: ProjectContext, entry: Entry, steps: readonly UndoStep[]): number {
  const outcomes = steps.map((step) => applyStep(project, step))
  const sum = (of: 'done' | 'kept'): number => outcomes.reduce((total, outcome) => total + outcome[of], 0)
  const kept = sum('kept')
  if (kept > 0 && sum('done') === 0) {
    const later = changedBy(project, entry, steps)
    const why = later === undefined ? 'what it was about is gone or has changed again' : `“${later}” came after it`
    throw appError('conflict', `“${entry.label}” can't be undone: ${why}.`, { field: 'undo' })
  }
  return kept
}

/** The label of the newest later change of the same things, if it was one that is in the log. */
function changedBy({ db }: ProjectContext, entry: Entry, steps: readonly UndoStep[]): string | undefined {
  const places = new Set(steps.flatMap(placesOf))
  return db
    .all<Entry>('SELECT id, label, inverse FROM undo_log WHERE id > ? ORDER BY id DESC', entry.id)
    .find(({ inverse }) => (parseSteps(inverse) ?? []).flatMap(placesOf).some((place) => places.has(place)))?.label
}

function placesOf(step: UndoStep): readonly string[] {
  const columns = columnsOf(step)
  return keysOf(step).flatMap((key) => columns.map((column) => JSON.stringify([step.table, key, column])))
}
