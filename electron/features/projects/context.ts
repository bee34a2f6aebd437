import type { Change } from '#shared/contract/common.ts'
import type { CommitQueue } from '#electron/db/commit-queue.ts'
import type { WriteDb } from '#electron/db/connection.ts'
import type { Clock } from '#electron/platform/clock.ts'
import type { Ids } from '#electron/platform/ids.ts'
import type { Log } from '#electron/platform/log.ts'
import type { MetricStore } from '#electron/features/metrics/index.ts'

/** What every service is given: sources of time and chance, the log, and where to say that something changed. */
export type Surroundings = {
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** The user's own data folder. */
  readonly dataFolder: string
  readonly changed: (change: Omit<Change, 'revision'>) => void
}

/** An open project: its folder, its database and its metric store. */
export type ProjectContext = Surroundings & {
  readonly id: string
  readonly name: string
  readonly folder: string
  readonly inbox: boolean
  readonly readOnly: boolean
  /** Where the database, artifacts and objects lie: `<folder>/.benchtop`, or a place in the data folder. */
  readonly place: string
  /** Artifacts of a run lie in `<artifactsFolder>/<run id>/artifacts`, those of a model in `<artifactsFolder>/models/<model id>/artifacts`. */
  readonly artifactsFolder: string
  readonly db: WriteDb
  /** Every write goes through here: all of one tick is one transaction, acknowledged after its commit. */
  readonly commits: CommitQueue
  readonly metrics: MetricStore
}

/** The open projects. */
export type Projects = {
  /** Opens the project if it is known and closed; throws `not_found` for an unknown id. */
  readonly require: (id: string) => ProjectContext
  readonly open: () => readonly ProjectContext[]
  /** The project that takes runs when none is named: the Inbox. */
  readonly inbox: () => ProjectContext
  /** The project whose folder holds this path, opened if known; undefined when none does. */
  readonly ofPath: (path: string) => ProjectContext | undefined
  /** Calls back before a project closes, so that services drop what they hold of it. */
  readonly onClose: (listener: (project: ProjectContext) => void) => void
}
