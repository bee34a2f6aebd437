import { join } from 'node:path'
import type { BenchtopContract } from '#shared/contract/index.ts'
import type { Handlers } from '#shared/rpc/procedure.ts'
import { backUpIfDue } from '#electron/db/backup.ts'
import { createArtifactHandlers } from '#electron/features/artifacts/index.ts'
import { createExports } from '#electron/features/exports/index.ts'
import { createImports } from '#electron/features/imports/index.ts'
import { createLaunch } from '#electron/features/launch/index.ts'
import { createMetricHandlers } from '#electron/features/metrics/index.ts'
import { createModelHandlers, createModelsService, createRegistry } from '#electron/features/models/index.ts'
import {
  backupFolder,
  createOpenProjects,
  createProjectHandlers,
  type Surroundings,
} from '#electron/features/projects/index.ts'
import { createRuns } from '#electron/features/runs/index.ts'
import { createSettings } from '#electron/features/settings/index.ts'
import { createSystem } from '#electron/features/system/index.ts'
import { addressOf } from '#electron/http/listener.ts'
import type { ClientServices } from '#electron/http/mlflow/index.ts'
import { loginEnvironment } from '#electron/platform/process/login-environment.ts'
import type { ChangeFeed } from './change-feed.ts'
import { createClientTrust } from './client-trust.ts'

export type FeatureOptions = {
  readonly surroundings: Surroundings
  readonly feed: ChangeFeed
  /** The user's own, and the one that only lets log. */
  readonly token: string
  readonly trackingToken: string
  readonly build: string
  readonly version: string
  readonly startedAt: number
  readonly host: string
  /** Known once the listener is open. */
  readonly port: () => number
  readonly resources: string
  readonly shimEntry: string
  readonly backendEntry: string
  readonly command: string
  readonly stop: () => void
  readonly ticket: () => string
}

export type Features = {
  readonly handlers: Handlers<BenchtopContract>
  readonly clientServices: ClientServices
  readonly pokeSpool: () => Promise<void>
  /** Runs and transfers under way. */
  readonly live: () => number
  /** Takes up what was live before: called once the listener is open. */
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

const BACKUP_EVERY = 10 * 60_000
const HOUR = 3_600_000
const TRASH_EVERY = 6 * HOUR

/** Makes every feature's service and handlers, and joins them. Nothing runs before `start`. */
export function composeFeatures(options: FeatureOptions): Features {
  const { surroundings } = options
  const { dataFolder, clock, log } = surroundings
  const url = (): string => addressOf(options.host, options.port())
  const projects = createOpenProjects(surroundings)
  const settings = createSettings(surroundings)
  const runs = createRuns({ projects })
  const models = createModelsService(runs.makeName)
  const launch = createLaunch({
    surroundings,
    projects,
    runs: runs.service,
    settings: settings.get,
    url,
    token: options.trackingToken,
    resources: options.resources,
    node: process.execPath,
    shimEntry: options.shimEntry,
    backendEntry: options.backendEntry,
    loginEnvironment: () => loginEnvironment(),
  })
  const imports = createImports({
    projects,
    dataFolder,
    ownUrl: url,
    // Of a list that was damaged nobody can tell whom it does not name any more.
    isKnown: (id) => projects.registry.find(id) !== undefined || projects.registry.damaged().length > 0,
    known: () => projects.registry.list().map(({ id }) => id),
  })
  const registry = createRegistry()
  const exports = createExports({ projects, runs: runs.service, models, registry })
  const live = (): number => launch.live() + imports.live() + exports.live()
  const timers: NodeJS.Timeout[] = []
  const repeat = (every: number, work: () => void): void => {
    const timer = setInterval(work, every)
    timer.unref()
    timers.push(timer)
  }
  const backUpAll = async (): Promise<void> => {
    for (const project of projects.open()) {
      await backUpIfDue(project.db, backupFolder(dataFolder, project.folder), HOUR).catch((error: unknown) =>
        log.warn('a backup failed', { project: project.id, error }),
      )
    }
  }
  return {
    handlers: {
      system: createSystem({
        info: () => ({
          version: options.version,
          build: options.build,
          port: options.port(),
          url: url(),
          startedAt: options.startedAt,
          dataFolder,
          logFile: join(dataFolder, 'logs', 'backend.log'),
        }),
        live,
        watch: options.feed.watch,
        stop: options.stop,
        ticket: options.ticket,
        command: options.command,
      }),
      settings: settings.handlers,
      projects: createProjectHandlers({
        projects,
        dataFolder,
        baseUrl: url,
        sampleFolder: join(options.resources, 'sample'),
      }),
      runs: runs.handlers,
      metrics: createMetricHandlers({ projects }),
      artifacts: createArtifactHandlers({ projects }),
      models: createModelHandlers({ projects }),
      launch: launch.handlers,
      imports: imports.handlers,
      exports: exports.handlers,
    },
    clientServices: {
      projects,
      runs: runs.service,
      models,
      registry,
      launches: launch.claims,
      noticed: launch.noticed,
      mayLog: createClientTrust([options.token, options.trackingToken]),
      now: clock.now,
      log,
    },
    pokeSpool: launch.pokeSpool,
    live,
    start: async () => {
      // Before others open theirs: the window most likely shows the one that was opened last.
      const [shown] = projects.registry.list()
      await launch.start()
      imports.start()
      if (shown !== undefined) {
        runs
          .getReady(shown.id)
          .catch((error: unknown) =>
            log.info('the project that was opened last is not there', { project: shown.id, error }),
          )
      }
      repeat(BACKUP_EVERY, () => void backUpAll())
      repeat(
        TRASH_EVERY,
        () => void runs.emptyTrash().catch((error: unknown) => log.warn('the trash could not be emptied', { error })),
      )
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      await imports.close()
      await exports.close()
      await launch.close()
      await backUpAll()
      await projects.closeAll()
    },
  }
}
