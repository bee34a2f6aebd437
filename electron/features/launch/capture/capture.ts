import type { ProjectContext } from '#electron/features/projects/index.ts'
import { createJobs, type Jobs } from '#electron/jobs/jobs.ts'
import { findProgram } from '#electron/platform/process/find-program.ts'
import { commandParts } from '../command.ts'
import type { LaunchDeps } from '../deps.ts'
import { captureEnvironment, captureGit, captureHost, capturePython } from './around.ts'
import { captureNamedFiles } from './configs.ts'
import { type CaptureRun, each, type StartedCommand } from './context.ts'
import { createFileHasher } from './hash-file.ts'
import { createRecent, readAnew } from './recent.ts'
import { captureWritten } from './written.ts'

/** Finds things out about runs in the background: nothing here delays a start or holds a lock. */
export type Capture = {
  readonly runOf: (
    project: ProjectContext,
    run: { readonly id: string; readonly number: number },
    folder: string,
  ) => CaptureRun
  /** Everything that can be known once a command has been started. Resolves when all is found out, or given up. */
  readonly started: (run: CaptureRun, started: StartedCommand) => Promise<void>
  /** The Python and its packages alone: when the hook found another than was thought. */
  readonly python: (run: CaptureRun, python: string, environment: StartedCommand['environment']) => Promise<void>
  /** The files that a run wrote between two times. */
  readonly written: (run: CaptureRun, from: number, until: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Runs whose surroundings are read at the same time. */
const AT_ONCE = 2

export function createCapture(deps: LaunchDeps): Capture {
  const jobs: Jobs = createJobs(AT_ONCE)
  const hasher = createFileHasher()
  const recent = createRecent()
  const closing = new AbortController()
  return {
    runOf: (project, run, folder) => ({ deps, project, run, folder, signal: closing.signal }),
    started: (run, started) =>
      jobs
        .run(async () => {
          const given = commandParts(started.command).arguments
          const read = started.process === undefined ? readAnew : recent(started.process)
          await each(run, {
            host: () => captureHost(run, read),
            environment: () => captureEnvironment(run, started),
            git: () => captureGit(run, read),
          })
          await each(run, {
            python: () => capturePython(run, started, read),
            files: () => captureNamedFiles(run, given, hasher),
          })
        })
        .catch(() => {
          // The backend ends: what was not found out is found out by the next one, or not at all.
        }),
    python: (run, python, environment) =>
      jobs
        .run(() => each(run, { python: () => capturePython(run, { python, environment }, readAnew) }))
        .catch(() => {}),
    written: (run, from, until) =>
      jobs.run(() => each(run, { written: () => captureWritten(run, from, until) })).catch(() => {}),
    async close() {
      closing.abort()
      await jobs.close()
    },
  }
}

/** The Python that a command will run, where its words and PATH tell; null for launchers that choose their own (`uv run`, `conda run`). */
export function pythonOf(
  command: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>>,
): string | null {
  const { python, script } = commandParts(command)
  if (python === 0) return findProgram(command[0] ?? '', folder, environment['PATH']) ?? null
  const chooses = /(^|\/)(uv|uvx|poetry|pipenv|pdm|hatch|rye|pixi|conda|mamba|micromamba)$/.test(command[0] ?? '')
  if (chooses || (script === null && python === null)) return null
  return (
    ['python', 'python3']
      .map((name) => findProgram(name, folder, environment['PATH']))
      .find((found) => found !== undefined) ?? null
  )
}
