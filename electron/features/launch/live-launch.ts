import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { isAlive, type ProcessIdentity } from '#electron/platform/process/identity.ts'
import type { TreeRoot } from '#electron/platform/process/table.ts'
import { readExit, readProcess, workFolder, type WorkFolder, writeWhole } from '#electron/shim/work-folder.ts'
import type { LaunchDeps } from './deps.ts'
import { type Ending, endingOf, vanished } from './ending.ts'
import { logRuleOf } from './log-rule.ts'
import { createPump, type Pump } from './points-pump.ts'
import { changeLaunch, type LaunchChange, type LaunchRecord } from './queries.ts'
import { createStopping, type StopState } from './stop.ts'
import { createStandIn } from './stand-in.ts'

export type Said = 'finished' | 'failed' | 'killed'

/** A launch that has not ended: looked at a few times a second, wherever its process came from. */
export type LiveLaunch = {
  readonly record: () => LaunchRecord
  readonly project: ProjectContext
  readonly work: WorkFolder
  /** Looks now; resolves when all that was there is stored. */
  readonly look: () => Promise<void>
  /** The next signal of a stop. */
  readonly press: () => Promise<StopState>
  readonly stopState: () => StopState | null
  /** What the script's own client says of its run's end: counts where the exit isn't known. */
  readonly heard: (said: Said) => void
  /** Begins to read the log anew, from the state that `from` has stored for it. */
  readonly readAgain: (from: () => Promise<string>) => Promise<void>
  /** True once the command has ended. */
  readonly isEnding: () => boolean
  /** Resolves when the run has its final status. */
  readonly closed: Promise<void>
  /** Resolves when nothing of it is left to be done. */
  readonly ended: Promise<void>
  readonly dispose: () => void
}

/** What is done around the process: capturing while it runs, and at its end. */
export type Around = {
  /** Once, when the process is known to run. */
  readonly onRunning: (live: LiveLaunch) => void
  /** Now and then while it runs. */
  readonly onLook: (live: LiveLaunch) => void
  /** Before the run gets its final status: what it said by other ways than its log is taken in. */
  readonly onEnding: () => Promise<void>
  /** After the run has its final status; the launch counts as live until it resolves. */
  readonly onEnd: (live: LiveLaunch, ending: Ending) => Promise<void>
  /** After all of it. */
  readonly onGone: (live: LiveLaunch) => void
}

const EVERY = 150
/** A shim that has been started says so within this long, milliseconds. */
const SHIM_PATIENCE = 15_000
/** How long the last lines of a log may hold up the run's end; a longer log is read on after it. */
const LAST_LINES = 1_500
/** A run whose end could not be stored, on a full disk, is tried again after this long, milliseconds. */
const CLOSE_AGAIN = 3_000
const BREATH = 30

/** Watches a launch from its start, or takes up one that an earlier backend had begun to watch. */
export function watchLaunch(
  deps: LaunchDeps,
  project: ProjectContext,
  given: LaunchRecord,
  around: Around,
): LiveLaunch {
  const { log, clock } = deps.surroundings
  const work = workFolder(given.workFolder)
  const marker = `BENCHTOP_LAUNCH=${given.id}`
  const run = deps.runs.getRun(project, given.run)
  let record = given
  let running = false
  let over = false
  let finishing = false
  let working: Promise<void> | undefined
  let again = false
  let toldProgress = ''
  let complaint = ''
  const closed = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()

  const root = (): TreeRoot | null => (record.pid === null ? null : { pid: record.pid, marker })
  const stopping = createStopping(work, root, clock.now)
  const standIn = createStandIn(work, () => record.pid, deps.settings)
  const pumpFrom = (state: string | null): Pump =>
    createPump({
      project,
      launch: given.id,
      run: run.number,
      runId: run.id,
      work,
      state,
      rule: () => logRuleOf(project.db, run.script),
      fromLog: () => deps.settings().capture.logMetrics,
    })
  let pump = pumpFrom(given.logState)

  const update = async (change: LaunchChange): Promise<void> => {
    await project.commits.enqueue(() => changeLaunch(project.db, given.id, change))
    record = { ...record, ...change }
    project.changed({ project: project.id, entity: 'launch', ids: [given.id] })
  }

  const self: LiveLaunch = {
    record: () => record,
    project,
    work,
    look() {
      if (over) return Promise.resolve()
      if (working !== undefined) {
        again = true
        return working
      }
      return occupy(async () => {
        do {
          again = false
          await look()
        } while (again && !over)
      })
    },
    async readAgain(from) {
      while (working !== undefined) await working
      if (!over) await occupy(async () => void (pump = pumpFrom(await from())))
    },
    isEnding: () => finishing,
    async press() {
      const state = stopping.press(deps.settings().stopGrace * 1_000)
      if (record.state !== 'stopping') {
        await update({ state: 'stopping' })
        await deps.runs.updateRun(project, run.id, { status: 'stopping' })
      }
      void self.look()
      return state
    },
    stopState: stopping.state,
    heard: (said) => {
      try {
        writeWhole(saidFile(work), { said })
      } catch {
        // The disk is full: then it is not remembered.
      }
    },
    closed: closed.promise,
    ended: ended.promise,
    dispose() {
      over = true
      clearInterval(timer)
      standIn.close()
    },
  }
  /** One thing at a time is done to a launch. */
  const occupy = (work: () => Promise<void>): Promise<void> => {
    working = work()
      .catch((error: unknown) => complain('a look at a launch failed', error))
      .finally(() => (working = undefined))
    return working
  }
  const timer = setInterval(() => void self.look(), EVERY)
  timer.unref()
  return self

  async function look(): Promise<void> {
    if (finishing) return
    if (record.pid === null) await meetProcess()
    if (record.pid !== null && !running) {
      running = true
      around.onRunning(self)
    }
    const ending = howItEnded()
    await pump.pump(ending !== undefined)
    await tellProgress()
    if (ending === undefined) {
      if (stopping.state() !== null) stopping.look(false)
      around.onLook(self)
      return
    }
    // After a stop, the run is over when nothing of its tree is left.
    if (stopping.state() !== null && !stopping.look(true)) return
    finishing = true
    void finish(ending).catch((error: unknown) => {
      complain('a launch could not be closed', error)
      setTimeout(() => (finishing = false), CLOSE_AGAIN).unref()
    })
  }

  /** Says a lasting trouble once, not at every look. */
  function complain(event: string, error: unknown): void {
    const words = `${event}: ${String(error)}`
    if (words !== complaint) log.error(event, { launch: given.id, error })
    complaint = words
  }

  /** Reads who runs, as the shim or the terminal wrote it. */
  async function meetProcess(): Promise<void> {
    const file = readProcess(work)
    if (file === undefined) return
    const change = {
      shimPid: file.shimPid,
      shimStarted: file.shimStarted,
      ...(file.pid === null ? {} : { pid: file.pid, pidStarted: file.started ?? '' }),
      ...(file.pid === null || record.state === 'stopping' ? {} : { state: 'running' as const }),
    }
    if (file.pid !== null || record.shimPid !== file.shimPid) await update(change)
  }

  /** Undefined while it runs. */
  function howItEnded(): Ending | undefined {
    const stopped = stopping.state()?.signal ?? null
    const exit = readExit(work)
    if (exit !== undefined) return endingOf(exit, stopped)
    if (watched(record.shimPid, record.shimStarted)) return undefined
    if (watched(record.pid, record.pidStarted)) {
      standIn.takeOver()
      return undefined
    }
    if (record.shimPid === null && clock.now() - (record.startedAt ?? 0) < SHIM_PATIENCE) return undefined
    // The exit file may have been written between the two looks.
    const late = readExit(work)
    if (late !== undefined) return endingOf(late, stopped)
    if (record.pid === null) {
      const error = 'The launch was interrupted before the command began.'
      return endingOf({ code: null, signal: null, endedAt: clock.now(), error }, stopped)
    }
    return vanished(stopped, saidBy(work), lastSign(work) ?? clock.now())
  }

  async function finish(ending: Ending): Promise<void> {
    const deadline = Date.now() + LAST_LINES
    let caughtUp = false
    while (!caughtUp && Date.now() < deadline) caughtUp = await pump.pump(true)
    await tellProgress()
    await Promise.race([around.onEnding(), pause(LAST_LINES)]).catch((error: unknown) =>
      complain('the last words were not read', error),
    )
    await deps.runs.updateRun(project, run.id, ending)
    await closeChildren(deps, project, run.id, ending)
    closed.resolve()
    while (!caughtUp) {
      caughtUp = await pump.pump(true)
      // A flood of output is read beside what others ask of the backend.
      await pause(BREATH)
    }
    await around
      .onEnd(self, ending)
      .catch((error: unknown) => log.warn('capture at the end failed', { launch: given.id, error }))
    await update({ state: 'ended', endedAt: ending.endedAt })
    self.dispose()
    around.onGone(self)
    ended.resolve()
  }

  async function tellProgress(): Promise<void> {
    const progress = pump.progress()
    if (progress === null) return
    const text = JSON.stringify(progress)
    if (text === toldProgress) return
    toldProgress = text
    await deps.runs.setFact(project, run.id, 'progress', progress).catch(() => {})
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}

function watched(pid: number | null, started: string | null): boolean {
  return pid !== null && started !== null && isAlive({ pid, started } satisfies ProcessIdentity)
}

const saidFile = (work: WorkFolder): string => join(work.folder, 'said.json')

function saidBy(work: WorkFolder): Said | null {
  try {
    const { said } = JSON.parse(readFileSync(saidFile(work), 'utf8')) as { readonly said?: unknown }
    return said === 'finished' || said === 'failed' || said === 'killed' ? said : null
  } catch {
    return null
  }
}

/** The last that is known of a process that vanished: when it wrote. */
function lastSign(work: WorkFolder): number | undefined {
  const times = [work.out, work.err, work.samples].flatMap(
    (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? [],
  )
  return times.length === 0 ? undefined : Math.max(...times)
}

/** Folds and ranks that their client did not end have ended with the process. */
async function closeChildren(deps: LaunchDeps, project: ProjectContext, run: string, ending: Ending): Promise<void> {
  const open = project.db.all<{ readonly id: string }>(
    `SELECT id FROM run WHERE parent = ? AND source IN ('client', 'spool') AND status IN ('running', 'stopping')`,
    run,
  )
  for (const { id } of open) {
    await deps.runs.updateRun(project, id, { status: ending.status, endedAt: ending.endedAt, ending: ending.ending })
  }
}
