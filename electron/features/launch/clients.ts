import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { isAlive, type ProcessIdentity } from '#electron/platform/process/identity.ts'
import type { LaunchDeps } from './deps.ts'

const Watched = z.object({ project: z.string(), run: z.string(), pid: z.number().int(), started: z.string() })
type Watched = z.infer<typeof Watched>

export type ClientWatch = {
  /** Begins to look now and then. */
  readonly start: () => void
  /** Watches the process that made a run; kept over a restart of the backend. */
  readonly watch: (project: ProjectContext, run: string, process: ProcessIdentity) => void
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
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const file = join(dataFolder, 'watched-clients.json')
  const watched = new Map<string, Watched>(
    (readJsonFile(file, z.array(Watched)) ?? []).map((entry) => [`${entry.project}/${entry.run}`, entry]),
  )
  const keep = (): void => {
    try {
      writeJsonFile(file, [...watched.values()], 0o600)
    } catch (error) {
      log.warn('watched clients could not be written down', { error })
    }
  }

  const look = async (): Promise<void> => {
    let changed = false
    for (const [key, entry] of watched) {
      const isOver = await closeIfDead(deps, entry, clock.now()).catch((error: unknown) => {
        log.warn('a dead client could not be looked after', { run: entry.run, error })
        // A project that is gone for good is not asked about for ever.
        return !isAlive(entry)
      })
      if (isOver) {
        watched.delete(key)
        changed = true
      }
    }
    if (changed) keep()
  }

  let timer: NodeJS.Timeout | undefined
  return {
    start() {
      timer = setInterval(() => void look(), EVERY)
      timer.unref()
    },
    watch(project, run, { pid, started }) {
      watched.set(`${project.id}/${run}`, { project: project.id, run, pid, started })
      keep()
    },
    live: () =>
      [...watched.values()].filter(({ project, run }) => {
        const open = deps.projects.open().find(({ id }) => id === project)
        return open === undefined || deps.runs.findRun(open, run)?.status === 'running'
      }).length,
    look,
    close: () => clearInterval(timer),
  }
}

/** True when there is nothing more to watch: the client ended its run, or has died and its run is closed. */
async function closeIfDead(deps: LaunchDeps, entry: Watched, now: number): Promise<boolean> {
  const alive = isAlive(entry)
  const project = deps.projects.require(entry.project)
  const run = deps.runs.findRun(project, entry.run)
  if (run === undefined) return true
  // A client may end its run and open it again (`start_run(run_id=...)`): as long as it lives it is watched.
  if (alive) return false
  if (run.status === 'running' || run.status === 'stopping') {
    const ending = `Its process (${entry.pid}) ended without ending the run.`
    await deps.runs.updateRun(project, run.id, { status: 'killed', endedAt: now, ending })
  }
  return true
}
