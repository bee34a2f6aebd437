import { resolve } from 'node:path'
import type { launch as procedures } from '#shared/contract/launch.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import type { LaunchDeps } from './deps.ts'
import { findInterpreters } from './interpreters.ts'
import type { Launching } from './launching.ts'
import type { Lifecycle } from './lifecycle.ts'
import { logRuleOf } from './log-rule.ts'
import { followLog, type Logs, searchLog } from './logs.ts'
import { previewLaunch } from './preview.ts'
import { launchesOfRun, putLogRule, recentSpecs } from './queries.ts'
import type { QueueView } from './queue-view.ts'
import { readAgain } from './read-again.ts'

export type HandlerParts = {
  readonly deps: LaunchDeps
  readonly launching: Launching
  readonly queue: QueueView
  readonly logs: Logs
  readonly lifecycle: Lifecycle
}

const RECENT = 20
/** How long a poke waits for the end of a run to be stored, milliseconds: what its terminal then shows is whole. */
const POKE_PATIENCE = 2_500

/** The contract's `launch`. */
export function createHandlers({
  deps,
  launching,
  queue,
  logs,
  lifecycle,
}: HandlerParts): FeatureHandlers<typeof procedures> {
  const project = (id: string) => {
    const found = deps.projects.require(id)
    if (!found.readOnly) lifecycle.adopt(found)
    return found
  }
  return {
    async interpreters(input) {
      const { folder: root } = project(input.project)
      const { environment } = await deps.loginEnvironment()
      return findInterpreters({ folder: resolve(root, input.folder), root, environment })
    },
    recent: (input) => recentSpecs(project(input.project).db, RECENT),
    specOf(input) {
      const last = launchesOfRun(project(input.project), input.run).at(-1)
      if (last !== undefined) return last.spec
      const run = deps.runs.getRun(project(input.project), input.run)
      if (run.command === null)
        throw appError('unsupported', 'It is not known how this run was started.', { hint: 'Type its command.' })
      return { command: run.command, folder: run.folder ?? '.', environment: {}, keepTracking: null }
    },
    preview: (input) => previewLaunch(deps, project(input.project), input.spec),
    start(input) {
      if (input.queue && input.base !== undefined)
        throw appError('invalid', 'A queued run starts from the login shell’s environment.', { field: 'base' })
      return launching.start(project(input.project), input.spec, input.queue, input.base)
    },
    resume: (input) => launching.resume(project(input.project), input.run),
    stop: (input) => launching.stop(project(input.project), input.run),
    stopState: (input) => launching.stopState(project(input.project), input.run),
    queue: () => queue.entries(),
    async reorder(input) {
      await queue.reorder(input.run, input.position)
      return {}
    },
    prepare: (input) => launching.prepare(project(input.project), input.spec, input.pid),
    async poke({ launch }) {
      const live = lifecycle.live(launch)
      if (live === undefined) return {}
      await live.look()
      if (live.isEnding()) await Promise.race([live.closed, after(POKE_PATIENCE)])
      return {}
    },
    async log(input) {
      const log = logs.of(project(input.project), input.run)
      await log.refresh()
      const { rank } = input
      const { lines, total } =
        rank === undefined
          ? { lines: await log.read(input.from, input.limit), total: log.total() }
          : await log.readRank(rank, input.from, input.limit)
      return { lines, total, ranks: log.ranks(), bytes: log.bytes() }
    },
    searchLog: (input, { signal }) =>
      searchLog(logs.of(project(input.project), input.run), input.text, input.limit, signal),
    // A resumed run has another attempt's log behind the first one's: it is asked for at each turn.
    followLog: (input, { signal }) => followLog(() => logs.of(project(input.project), input.run), input.from, signal),
    logRule: (input) => logRuleOf(project(input.project).db, input.script),
    async setLogRule(input) {
      const context = project(input.project)
      const { enabled, ignore, rename, script } = input
      await context.commits.enqueue(() => putLogRule(context.db, script, JSON.stringify({ enabled, ignore, rename })))
      readAgain(deps, lifecycle, context, script)
      context.changed({ project: context.id, entity: 'launch', ids: [] })
      return {}
    },
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, milliseconds).unref())
}
