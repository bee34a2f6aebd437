import type { ImportNote } from '#shared/contract/imports.ts'
import { type ProjectContext, recordUndo, type UndoStep } from '#electron/features/projects/index.ts'
import { broughtRuns, putInTrash, type SourceRow } from './queries.ts'
import { neededRuns } from './needed-runs.ts'
import { takeBackModels } from './take-back-models.ts'

export type TakenBack = {
  /** Their ids. */
  readonly runs: readonly string[]
  readonly registeredModels: number
  readonly modelVersions: number
  /** What of the registry stays, and the runs that it is loaded from, and why. */
  readonly kept: readonly ImportNote[]
  readonly change: number | null
}

/**
 * Puts the runs that a source alone brought into the trash, and deletes what it registered and nobody touched since; keeps the way back from both as one change.
 * Runs that hold the files of a version that stays stay with it: the trash is emptied, and the version could not be loaded any more. Part of the caller's write.
 */
export function takeBack(project: ProjectContext, { id, location }: SourceRow): TakenBack {
  const { models, versions, kept, whys, steps } = takeBackModels(project, id)
  const brought = broughtRuns(project.db, id)
  const needed = neededRuns(project.db, brought, whys)
  const runs = brought.filter((run) => !needed.has(run.id))
  const back = ['active', 'archived'].flatMap((lifecycle): readonly UndoStep[] => {
    const keys = runs.flatMap((run) => (run.lifecycle === lifecycle ? [[run.number]] : []))
    return keys.length === 0 ? [] : [{ do: 'update', table: 'run', keys, set: { lifecycle, deleted_at: null } }]
  })
  const numbers = runs.map(({ number }) => number)
  if (numbers.length > 0) putInTrash(project.db, numbers, project.clock.now())
  const what = [counted(runs.length, 'run'), counted(models, 'registered model'), counted(versions, 'model version')]
  const words = what.filter((one) => !one.startsWith('0 ')).join(', ')
  return {
    runs: runs.map((run) => run.id),
    registeredModels: models,
    modelVersions: versions,
    kept: [...kept, ...needed.values()],
    change: recordUndo(project, `Taking back of ${words} from ${location}`, [...back, ...steps]),
  }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
