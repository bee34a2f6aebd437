import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { z } from 'zod'
import type { ExportReport, exports as contract } from '#shared/contract/exports.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers, Handler } from '#shared/rpc/procedure.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { exportProject, type ExportProgress } from './export-project.ts'
import { planOf } from './plan.ts'
import { type ExportServices, select } from './selection.ts'

export type ExportsFeature = {
  readonly handlers: FeatureHandlers<typeof contract>
  /** Exports under way. */
  readonly live: () => number
  /** Cancels them; resolves when nothing of them is left. */
  readonly close: () => Promise<void>
}

type Job = {
  readonly id: string
  readonly project: string
  readonly target: string
  readonly controller: AbortController
  progress: ExportProgress
  /** Resolves when there is something new to tell. */
  changed: PromiseWithResolvers<void>
  outcome: { readonly report: ExportReport } | { readonly error: unknown } | undefined
  readonly ended: Promise<void>
}

/** Jobs that have ended and can still be followed. */
const KEPT = 20
/** Between two words on how it goes, milliseconds. */
const EVERY = 100

/** The `exports` feature: plans and writes exports. One that was begun goes on when its caller leaves. */
export function createExports(
  options: ExportServices & { readonly projects: Pick<Projects, 'require' | 'onClose'> },
): ExportsFeature {
  const jobs = new Map<string, Job>()
  const running = (): readonly Job[] => [...jobs.values()].filter(({ outcome }) => outcome === undefined)
  const find = (project: string, id: string): Job => {
    const job = jobs.get(id)
    if (job === undefined || job.project !== project) throw appError('not_found', `There is no export ${id}.`)
    return job
  }
  const cancel = async (chosen: readonly Job[]): Promise<void> => {
    for (const { controller } of chosen)
      controller.abort(appError('cancelled', 'The export was cancelled. Nothing of it is left.'))
    await Promise.all(chosen.map(({ ended }) => ended))
  }
  options.projects.onClose((project) => void cancel(running().filter((job) => job.project === project.id)))

  const begin = (project: ProjectContext, wanted: Wanted): Job => {
    const controller = new AbortController()
    const ended = Promise.withResolvers<void>()
    const job: Job = {
      id: randomUUID(),
      project: project.id,
      target: resolve(wanted.target),
      controller,
      progress: { phase: 'runs', done: 0, total: 0, bytes: 0 },
      changed: Promise.withResolvers<void>(),
      outcome: undefined,
      ended: ended.promise,
    }
    const tell = (): void => {
      job.changed.resolve()
      job.changed = Promise.withResolvers<void>()
    }
    const work = async (): Promise<ExportReport> => {
      const selection = select(options, project, wanted.runs)
      const { problem } = await planOf(project, selection, { ...wanted, target: job.target }, controller.signal)
      if (problem !== null) throw appError('invalid', problem, { field: 'target' })
      return exportProject({
        services: options,
        project,
        selection,
        target: job.target,
        artifacts: wanted.artifacts,
        signal: controller.signal,
        onProgress: (progress) => {
          job.progress = progress
          tell()
        },
      })
    }
    void work()
      .then(
        (report) => (job.outcome = { report }),
        (error: unknown) => {
          const isCancelled = controller.signal.aborted
          job.outcome = { error: isCancelled ? controller.signal.reason : error }
          if (!isCancelled) project.log.warn('an export failed', { project: project.id, error })
        },
      )
      .finally(() => {
        tell()
        ended.resolve()
      })
    jobs.set(job.id, job)
    return job
  }

  return {
    handlers: {
      plan: (wanted, { signal }) => {
        const project = options.projects.require(wanted.project)
        return planOf(project, select(options, project, wanted.runs), wanted, signal)
      },
      start: (wanted) => {
        const project = options.projects.require(wanted.project)
        const target = resolve(wanted.target)
        if (running().some((job) => job.target === target))
          throw appError('conflict', `An export to ${target} is under way.`, { field: 'target' })
        const { id } = begin(project, wanted)
        for (const old of [...jobs.values()].filter(({ outcome }) => outcome !== undefined).slice(0, -KEPT))
          jobs.delete(old.id)
        return { job: id }
      },
      follow: ({ project, job }, { signal }) => follow(find(project, job), signal),
      cancel: async ({ project, job }) => {
        await cancel([find(project, job)])
        return {}
      },
    },
    live: () => running().length,
    close: () => cancel(running()),
  }
}

type Wanted = Parameters<Handler<(typeof contract)['start']>>[0]
type Event = z.input<(typeof contract)['follow']['event']>

async function* follow(job: Job, signal: AbortSignal): AsyncGenerator<Event> {
  const left = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => left.resolve(), { once: true })
  while (job.outcome === undefined && !signal.aborted) {
    const { changed } = job
    yield { type: 'progress', ...job.progress }
    await Promise.race([changed.promise, job.ended, left.promise])
    await Promise.race([pause(EVERY), job.ended, left.promise])
  }
  if (job.outcome === undefined) return
  if ('error' in job.outcome) throw job.outcome.error
  yield { type: 'report', report: job.outcome.report }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref())
}
