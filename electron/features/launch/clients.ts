import { join } from 'node:path'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { isAlive, type ProcessIdentity } from '#electron/platform/process/identity.ts'
import type { LaunchDeps } from './deps.ts'
import { openWatchedFile, type Watched } from './watched-file.ts'

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
/** Closes the runs of clients that nobody launched when their process dies without having ended them: a kill, a crash, a restarted kernel. */
export function createClientWatch(deps: LaunchDeps): ClientWatch {
  const { dataFolder, log, clock } = deps.surroundings
  const file = openWatchedFile(join(dataFolder, 'watched-clients.jsonl'), (error) =>
    log.warn('watched clients could not be written down', { error }),
  )
  const watched = new Map(file.entries().map((entry) => [`${entry.project}/${entry.run}`, entry]))

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
    if (changed) file.replace([...watched.values()])
  }

  let timer: NodeJS.Timeout | undefined
  return {
    start() {
      timer = setInterval(() => void look(), EVERY)
      timer.unref()
    },
    watch(project, run, { pid, started }, forwards = false) {
      const entry = { project: project.id, run, pid, started, forwards }
      watched.set(`${project.id}/${run}`, entry)
      file.add(entry)
    },
    live: () =>
      [...watched.values()].filter(({ project, run }) => {
        const open = deps.projects.open().find(({ id }) => id === project)
        return open === undefined || deps.runs.findRun(open, run)?.status === 'running'
      }).length,
    look,
    close() {
      clearInterval(timer)
      file.close()
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
