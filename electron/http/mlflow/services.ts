import type { IncomingMessage } from 'node:http'
import type { ModelsService, Registry } from '#electron/features/models/index.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import type { NewRun, RunChange, RunRecord, RunsService } from '#electron/features/runs/index.ts'
import type { Log } from '#electron/platform/log.ts'

/** What the MLflow API stands on. */
export type ClientServices = {
  readonly projects: Projects
  readonly runs: RunsService
  readonly models: ModelsService
  readonly registry: Registry
  readonly launches: {
    readonly projectOf: (launch: string) => ProjectContext | undefined
    /**
     * The run that a client of a launch asks for: the first one is the launched run itself, moved to the asked experiment and name; later
     * and concurrent ones are its children.
     */
    readonly claim: (launch: string, asked: NewRun) => Promise<RunRecord>
    /** A client's word on a run's status, end or name; of a launched run the process decides status and end. */
    readonly update: (project: ProjectContext, run: string, change: RunChange) => Promise<RunRecord>
  }
  /** A client that nobody launched has made a run: what is behind its socket is captured, and watched until it dies. */
  readonly noticed: (request: IncomingMessage, project: ProjectContext, run: RunRecord) => void
  /** Trust: loopback and the same user, or the token. */
  readonly mayLog: (request: IncomingMessage) => Promise<boolean>
  readonly now: () => number
  readonly log: Log
}
