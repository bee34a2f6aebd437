import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { LaunchSpec } from '#shared/contract/launch.ts'
import { maskText } from '#shared/domain/secrets/mask-text.ts'
import { maskArguments, maskNamedValue } from '#shared/domain/secrets/mask-values.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { RunRecord } from '#electron/features/runs/index.ts'
import { capturedArguments } from './capture/arguments.ts'
import { captureIn } from './capture/captured-params.ts'
import type { LaunchDeps } from './deps.ts'
import { findLaunch, insertLaunch, type LaunchRecord } from './queries.ts'
import type { ResolvedLaunch } from './resolve.ts'

/** A spec as it may be written down. */
export function maskedSpec(spec: LaunchSpec): LaunchSpec {
  return {
    ...spec,
    command: [...maskArguments(spec.command)],
    environment: Object.fromEntries(
      Object.entries(spec.environment).map(([name, value]) => [name, maskNamedValue(name, value)]),
    ),
  }
}

/** True when writing it down would lose something. */
export function holdsSecrets(spec: LaunchSpec): boolean {
  return JSON.stringify(maskedSpec(spec)) !== JSON.stringify(spec)
}

/** The folder of a launch's working files. */
export function workFolderOf(project: ProjectContext, launch: string): string {
  return join(project.place, 'launches', launch)
}

export type Making = {
  readonly launch: string
  readonly spec: LaunchSpec
  readonly resolved: ResolvedLaunch
  readonly terminal: boolean
  /** The place in the queue; -1 to begin at once. */
  readonly position: number
}

/** Makes the run of a launch, and the launch, in one write: with its captured arguments, secrets masked. */
export async function makeRun(
  deps: LaunchDeps,
  project: ProjectContext,
  { launch, spec, resolved, terminal, position }: Making,
): Promise<{ readonly run: RunRecord; readonly record: LaunchRecord }> {
  const waits = position >= 0
  const now = deps.surroundings.clock.now()
  const { loggedElsewhere } = resolved
  return deps.runs.write(project, (writes) => {
    const experiment =
      spec.experiment === undefined || spec.experiment === '' ? undefined : writes.ensureExperiment(spec.experiment).id
    const run = writes.createRun({
      source: terminal ? 'terminal' : 'launch',
      status: waits ? 'queued' : 'running',
      startedAt: waits ? null : now,
      script: resolved.script,
      folder: resolved.folder,
      command: maskArguments(resolved.command),
      user: userName(),
      loggedElsewhere: loggedElsewhere === null ? null : maskText(loggedElsewhere),
      ...(experiment === undefined ? {} : { experiment }),
      ...(spec.name === undefined || spec.name === '' ? {} : { name: spec.name }),
    })
    if (deps.settings().capture.arguments)
      captureIn(writes, { project, run }, capturedArguments(spec.command), 'arguments')
    insertLaunch(project, {
      id: launch,
      run: run.id,
      attempt: 1,
      spec: maskedSpec(spec),
      state: waits ? 'queued' : 'starting',
      terminal,
      workFolder: workFolderOf(project, launch),
      queuedAt: now,
      position,
      logState: null,
    })
    return { run, record: inserted(project, launch) }
  })
}

/** Makes the next attempt of a run: the same run, open again. `logState` lets what counts its lines go on. */
export async function makeAttempt(
  deps: LaunchDeps,
  project: ProjectContext,
  last: LaunchRecord,
  { launch, spec, logState }: { readonly launch: string; readonly spec: LaunchSpec; readonly logState: string | null },
): Promise<LaunchRecord> {
  return deps.runs.write(project, (writes) => {
    writes.updateRun(last.run, { status: 'running', endedAt: null, exitCode: null, exitSignal: null, ending: null })
    insertLaunch(project, {
      id: launch,
      run: last.run,
      attempt: last.attempt + 1,
      spec: maskedSpec(spec),
      state: 'starting',
      terminal: false,
      workFolder: workFolderOf(project, launch),
      queuedAt: deps.surroundings.clock.now(),
      position: -1,
      logState,
    })
    return inserted(project, launch)
  })
}

function inserted(project: ProjectContext, launch: string): LaunchRecord {
  const record = findLaunch(project, launch)
  if (record === undefined) throw new Error(`The launch ${launch} was not written.`)
  return record
}

function userName(): string | null {
  try {
    return userInfo().username
  } catch {
    return null
  }
}
