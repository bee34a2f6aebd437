import { join } from 'node:path'
import { LaunchSpec } from '#shared/contract/launch.ts'
import { AppError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { processFacts } from '#electron/platform/process/process-facts.ts'
import { commandParts } from './command.ts'
import { type Capture, pythonOf } from './capture/capture.ts'
import type { StartedCommand } from './capture/context.ts'
import { followRun, type RunFollower } from './capture/follow-run.ts'
import { captureWritten } from './capture/written.ts'
import type { LaunchDeps } from './deps.ts'
import { type LiveLaunch, watchLaunch } from './live-launch.ts'
import { type Pointers } from './pointers.ts'
import { changeLaunch, findLaunch, type LaunchRecord, liveLaunches } from './queries.ts'
import { turns } from './queue.ts'
import { refuseProblems, type ResolvedLaunch, resolveLaunch } from './resolve.ts'
import { startShim } from './start-shim.ts'

/** The launches that have not ended, from their start or from an earlier backend's. */
export type Lifecycle = {
  /** Starts the command of a launch that was made, and watches it. */
  readonly begin: (project: ProjectContext, record: LaunchRecord, resolved: ResolvedLaunch) => Promise<void>
  /** Watches a launch whose command another process starts: a terminal. */
  readonly watch: (project: ProjectContext, record: LaunchRecord, started: StartedCommand | null) => LiveLaunch
  /** Remembers what a queued launch was asked with, secrets and all. */
  readonly keepSpec: (launch: string, spec: LaunchSpec) => void
  readonly live: (launch: string) => LiveLaunch | undefined
  readonly all: () => readonly LiveLaunch[]
  /** Takes up what an earlier backend left of a project. Does nothing the second time. */
  readonly adopt: (project: ProjectContext) => void
  readonly letGo: (project: ProjectContext) => void
  /** All that has not ended, of all open projects. */
  readonly launches: () => readonly (LaunchRecord & { readonly project: ProjectContext })[]
  /** Begins what the queue has room for. */
  readonly pumpQueue: () => Promise<void>
  readonly close: () => void
}

/** How long the end of a launch waits for what is still found out about its beginning, milliseconds. */
const CAPTURE_PATIENCE = 90_000

export function createLifecycle(
  deps: LaunchDeps,
  capture: Capture,
  pointers: Pointers,
  readSpool: () => Promise<void>,
): Lifecycle {
  const { log, clock } = deps.surroundings
  const live = new Map<string, LiveLaunch>()
  const adopted = new Set<ProjectContext>()
  const specs = new Map<string, LaunchSpec>()
  let pumping: Promise<void> | undefined
  let pumpAgain = false

  const watch: Lifecycle['watch'] = (project, record, started) => {
    const run = deps.runs.getRun(project, record.run)
    const folder = run.folder ?? project.folder
    const captured = capture.runOf(project, run, folder)
    let beginning: Promise<void> = started === null ? Promise.resolve() : capture.started(captured, started)
    let knownPython = started?.python ?? null
    const follower: RunFollower = followRun(captured, {
      hookFolder: join(record.workFolder, 'capture'),
      script: commandParts(record.spec.command).script,
      startedAt: record.startedAt ?? record.queuedAt,
      onPython(python) {
        if (python === knownPython) return
        knownPython = python
        const environment = started?.environment
        if (environment !== undefined) beginning = beginning.then(() => capture.python(captured, python, environment))
      },
    })
    const launch = watchLaunch(deps, project, record, {
      onRunning(self) {
        if (started === null) beginning = recapture(captured, self)
      },
      onEnding: readSpool,
      onLook() {
        follower.look(clock.now()).catch((error: unknown) => log.warn('a look at a run failed', { run: run.id, error }))
      },
      async onEnd(_, ending) {
        await follower.finish()
        await captureWritten(captured, record.startedAt ?? record.queuedAt, ending.endedAt)
        await Promise.race([beginning, new Promise((resolve) => setTimeout(resolve, CAPTURE_PATIENCE).unref())])
      },
      onGone(self) {
        const { id } = self.record()
        live.delete(id)
        pointers.end(id)
        void lifecycle.pumpQueue()
      },
    })
    live.set(record.id, launch)
    return launch
  }

  /** An earlier backend was killed before it had found out all: what the process itself tells serves as well. */
  const recapture = async (captured: ReturnType<Capture['runOf']>, self: LiveLaunch): Promise<void> => {
    const { pid } = self.record()
    if (pid === null || deps.runs.getFact(captured.project, captured.run.id, 'host') !== null) return
    const { command, environment } = await processFacts(pid)
    if (command === null || environment === null) return
    await capture.started(captured, { command, environment, python: pythonOf(command, captured.folder, environment) })
  }

  const update = async (
    project: ProjectContext,
    id: string,
    change: Parameters<typeof changeLaunch>[2],
  ): Promise<LaunchRecord> => {
    await project.commits.enqueue(() => changeLaunch(project.db, id, change))
    project.changed({ project: project.id, entity: 'launch', ids: [id] })
    return findLaunch(project, id) ?? Promise.reject(new Error(`The launch ${id} is gone.`))
  }

  /** A launch that could not begin has ended, with the reason where a person looks. */
  const failToBegin = async (project: ProjectContext, record: LaunchRecord, error: unknown): Promise<void> => {
    const ending = error instanceof AppError ? error.message : 'It could not be started.'
    log.warn('a launch could not begin', { launch: record.id, error })
    await deps.runs.updateRun(project, record.run, { status: 'failed', ending })
    await update(project, record.id, { state: 'ended', endedAt: clock.now() })
    pointers.end(record.id)
  }

  const begin: Lifecycle['begin'] = async (project, record, resolved) => {
    try {
      const shim = await startShim({
        node: deps.node,
        entry: deps.shimEntry,
        workFolder: record.workFolder,
        spec: {
          launch: record.id,
          command: resolved.command,
          folder: resolved.folder,
          environment: { ...resolved.environment, PWD: resolved.folder },
          sample: deps.settings().capture.systemMetrics,
          backend: {
            dataFolder: deps.surroundings.dataFolder,
            node: deps.node,
            entry: deps.backendEntry,
            port: Number(new URL(deps.url()).port),
          },
        },
      })
      const started = await update(project, record.id, {
        shimPid: shim.pid,
        shimStarted: shim.started,
        startedAt: record.startedAt ?? clock.now(),
      })
      const { command, folder, environment } = resolved
      watch(project, started, { command, environment, python: pythonOf(command, folder, environment) })
    } catch (error) {
      await failToBegin(project, record, error)
      throw error
    }
  }

  const beginQueued = async (project: ProjectContext, record: LaunchRecord, device: string | null): Promise<void> => {
    const now = clock.now()
    const spec = specs.get(record.id) ?? record.spec
    specs.delete(record.id)
    const starting = await update(project, record.id, { state: 'starting', startedAt: now, device })
    try {
      const resolved = await resolveLaunch(deps, project, spec, {
        launch: record.id,
        workFolder: record.workFolder,
        device,
      })
      refuseProblems(resolved)
      await deps.runs.updateRun(project, record.run, { status: 'running', startedAt: now })
      pointers.put(record.id, { project: project.id })
      await begin(project, starting, resolved)
    } catch (error) {
      if (findLaunch(project, record.id)?.state !== 'ended') await failToBegin(project, record, error)
    }
  }

  const pump = async (): Promise<void> => {
    do {
      pumpAgain = false
      const launches = lifecycle.launches()
      for (const { id, device } of turns(launches, deps.settings())) {
        const record = launches.find((launch) => launch.id === id)
        if (record !== undefined) await beginQueued(record.project, record, device)
        pumpAgain = true
      }
    } while (pumpAgain)
  }

  const lifecycle: Lifecycle = {
    begin,
    watch,
    keepSpec: (launch, spec) => void specs.set(launch, spec),
    live: (launch) => live.get(launch),
    all: () => [...live.values()],
    adopt(project) {
      if (adopted.has(project)) return
      adopted.add(project)
      for (const record of liveLaunches(project)) {
        if (live.has(record.id)) continue
        if (record.state === 'queued') {
          const kept = LaunchSpec.safeParse(pointers.find(record.id)?.spec)
          if (kept.success) specs.set(record.id, kept.data)
        } else watch(project, record, null)
      }
      void lifecycle.pumpQueue()
    },
    letGo(project) {
      adopted.delete(project)
      for (const [id, launch] of live) {
        if (launch.project !== project) continue
        launch.dispose()
        live.delete(id)
      }
    },
    launches: () =>
      deps.projects.open().flatMap((project) => liveLaunches(project).map((record) => ({ ...record, project }))),
    pumpQueue() {
      pumpAgain = true
      pumping ??= pump()
        .catch((error: unknown) => log.error('the queue stopped', { error }))
        .finally(() => (pumping = undefined))
      return pumping
    },
    close() {
      for (const launch of live.values()) launch.dispose()
      live.clear()
    },
  }
  return lifecycle
}
