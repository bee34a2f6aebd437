import { join } from 'node:path'
import type { launch as procedures } from '#shared/contract/launch.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { NewRun, RunChange, RunRecord } from '#electron/features/runs/index.ts'
import { createCapture } from './capture/capture.ts'
import { type ClientConnection, createClientRuns } from './client-runs.ts'
import { createClientWatch } from './clients.ts'
import type { LaunchDeps } from './deps.ts'
import { createHandlers } from './handlers.ts'
import { createLaunching } from './launching.ts'
import { createLifecycle } from './lifecycle.ts'
import { createLogs } from './logs.ts'
import { openPointers } from './pointers.ts'
import { createQueueView } from './queue-view.ts'
import { writerIdentity } from './spool/process.ts'
import { createSpoolReader, type SpoolReader } from './spool/spool-reader.ts'

/** An HTTP request, as far as launching needs it. */
export type Asking = { readonly socket: ClientConnection }

/** Launching and listening: see `LaunchDeps` for what it stands on. */
export type LaunchService = {
  readonly handlers: FeatureHandlers<typeof procedures>
  /** For the tracking API. */
  readonly claims: {
    /** The project of `/l/<launch>`; undefined for an unknown launch. */
    readonly projectOf: (launch: string) => ProjectContext | undefined
    /** `runs/create` behind `/l/<launch>`. */
    readonly claim: (launch: string, asked: NewRun) => Promise<RunRecord>
    /** `runs/update`: of a launched run the process decides status and end. */
    readonly update: (project: ProjectContext, run: string, change: RunChange) => Promise<RunRecord>
  }
  /** After `runs/create` by a client that nobody launched: `request` is the HTTP request, of which only the connection matters. */
  readonly noticed: (request: Asking, project: ProjectContext, run: RunRecord) => void
  /** Reads what benchtop.py has spooled. */
  readonly pokeSpool: () => Promise<void>
  /** Launches, spooled runs and watched clients that have not ended, and the queue: the backend stays for them. */
  readonly live: () => number
  /** Takes up what an earlier backend left, reads the spool, begins what waits in the queue: called once the listener answers. */
  readonly start: () => Promise<void>
  /** Lets go of everything; launched processes go on, and the next backend takes them up. */
  readonly close: () => Promise<void>
}

/** Projects that were opened meanwhile are looked for this often, milliseconds. */
const ADOPT_EVERY = 500
/** How long after the start the login shell is asked, milliseconds. */
const WARM_AFTER = 2_000
/** Addresses of launches that ended are remembered this long, milliseconds: a late client may still write. */
const REMEMBER = 30 * 86_400_000

/** Makes the launching service; nothing is done before `start`. */
export function createLaunch(given: LaunchDeps): LaunchService {
  const deps = { ...given, loginEnvironment: remembered(given.loginEnvironment) }
  const { dataFolder, log } = deps.surroundings
  const pointers = openPointers(join(dataFolder, 'launches'))
  const capture = createCapture(deps)
  const lifecycle = createLifecycle(deps, capture, pointers, () => spool.poke())
  const clients = createClientWatch(deps)
  const clientRuns = createClientRuns(deps, { lifecycle, capture, clients, pointers })
  const logs = createLogs()
  const launching = createLaunching(deps, lifecycle, pointers)
  const queue = createQueueView(deps, lifecycle)
  let timer: NodeJS.Timeout | undefined
  let warming: NodeJS.Timeout | undefined

  const quietly = (event: string, work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => log.warn(event, { error }))

  const spool: SpoolReader = createSpoolReader(deps, {
    projectOfLaunch: clientRuns.projectOf,
    endsWithProcess: clientRuns.endsWithProcess,
    onNewRun(project, run, init) {
      const identity = writerIdentity(init.process)
      if (identity !== undefined)
        void quietly('a script could not be looked at', clientRuns.known(identity, project, run))
    },
  })

  const adoptAll = (): void => {
    for (const project of deps.projects.open()) if (!project.readOnly) lifecycle.adopt(project)
  }

  /** Projects that have something live are opened for it; where that fails (a folder is gone) the others go on. */
  const openLive = (): void => {
    for (const id of pointers.live()) {
      try {
        clientRuns.projectOf(id)
      } catch (error) {
        log.warn('a launched run could not be taken up', { launch: id, error })
      }
    }
  }

  deps.projects.onClose((project) => {
    lifecycle.letGo(project)
    logs.forget(project)
  })
  return {
    handlers: createHandlers({ deps, launching, queue, logs, lifecycle }),
    claims: clientRuns,
    noticed({ socket }, project, run) {
      void quietly('a client could not be looked at', clientRuns.noticed(socket, project, run))
    },
    pokeSpool: spool.poke,
    live: () => lifecycle.launches().length + spool.live() + clients.live(),
    async start() {
      // Asked for soon, so that the first launch need not wait for a slow profile, and not now, when a window waits for its first page.
      warming = setTimeout(() => void deps.loginEnvironment(), WARM_AFTER)
      warming.unref()
      openLive()
      adoptAll()
      timer = setInterval(adoptAll, ADOPT_EVERY)
      timer.unref()
      clients.start()
      await spool.start()
      pointers.sweep(REMEMBER)
    },
    async close() {
      clearInterval(timer)
      clearTimeout(warming)
      spool.close()
      clients.close()
      lifecycle.close()
      await capture.close()
    },
  }
}

/** A shell's profile takes up to seconds to run: its answer is used for a while, and asked for anew beside its use. */
const FRESH = 10 * 60_000

function remembered<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let known: Promise<Value> | undefined
  let askedAt = 0
  return () => {
    const isOld = Date.now() - askedAt > FRESH
    if (known === undefined || isOld) {
      askedAt = Date.now()
      const asked = ask()
      const before = known
      known = before === undefined ? asked : asked.catch(() => before)
      if (before !== undefined) return before
    }
    return known
  }
}
