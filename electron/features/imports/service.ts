import type { ImportArtifacts, ImportKind, ImportReport } from '#shared/contract/imports.ts'
import { AppError, appError, isAbort } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { createJobs, type Jobs } from '#electron/jobs/jobs.ts'
import { systemError } from '#electron/platform/system-error.ts'
import { discover, type FoundStore } from './discover.ts'
import { parseReport, putRecord } from './history.ts'
import { createJob, type Job } from './job.ts'
import { findSource, putSource, setReport, type SourceRow } from './queries.ts'
import { openSource, type Readers } from './readers.ts'
import type { ImportSource } from './source.ts'
import { takeIn } from './take-in.ts'
import { createTally } from './tally.ts'
import type { TokenStore } from './tokens.ts'
import type { StoreChanges } from './watch/changes.ts'

export type ImportAsked = {
  readonly location: string
  readonly only?: readonly string[] | undefined
  readonly artifacts: ImportArtifacts
  readonly watched: boolean
  readonly token?: string | undefined
  /** An absolute path. */
  readonly filesFolder?: string | undefined
}

type StoreAsked = Pick<ImportAsked, 'artifacts' | 'watched' | 'token' | 'filesFolder'> & {
  /** Of a source that is watched. */
  readonly round?: { readonly source: number; readonly changes: StoreChanges | undefined }
}

/** The imports of all projects. */
export type ImportService = {
  /** Begins, or waits for the one before it in its project. */
  readonly start: (project: ProjectContext, asked: ImportAsked) => Job
  /** Takes a known source in anew. */
  readonly again: (project: ProjectContext, source: SourceRow, token: string | undefined) => Job
  /** Takes in what has changed in a watched source, or all of it. Its report is kept when something came; undefined when it was cut short. */
  readonly round: (
    project: ProjectContext,
    source: SourceRow,
    changes: StoreChanges | undefined,
  ) => Promise<ImportReport | undefined>
  /** Throws `not_found`. */
  readonly job: (project: string, id: string) => Job
  /** Jobs that have not ended. */
  readonly underWay: (project: string) => readonly Job[]
  readonly live: () => number
  /** Called after each import of a source, with its report; rounds of a watched one are none. */
  readonly onTaken: (listener: Taken) => void
  /** Cuts short what a project has under way. */
  readonly leave: (project: string) => void
  readonly close: () => Promise<void>
}

export type Taken = (project: ProjectContext, source: number, report: ImportReport) => void

/** A job that has ended is told for so long, milliseconds. */
const REMEMBERED = 10 * 60_000

/** Makes the service. One import at a time runs in a project; they are kept in order. */
export function createImportService(readers: Readers, tokens: TokenStore): ImportService {
  const queues = new Map<string, Jobs>()
  const jobs = new Map<string, Job>()
  const listeners: Taken[] = []

  const queueOf = (project: string): Jobs => {
    const known = queues.get(project)
    if (known !== undefined) return known
    const made = createJobs(1)
    queues.set(project, made)
    return made
  }
  const enqueue = (project: ProjectContext, work: (job: Job) => Promise<void>): Job => {
    if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
    const job = createJob(project.ids.short(), project.id)
    jobs.set(job.id, job)
    queueOf(project.id)
      .run(async (closing) => {
        closing.addEventListener('abort', job.cancel, { once: true })
        job.signal.throwIfAborted()
        await work(job)
      })
      .then(
        () => job.end(),
        (error: unknown) => {
          if (!job.signal.aborted && !isAbort(error)) project.log.warn('an import failed', { job: job.id, error })
          job.end(
            job.signal.aborted ? appError('cancelled', 'The import was cancelled before it began.') : shown(error),
          )
        },
      )
      .finally(() => {
        for (const source of job.sources) told(project, source)
        setTimeout(() => jobs.delete(job.id), REMEMBERED).unref()
      })
    return job
  }
  const takeStore = async (
    project: ProjectContext,
    job: Job,
    { kind, location }: FoundStore,
    asked: StoreAsked,
  ): Promise<ImportReport> => {
    const { artifacts, watched, round } = asked
    const token = asked.token ?? (kind === 'mlflow-server' ? tokens.get(project.id, location) : undefined)
    const startedAt = project.clock.now()
    const tally = createTally()
    const id =
      round?.source ??
      (await register(project, { kind, location, artifacts, watched, filesFolder: asked.filesFolder ?? null }))
    job.sources.add(id)
    told(project, id)
    let source: ImportSource | undefined
    let outcome: ImportReport['outcome'] = 'done'
    let problem: string | null = null
    let isRefused = false
    try {
      const filesFolder = rowOf(project, id)?.filesFolder ?? undefined
      source = await openSource(readers, kind, location, tally.note, { token, filesFolder }, job.signal)
      await takeIn({
        project,
        source,
        id,
        artifacts,
        tally,
        signal: job.signal,
        onProgress: (progress) => job.progress(location, progress),
        ...(round === undefined ? {} : { watched: true }),
        ...(round?.changes === undefined ? {} : { only: round.changes }),
      })
    } catch (error) {
      outcome = job.signal.aborted ? 'cancelled' : 'failed'
      problem = outcome === 'cancelled' ? null : shown(error).message
      isRefused = error instanceof AppError && (error.code === 'unauthorized' || error.code === 'forbidden')
      if (outcome === 'failed') project.log.warn('an import failed', { location, error })
    } finally {
      await source?.close().catch((error: unknown) => project.log.warn('a store could not be closed', { error }))
    }
    const report = tally.report(outcome, startedAt, project.clock.now(), problem)
    job.report(location, id, report)
    const row = rowOf(project, id)
    // One that the server does not take would be refused each time anew.
    if (asked.token !== undefined && kind === 'mlflow-server' && row?.watched === 1 && !isRefused)
      tokens.keep(project.id, location, asked.token)
    const isRound = round !== undefined
    if (isRound && !isNews(report, parseReport(row?.report ?? null))) return report
    await project.commits
      .enqueue(() => {
        setReport(project.db, id, JSON.stringify(report), report.endedAt)
        if (!isRound || report.outcome === 'failed' || bringsSomething(report))
          putRecord(project.db, id, report, isRound)
      })
      .catch((error: unknown) => project.log.warn('the report of an import could not be kept', { error }))
    if (!isRound) for (const listener of listeners) listener(project, id, report)
    return report
  }

  return {
    start: (project, asked) =>
      enqueue(project, async (job) => {
        const { stores, problem } = await discover(readers, asked.location, job.signal)
        const chosen =
          asked.only === undefined ? stores : stores.filter(({ location }) => asked.only?.includes(location))
        if (chosen.length === 0)
          throw appError('not_found', problem ?? 'None of the named stores is there.', { field: 'location' })
        for (const store of chosen) {
          if (job.signal.aborted) return
          await takeStore(project, job, store, asked)
        }
      }),
    again: (project, row, token) => {
      const asked = { artifacts: row.artifacts, watched: row.watched === 1, token }
      const job = enqueue(project, async (running) => void (await takeStore(project, running, row, asked)))
      job.sources.add(row.id)
      return job
    },
    round: (project, row, changes) => {
      const asked = { artifacts: row.artifacts, watched: true, round: { source: row.id, changes } }
      return new Promise((resolve) => {
        const job = enqueue(project, async (running) => resolve(await takeStore(project, running, row, asked)))
        void job.over.then(() => resolve(undefined))
      })
    },
    job(project, id) {
      const job = jobs.get(id)
      if (job === undefined || job.project !== project) throw appError('not_found', 'There is no such import any more.')
      return job
    },
    underWay: (project) => [...jobs.values()].filter((job) => job.project === project && !job.ended()),
    live: () => [...jobs.values()].filter((job) => !job.ended()).length,
    onTaken: (listener) => void listeners.push(listener),
    leave(project) {
      for (const job of jobs.values()) if (job.project === project && !job.ended()) job.cancel()
    },
    async close() {
      for (const job of jobs.values()) job.cancel()
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}

async function register(
  project: ProjectContext,
  given: {
    readonly kind: ImportKind
    readonly location: string
    readonly artifacts: ImportArtifacts
    readonly watched: boolean
    readonly filesFolder: string | null
  },
): Promise<number> {
  return project.commits.enqueue(() => putSource(project.db, { ...given, addedAt: project.clock.now() }))
}

/** Undefined where the project was closed meanwhile. */
function rowOf(project: ProjectContext, source: number): SourceRow | undefined {
  try {
    return findSource(project.db, source)
  } catch {
    return undefined
  }
}

/** True when anything came. */
export function bringsSomething({ came }: ImportReport): boolean {
  return Object.values(came).some((count) => count > 0)
}

/** A round that found nothing must not take the place of what came before; but a failure ends with the first round that goes well. */
function isNews(report: ImportReport, before: ImportReport | null): boolean {
  if (report.outcome === 'cancelled') return bringsSomething(report)
  return report.outcome === 'failed' || bringsSomething(report) || before?.outcome !== 'done'
}

function told(project: ProjectContext, source: number): void {
  project.changed({ project: project.id, entity: 'import', ids: [String(source)] })
}

/** What a person is told of an error. */
function shown(error: unknown): AppError {
  if (error instanceof AppError) return error
  return (
    systemError(error) ??
    appError('internal', 'Something went wrong inside Benchtop. What has come stays; importing again goes on.', {
      cause: error,
    })
  )
}
