import type { UndoableChange } from '#shared/contract/common.ts'
import type { runs as contract } from '#shared/contract/runs.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { changedSince } from './changed.ts'
import type { CodeComparer } from './code/compare-code.ts'
import { runDetail } from './detail.ts'
import type { Edits } from './edits.ts'
import { eraseRuns, wouldFree } from './erase.ts'
import { listExperiments, runsPerExperiment } from './experiment-queries.ts'
import type { Mover } from './move.ts'
import { diffOf } from './queries.ts'
import { runFacts } from './run-facts.ts'
import type { RunIndex } from './run-index/run-index.ts'
import { existingRun } from './run-writes.ts'
import { selectedRuns } from './selection.ts'

export type RunsHandlerParts = {
  readonly projects: Pick<Projects, 'require'>
  readonly indexOf: (project: ProjectContext) => RunIndex
  readonly edits: Edits
  readonly mover: Mover
  readonly code: CodeComparer
  /** Resolves once what a kill had cut short is cleared up. */
  readonly ready: (project: ProjectContext) => Promise<void>
}

/** The `runs` feature of the contract. */
export function createRunsHandlers(parts: RunsHandlerParts): FeatureHandlers<typeof contract> {
  const { projects, indexOf, edits, mover, code, ready } = parts
  const open = projects.require
  const done = async (change: Promise<number | null>): Promise<UndoableChange> => ({ change: await change })
  return {
    table: (request) => indexOf(open(request.project)).table(request),
    ids: (request) => indexOf(open(request.project)).ids(request),
    columns: ({ project, lifecycle }) => indexOf(open(project)).describe(lifecycle),
    scatter: ({ project, filter, x, y }) => indexOf(open(project)).scatter(filter, x, y),
    named: ({ project, numbers }) => indexOf(open(project)).named(numbers),
    get: ({ project: id, run }) => {
      const project = open(id)
      return runDetail(project, existingRun(project, run))
    },
    facts: ({ project: id, runs }) => {
      const project = open(id)
      return runs.map((run) => runFacts(project, indexOf(project), existingRun(project, run)))
    },
    changed: ({ project: id, run }, { signal }) => {
      const project = open(id)
      return changedSince(project, existingRun(project, run), async (from, to) => {
        const found = await code.compare(project, from, to, signal)
        if (found === null) return null
        const { added, removed, files, why } = found
        return { added, removed, files, why }
      })
    },
    uncommitted: ({ project: id, run }) => {
      const project = open(id)
      return { diff: diffOf(project.db, existingRun(project, run).number) }
    },
    codeDifference: async ({ project: id, from, to }, { signal }) => {
      const project = open(id)
      const found = await code.compare(project, existingRun(project, from), existingRun(project, to), signal)
      return (
        found ?? { diff: null, added: 0, removed: 0, files: 0, why: 'Nothing is recorded of the code of these runs.' }
      )
    },
    find: ({ project, text, limit, trashed }) => indexOf(open(project)).find(text, limit, trashed),
    experiments: ({ project: id }) => {
      const { db } = open(id)
      const counts = runsPerExperiment(db)
      return listExperiments(db).map(({ id: experiment, name, createdAt, lifecycle }) => ({
        id: experiment,
        name,
        createdAt,
        lifecycle,
        runs: counts.get(experiment) ?? 0,
      }))
    },

    rename: ({ project, run, name }) => done(edits.rename(open(project), run, name)),
    setNote: ({ project, run, note }) => done(edits.setNote(open(project), run, note)),
    setTag: ({ project, runs, key, value }) => done(edits.setTag(open(project), runs, key, value)),
    removeTag: ({ project, runs, key }) => done(edits.removeTag(open(project), runs, key)),
    setExperiment: ({ project, runs, name }) => done(edits.setExperiment(open(project), runs, name)),
    renameExperiment: ({ project, experiment, name }) => done(edits.renameExperiment(open(project), experiment, name)),
    archive: ({ project, runs }) => done(edits.archive(open(project), runs)),
    unarchive: ({ project, runs }) => done(edits.unarchive(open(project), runs)),
    remove: ({ project, runs }) => done(edits.remove(open(project), runs)),
    restore: ({ project, runs }) => done(edits.restore(open(project), runs)),

    moveToProject: async ({ project, runs, target }) => {
      const [from, to] = [open(project), open(target)]
      await Promise.all([ready(from), ready(to)])
      return { moved: await mover.move(from, to, runs) }
    },
    deletionPreview: ({ project: id, runs }) => {
      const project = open(id)
      return wouldFree(project, selectedRuns(project, runs))
    },
    deleteForever: async ({ project: id, runs: ids }) => {
      const project = open(id)
      await ready(project)
      const runs = selectedRuns(project, ids)
      const kept = runs.find(({ lifecycle }) => lifecycle !== 'deleted')
      if (kept !== undefined) {
        throw appError('conflict', `${kept.name} is not in the trash.`, { hint: 'Delete it first.' })
      }
      const { bytes } = await wouldFree(project, runs)
      await eraseRuns(project, runs)
      return { runs: runs.length, bytes }
    },
  }
}
