import type { z } from 'zod'
import type { LaunchSpec, Prepared } from '#shared/contract/launch.ts'
import { maskText } from '#shared/domain/secrets/mask-text.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { codeState } from '#electron/platform/git/code-state.ts'
import { identify } from '#electron/platform/process/identity.ts'
import type { Environment } from '#electron/platform/process/login-environment.ts'
import { processFacts } from '#electron/platform/process/process-facts.ts'
import { pythonOf } from './capture/capture.ts'
import { environmentDifference } from './child-environment.ts'
import type { LaunchDeps } from './deps.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { LiveLaunch } from './live-launch.ts'
import { readReaderState, writeReaderState } from './log/reader-state.ts'
import { holdsSecrets, makeAttempt, makeRun, workFolderOf } from './make-run.ts'
import type { Pointers } from './pointers.ts'
import { changeLaunch, type LaunchRecord, launchesOfRun } from './queries.ts'
import { lastPlace } from './queue.ts'
import { refuseProblems, resolveLaunch } from './resolve.ts'
import type { StopState } from './stop.ts'

/** A person's verbs on launches. */
export type Launching = {
  readonly start: (
    project: ProjectContext,
    spec: LaunchSpec,
    queue: boolean,
    base?: Environment,
  ) => Promise<{ readonly run: string }>
  readonly prepare: (project: ProjectContext, spec: LaunchSpec, pid: number) => Promise<z.infer<typeof Prepared>>
  readonly resume: (project: ProjectContext, run: string) => Promise<{ readonly run: string }>
  readonly stop: (project: ProjectContext, run: string) => Promise<StopState>
  readonly stopState: (project: ProjectContext, run: string) => StopState | null
}

export function createLaunching(deps: LaunchDeps, lifecycle: Lifecycle, pointers: Pointers): Launching {
  const { ids, clock, log } = deps.surroundings

  const latest = (project: ProjectContext, run: string): LaunchRecord => {
    deps.runs.getRun(project, run)
    const record = launchesOfRun(project, run).at(-1)
    if (record === undefined)
      throw appError('unsupported', 'This run was not launched by Benchtop.', { hint: 'Stop it where it was started.' })
    return record
  }

  const liveOf = (project: ProjectContext, run: string): LiveLaunch | undefined => {
    const record = launchesOfRun(project, run).at(-1)
    return record === undefined ? undefined : lifecycle.live(record.id)
  }

  return {
    async start(project, spec, queue, base) {
      const launch = ids.short()
      const from = base === undefined ? {} : { base }
      const options = { launch, workFolder: workFolderOf(project, launch), device: null, ...from }
      const resolved = await resolveLaunch(deps, project, spec, options)
      refuseProblems(resolved)
      const position = queue ? lastPlace(lifecycle.launches()) : -1
      pointers.put(launch, { project: project.id, ...(queue && holdsSecrets(spec) ? { spec } : {}) })
      const { run, record } = await makeRun(deps, project, { launch, spec, resolved, terminal: false, position })
      if (queue) {
        lifecycle.keepSpec(launch, spec)
        noteCode(project, record, resolved.script)
        void lifecycle.pumpQueue()
      } else await lifecycle.begin(project, record, resolved)
      return { run: run.id }
    },

    async prepare(project, spec, pid) {
      const launch = ids.short()
      const workFolder = workFolderOf(project, launch)
      const terminal = (await processFacts(pid)).environment
      const base = terminal ?? (await deps.loginEnvironment()).environment
      const resolved = await resolveLaunch(deps, project, spec, {
        launch,
        workFolder,
        device: null,
        base,
        terminal: true,
      })
      pointers.put(launch, { project: project.id })
      const { run, record } = await makeRun(deps, project, { launch, spec, resolved, terminal: true, position: -1 })
      const change = {
        startedAt: clock.now(),
        shimPid: pid,
        // Gone already: then its launch is closed at the first look.
        shimStarted: identify(pid)?.started ?? 'gone',
      }
      await project.commits.enqueue(() => changeLaunch(project.db, launch, change))
      const { command, folder, environment } = resolved
      const python = pythonOf(command, folder, environment)
      lifecycle.watch(project, { ...record, ...change }, { command, environment, python })
      const added = environmentDifference(base, environment).map(({ name, value }) => [name, value] as const)
      return {
        launch,
        run: run.id,
        name: run.name,
        url: `${deps.url()}/#/p/${project.id}/runs/${run.id}`,
        command,
        folder,
        environment: Object.fromEntries(added),
        workFolder,
        keptTracking: resolved.loggedElsewhere === null ? null : maskText(resolved.loggedElsewhere),
      }
    },

    async resume(project, run) {
      const last = latest(project, run)
      if (last.state !== 'ended')
        throw appError('busy', 'This run has not ended yet.', { hint: 'Stop it first, or wait for its end.' })
      const launch = ids.short()
      const workFolder = workFolderOf(project, launch)
      const resolved = await resolveLaunch(deps, project, last.spec, { launch, workFolder, device: last.device })
      refuseProblems(resolved)
      pointers.put(launch, { project: project.id })
      const { parser } = readReaderState(last.logState)
      const fresh = readReaderState(null)
      const logState = writeReaderState({ ...fresh, parser, samples: { ...fresh.samples, count: samplesOf(last) } })
      const record = await makeAttempt(deps, project, last, { launch, spec: last.spec, logState })
      await lifecycle.begin(project, record, resolved)
      return { run }
    },

    async stop(project, run) {
      const record = latest(project, run)
      if (record.state === 'queued') return leaveQueue(project, record)
      const live = lifecycle.live(record.id)
      if (live === undefined) throw appError('conflict', 'This run has ended already.')
      return live.press()
    },

    stopState: (project, run) => liveOf(project, run)?.stopState() ?? null,
  }

  /** What the code is like at queueing, to be told when it changes; the queue does not wait for it. */
  function noteCode(project: ProjectContext, record: LaunchRecord, script: string): void {
    codeState(project.folder, script)
      .then((state) => project.commits.enqueue(() => changeLaunch(project.db, record.id, { codeState: state })))
      .catch((error: unknown) => log.warn('the state of the code could not be noted', { launch: record.id, error }))
  }

  async function leaveQueue(project: ProjectContext, record: LaunchRecord): Promise<StopState> {
    const endedAt = clock.now()
    await deps.runs.write(project, (writes) => {
      changeLaunch(project.db, record.id, { state: 'ended', endedAt })
      writes.updateRun(record.run, { status: 'killed', endedAt, ending: 'Taken from the queue before it began.' })
    })
    project.changed({ project: project.id, entity: 'launch', ids: [record.id] })
    pointers.end(record.id)
    return { signal: 'SIGINT', nextAt: null }
  }
}

/** The system's series go on counting where the attempt before stopped. */
function samplesOf(record: LaunchRecord): number {
  return readReaderState(record.logState).samples.count
}
