import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { isAlive, type ProcessIdentity } from '#electron/platform/process/identity.ts'
import type { LaunchDeps } from './deps.ts'

const Watched = z.object({
  project: z.string(),
  run: z.string(),
  pid: z.number().int(),
  started: z.string(),
  /** It only passes on what a client elsewhere says: that it ends says nothing of the client. */
  forwards: z.boolean().default(false),
})
type Watched = z.infer<typeof Watched>

export type ClientWatch = {
  /** Begins to look now and then. */
  readonly start: () => void
  /** Watches the process that made a run; kept over a restart of the backend. */
  readonly watch: (project: ProjectContext, run: string, process: ProcessIdentity, forwards?: boolean) => void
  /** Runs that a watched process has open. */
  readonly live: () => number
  /** Looks now; resolves when the runs of dead processes are closed. */
  readonly look: () => Promise<void>
  readonly close: () => void
}

/** Well within the ten seconds in which a dead client's run is to be closed. */
const EVERY = 2_000
/** A process may make a thousand runs in a second: what is watched is written down this much later, milliseconds. */
const KEEP_AFTER = 50

/** Closes the runs of clients that nobody launched when their process dies without having ended them: a kill, a crash, a restarted kernel. */
export function createClientWatch(deps: LaunchDeps): ClientWatch {
  const { dataFolder, log, clock } = deps.surroundings
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const file = join(dataFolder, 'watched-clients.json')
  const watched = new Map<string, Watched>(
    (readJsonFile(file, z.array(Watched)) ?? []).map((entry) => [`${entry.project}/${entry.run}`, entry]),
  )
  let keeping: NodeJS.Timeout | undefined
  const keep = (): void => {
    clearTimeout(keeping)
    keeping = undefined
    try {
      writeJsonFile(file, [...watched.values()], 0o600)
    } catch (error) {
      log.warn('watched clients could not be written down', { error })
    }
  }

  const look = async (): Promise<void> => {
    let changed = false
    const processes = new Map<string, boolean>()
    for (const [key, entry] of watched) {
      const process = `${entry.pid} ${entry.started}`
      const lives = processes.get(process) ?? isAlive(entry)
      processes.set(process, lives)
      // A client may end its run and open it again (`start_run(run_id=...)`): as long as it lives it is watched.
      if (lives) continue
      if (!entry.forwards)
        await closeRun(deps, entry, clock.now()).catch((error: unknown) =>
          // A project that is gone for good is not asked about for ever.
          log.warn('a dead client could not be looked after', { run: entry.run, error }),
        )
      watched.delete(key)
      changed = true
    }
    if (changed) keep()
  }

  let timer: NodeJS.Timeout | undefined
  return {
    start() {
      timer = setInterval(() => void look(), EVERY)
      timer.unref()
    },
    watch(project, run, { pid, started }, forwards = false) {
      watched.set(`${project.id}/${run}`, { project: project.id, run, pid, started, forwards })
      keeping ??= setTimeout(keep, KEEP_AFTER)
    },
    live: () =>
      [...watched.values()].filter(({ project, run }) => {
        const open = deps.projects.open().find(({ id }) => id === project)
        return open === undefined || deps.runs.findRun(open, run)?.status === 'running'
      }).length,
    look,
    close() {
      clearInterval(timer)
      if (keeping !== undefined) keep()
    },
  }
}

/** Closes the run of a process that has died without ending it. */
async function closeRun(deps: LaunchDeps, entry: Watched, now: number): Promise<void> {
  const project = deps.projects.require(entry.project)
  const run = deps.runs.findRun(project, entry.run)
  if (run?.status !== 'running' && run?.status !== 'stopping') return
  const ending = `Its process (${entry.pid}) ended without ending the run.`
  await deps.runs.updateRun(project, run.id, { status: 'killed', endedAt: now, ending })
}
