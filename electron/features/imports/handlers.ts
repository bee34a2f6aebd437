import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { ImportedSource, ImportPlan, ImportProgress, imports as contract } from '#shared/contract/imports.ts'
import { serverPlace } from '#shared/lib/server-place.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { listRecords, parseReport } from './history.ts'
import { createJob } from './job.ts'
import { withoutSecret } from './mlflow-server/index.ts'
import { makePlan } from './plan.ts'
import { forgetErased } from './forget-erased.ts'
import { findSource, listSources, setForgotten, setWatched, type SourceRow } from './queries.ts'
import type { Readers } from './readers.ts'
import type { ImportService } from './service.ts'
import { takeBack } from './take-back.ts'
import type { TokenStore } from './tokens.ts'
import type { Watching } from './watch/watching.ts'

export type HandlerOptions = {
  readonly projects: Pick<Projects, 'require'>
  readonly readers: Readers
  readonly service: ImportService
  readonly tokens: TokenStore
  /** What a project watches has changed. */
  readonly onWatched: (project: ProjectContext) => void
  readonly retryOf: Watching['retryOf']
}

/** The `imports` feature of the contract. */
export function createImportHandlers(options: HandlerOptions): FeatureHandlers<typeof contract> {
  const { projects, readers, service, tokens, onWatched, retryOf } = options
  const sourceOf = (id: string, source: number): { readonly project: ProjectContext; readonly row: SourceRow } => {
    const project = projects.require(id)
    const row = findSource(project.db, source)
    if (row === undefined || row.forgotten === 1) throw appError('not_found', 'There is no such source of imports.')
    return { project, row }
  }
  const changed = ({ id, changed: tell }: ProjectContext, source: number): void =>
    tell({ project: id, entity: 'import', ids: [String(source)] })

  return {
    inspect: ({ project: id, location: given, token: own, filesFolder: folder }, { signal }) => {
      const project = projects.require(id)
      const { location, token } = withoutSecret(wholePath(project, given), own)
      const filesFolder = filesFolderOf(project, folder)
      return inspect(signal, (stop, onProgress) =>
        makePlan({ project, readers, location, token, filesFolder, signal: stop, onProgress }),
      )
    },
    // A password that stands in an address is never kept with it.
    start: ({ project: id, ...asked }) => {
      const project = projects.require(id)
      const place = withoutSecret(wholePath(project, asked.location), asked.token)
      const filesFolder = filesFolderOf(project, asked.filesFolder)
      return { job: service.start(project, { ...asked, ...place, filesFolder }).id }
    },
    again: ({ project: id, source, token }) => {
      const { project, row } = sourceOf(id, source)
      return { job: service.again(project, row, token).id }
    },
    follow: ({ project, job }, { signal }) => service.job(project, job).follow(signal),
    cancel: ({ project, job }) => {
      service.job(project, job).cancel()
      return {}
    },
    list: ({ project: id }) => {
      const project = projects.require(id)
      const jobs = service.underWay(id)
      return listSources(project.db).map((row): ImportedSource => {
        const { id: source, kind, location, artifacts, addedAt, readAt, runs, referenced, missingSince, imports } = row
        const job = jobs.find(({ sources }) => sources.has(source))?.id ?? null
        const report = parseReport(row.report)
        const watched = row.watched === 1
        return {
          source,
          kind,
          location,
          artifacts,
          watched,
          addedAt,
          readAt,
          runs,
          referenced,
          missingSince,
          report,
          imports,
          retry: watched && job === null ? retryOf(project, source) : null,
          tokenKept: kind === 'mlflow-server' && tokens.get(id, location) !== undefined,
          job,
        }
      })
    },
    history: ({ project: id, ...asked }) => listRecords(projects.require(id).db, asked),
    setWatched: async ({ project: id, source, watched, token }) => {
      const { project, row } = sourceOf(id, source)
      if (!watched) tokens.forget(id, row.location)
      else if (token !== undefined && token !== '') tokens.keep(id, row.location, token)
      await project.commits.enqueue(() => setWatched(project.db, source, watched))
      onWatched(project)
      changed(project, source)
      return {}
    },
    forget: async ({ project: id, source }) => {
      const { project, row } = sourceOf(id, source)
      tokens.forget(id, row.location)
      await project.commits.enqueue(() => {
        setForgotten(project.db, source)
        forgetErased(project.db)
      })
      onWatched(project)
      changed(project, source)
      return {}
    },
    takeBack: async ({ project: id, source }) => {
      const { project, row } = sourceOf(id, source)
      const { runs, ...taken } = await project.commits.enqueue(() => takeBack(project, row))
      project.changed({ project: id, entity: 'run', ids: [...runs] })
      if (taken.modelVersions + taken.registeredModels > 0) project.changed({ project: id, entity: 'model', ids: [] })
      changed(project, source)
      return { ...taken, runs: runs.length }
    },
  }
}

/** Where a person says that files lie. Throws `not_found` where there is no such folder. */
function filesFolderOf(project: ProjectContext, given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const folder = wholePath(project, given)
  try {
    if (statSync(folder).isDirectory()) return folder
  } catch {
    // It is not there, or may not be seen.
  }
  throw appError('not_found', `${folder} is no folder that is there.`, { field: 'filesFolder' })
}

/**
 * A place as a person writes it: `~/thesis` is in their home, `mlruns` in the project's folder, wherever the backend was started, and `localhost:5000`
 * a server.
 */
function wholePath({ folder }: ProjectContext, text: string): string {
  const given = serverPlace(text)
  if (/^[a-z][a-z0-9+.-]*:/i.test(given) && !/^[a-z]:[\\/]/i.test(given)) return given
  return resolve(folder, given.replace(/^~(?=$|[\\/])/, homedir()))
}

type InspectEvent =
  | { readonly type: 'progress'; readonly progress: ImportProgress }
  | { readonly type: 'plan'; readonly plan: ImportPlan }

/** The plan, and how it comes about: a job of its own that ends when the caller leaves. */
async function* inspect(
  signal: AbortSignal,
  work: (signal: AbortSignal, onProgress: (progress: ImportProgress) => void) => Promise<ImportPlan>,
): AsyncIterable<InspectEvent> {
  const job = createJob('', '')
  const stop = AbortSignal.any([signal, job.signal])
  const planned = work(stop, (progress) => job.progress('', progress))
  planned.then(
    () => job.end(),
    (error: unknown) => job.end(error),
  )
  try {
    for await (const event of job.follow(signal)) {
      if (event.type === 'progress') yield { type: 'progress', progress: event.progress }
    }
    yield { type: 'plan', plan: await planned }
  } finally {
    job.cancel()
  }
}
