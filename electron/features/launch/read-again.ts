import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { RunRecord } from '#electron/features/runs/index.ts'
import { workFolder } from '#electron/shim/work-folder.ts'
import type { LaunchDeps } from './deps.ts'
import type { Lifecycle } from './lifecycle.ts'
import { logRuleOf } from './log-rule.ts'
import { NOTHING_READ, readReaderState, writeReaderState } from './log/reader-state.ts'
import { createPump } from './points-pump.ts'
import { changeLaunch, findLaunch, type LaunchRecord, launchesOfRun, launchesOfScript } from './queries.ts'

/** A corrected rule reaches this many launches back. */
const LAUNCHES = 50

/** Reads the logs of a script's runs again, in the background, after a person corrected how metrics are read from them. The newest first. */
export function readAgain(deps: LaunchDeps, lifecycle: Lifecycle, project: ProjectContext, script: string): void {
  const { log } = deps.surroundings
  const runs = new Set(launchesOfScript(project, script, LAUNCHES).map(({ run }) => run))
  void (async () => {
    for (const id of runs) {
      const run = deps.runs.findRun(project, id)
      if (run !== undefined) await readRun(deps, lifecycle, project, run)
    }
  })().catch((error: unknown) => log.warn('logs could not be read again', { script, error }))
}

async function readRun(deps: LaunchDeps, lifecycle: Lifecycle, project: ProjectContext, run: RunRecord): Promise<void> {
  const attempts = launchesOfRun(project, run.id)
  const live = attempts.map(({ id }) => lifecycle.live(id)).find((found) => found !== undefined)
  // What a later attempt counts goes on from the one before, so all are read in their order.
  const readEnded = async (): Promise<string> => {
    await forgetPoints(project, run, attempts)
    let state = writeReaderState(NOTHING_READ)
    for (const launch of attempts) {
      state = await continueIn(project, launch, state)
      if (launch.id !== live?.record().id) state = await readWhole(deps, project, run, launch, state)
    }
    return state
  }
  await (live === undefined ? readEnded() : live.readAgain(readEnded))
}

/** Takes back what was read from the logs of a run. */
async function forgetPoints(project: ProjectContext, run: RunRecord, attempts: readonly LaunchRecord[]): Promise<void> {
  await project.commits.enqueue(() => {
    for (const { id, origin } of project.metrics.list(run.number))
      if (origin === 'log') project.metrics.deleteSeries(id)
    for (const { id, logState } of attempts) {
      const { samples } = readReaderState(logState)
      changeLaunch(project.db, id, { logState: writeReaderState({ ...NOTHING_READ, samples }) })
    }
  })
  project.changed({ project: project.id, entity: 'metric', ids: [run.id] })
}

/** Stores where reading an attempt's log begins: at its beginning, knowing what the one before it had said. */
async function continueIn(project: ProjectContext, launch: LaunchRecord, before: string): Promise<string> {
  const { parser } = readReaderState(before)
  const { samples } = readReaderState(launch.logState)
  const state = writeReaderState({ ...NOTHING_READ, parser, samples })
  await project.commits.enqueue(() => changeLaunch(project.db, launch.id, { logState: state }))
  return state
}

async function readWhole(
  deps: LaunchDeps,
  project: ProjectContext,
  run: RunRecord,
  launch: LaunchRecord,
  state: string,
): Promise<string> {
  const pump = createPump({
    project,
    launch: launch.id,
    run: run.number,
    runId: run.id,
    work: workFolder(launch.workFolder),
    state,
    rule: () => logRuleOf(project.db, run.script),
    fromLog: () => deps.settings().capture.logMetrics,
  })
  while (!(await pump.pump(true)));
  return findLaunch(project, launch.id)?.logState ?? state
}
