import type { Change } from '#shared/contract/common.ts'
import { AppError, appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from './context.ts'
import { applyStep, entityOf, parseSteps, type UndoStep } from './undo-steps.ts'

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
    const entities = new Set<Change['entity']>(steps.map(entityOf))
    project.commits.afterCommit(() => {
      for (const entity of entities) project.changed({ project: project.id, entity, ids: [] })
    })
    return { label: entry.label, failure: null }
  })
  project.changed({ project: project.id, entity: 'undo', ids: [] })
  if (outcome !== null && outcome.failure !== null) throw outcome.failure
  return outcome?.label ?? null
}
