import type { runs as contract } from '#shared/contract/runs.ts'
import { makeRunName } from '#shared/domain/runs/run-name.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { createCodeComparer } from './code/compare-code.ts'
import { createEdits } from './edits.ts'
import { eraseRuns, sweepErased, TRASH_FOR } from './erase.ts'
import { createRunsHandlers } from './handlers.ts'
import { createMover } from './move.ts'
import { recordOf, type RunRow } from './records.ts'
import { openRunIndex, type RunIndex } from './run-index/run-index.ts'
import { createRunsService, type RunsService } from './service.ts'

export type RunsFeature = {
  /** How runs are written, by whoever hears of them. */
  readonly service: RunsService
  readonly handlers: FeatureHandlers<typeof contract>
  /** The project's run table in memory, loaded when first asked for. */
  readonly indexOf: (project: ProjectContext) => RunIndex
  /** Opens a project and makes its run table ready as it was last looked at. Throws what opening does. */
  readonly getReady: (project: string) => Promise<void>
  /** A name for what was given none: `calm-otter-417`. */
  readonly makeName: () => string
  /** Deletes what has been in the trash for 30 days, in all open projects; returns how many runs went. To be called every few hours. */
  readonly emptyTrash: () => Promise<number>
}

export type RunsOptions = {
  readonly projects: Pick<Projects, 'require' | 'open' | 'onClose'>
  /** Numbers from 0 to below 1, for made-up names. */
  readonly random?: () => number
}

type OpenState = { index?: RunIndex; swept?: Promise<void>; ready?: Promise<void> }

/** The runs feature: one for all projects. */
export function createRuns(options: RunsOptions): RunsFeature {
  const { projects } = options
  const random = options.random ?? Math.random
  const makeName = (): string => makeRunName(random)
  const service = createRunsService(makeName)
  const states = new Map<ProjectContext, OpenState>()

  const stateOf = (project: ProjectContext): OpenState => {
    const known = states.get(project)
    if (known !== undefined) return known
    const made: OpenState = {}
    states.set(project, made)
    return made
  }
  const swept = (project: ProjectContext): Promise<void> => (stateOf(project).swept ??= sweepErased(project))
  const mover = createMover(projects, swept)
  const ready = (project: ProjectContext): Promise<void> =>
    (stateOf(project).ready ??= swept(project)
      .then(() => mover.finish(project))
      .then(() => purge(project))
      .then(() => {})
      .catch((error: unknown) => project.log.error('clearing up failed', { project: project.id, error })))

  const indexOf = (project: ProjectContext): RunIndex => {
    const state = stateOf(project)
    void ready(project)
    return (state.index ??= openRunIndex(project))
  }

  projects.onClose((project) => {
    states.get(project)?.index?.close()
    states.delete(project)
  })

  return {
    service,
    indexOf,
    getReady: async (project) => await indexOf(projects.require(project)).getReady(),
    makeName,
    emptyTrash: async () => {
      let count = 0
      for (const project of projects.open()) {
        await ready(project)
        count += await purge(project)
      }
      return count
    },
    handlers: createRunsHandlers({
      projects,
      indexOf,
      mover,
      ready,
      edits: createEdits(service),
      code: createCodeComparer(),
    }),
  }
}

async function purge(project: ProjectContext): Promise<number> {
  if (project.readOnly) return 0
  const runs = project.db
    .all<RunRow>(
      `SELECT * FROM run WHERE lifecycle = 'deleted' AND deleted_at < ?`,
      Math.round(project.clock.now() - TRASH_FOR),
    )
    .map(recordOf)
  if (runs.length > 0) await eraseRuns(project, runs)
  return runs.length
}
