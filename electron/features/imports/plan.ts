import type { FoundSource, ImportNote, ImportPlan, ImportProgress } from '#shared/contract/imports.ts'
import { AppError, isAbort } from '#shared/rpc/errors.ts'
import { type ArtifactOwner, rootsOf } from '#electron/features/artifacts/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { createBreath } from './breathe.ts'
import { freeBytes } from './copy-file.ts'
import { fatesIn } from './fates.ts'
import { discover, type FoundStore } from './discover.ts'
import { createJudge } from './judge.ts'
import { createLeftOut } from './left-out.ts'
import { createModelJudge } from './judge-models.ts'
import { sourceAt } from './queries.ts'
import { noteLookedFor } from './looked-for.ts'
import { openSource, type Readers } from './readers.ts'
import type { ImportSource, SourceArtifacts } from './source.ts'
import { createTally } from './tally.ts'
import { unlikeFiles } from './unlike-files.ts'

export type PlanOptions = {
  readonly project: ProjectContext
  readonly readers: Readers
  readonly location: string
  readonly token: string | undefined
  readonly filesFolder?: string | undefined
  readonly signal: AbortSignal
  readonly onProgress: (progress: ImportProgress) => void
}

/** Says what an import of a path or an address would bring. Writes nothing. */
export async function makePlan(options: PlanOptions): Promise<ImportPlan> {
  const { project, readers, location, signal } = options
  const { stores, problem } = await discover(readers, location, signal)
  const sources: FoundSource[] = []
  const problems: string[] = problem === null ? [] : [problem]
  for (const store of stores) {
    try {
      sources.push(await planOf(options, store))
    } catch (error) {
      if (isAbort(error) || signal.aborted) throw error
      project.log.warn('a store could not be looked into', { location: store.location, error })
      const message = error instanceof AppError ? error.message : 'it can’t be read.'
      problems.push(message.includes(store.location) ? message : `${store.location}: ${message}`)
    }
  }
  return {
    location,
    sources,
    problem: problems.length > 0 ? problems.join('\n') : null,
    freeBytes: await freeBytes(project.place),
  }
}

async function planOf(options: PlanOptions, { kind, location }: FoundStore): Promise<FoundSource> {
  const { project, readers, token, signal } = options
  const tally = createTally()
  const known = sourceAt(project.db, location)
  const filesFolder = options.filesFolder ?? known?.filesFolder ?? undefined
  const source = await openSource(readers, kind, location, tally.note, { token, filesFolder }, signal)
  try {
    const sizes = createSizes(project, signal)
    const breathe = createBreath()
    const fates = fatesIn(project, known?.id)
    const judge = createJudge(project, source, fates, signal)
    const leftOut = createLeftOut(fates)
    const models = createModelJudge(project)
    const runs = { new: 0, changed: 0, known: 0, elsewhere: 0 }
    const experiments: FoundSource['experiments'][number][] = []
    let done = 0
    for (const { id, name, deleted } of await source.experiments(signal)) {
      let count = 0
      for await (const run of source.runs(id, signal)) {
        signal.throwIfAborted()
        await breathe()
        options.onProgress({
          phase: 'looking',
          current: name,
          done: ++done,
          total: null,
          points: 0,
          bytes: sizes.bytes(),
        })
        count++
        const fate = await judge(run, run.deleted || deleted)
        if (fate === 'refused') continue
        leftOut.add(run.id, fate)
        if (fate === 'inTrash' || fate === 'erased' || fate === 'moved') continue
        runs[fate]++
        await sizes.add({ kind: 'run', id: run.id }, await artifactsOf(source, run, signal))
      }
      for await (const model of source.loggedModels(id, signal)) {
        await breathe()
        models.logged(model)
        await sizes.add({ kind: 'model', id: model.id }, model.artifacts)
      }
      experiments.push({ id, name, deleted, runs: count })
    }
    if (sizes.sum().missing > 0) noteLookedFor(source, tally)
    const counts = await source.modelCounts(signal)
    for await (const model of source.registeredModels(signal)) {
      signal.throwIfAborted()
      await breathe()
      models.registered(model)
    }
    const notes: readonly ImportNote[] = tally.report('done', 0, 0, null).notes
    return {
      kind,
      location,
      era: source.era,
      experiments,
      runs: { ...runs, ...leftOut.counts() },
      loggedModels: counts.logged,
      registeredModels: counts.registered,
      modelVersions: counts.versions,
      modelsHere: models.counts(),
      artifacts: sizes.sum(),
      source: known?.id ?? null,
      notes,
    }
  } finally {
    await source.close()
  }
}

/** Where the files of a run are. */
export function artifactsOf(
  source: ImportSource,
  run: Parameters<ImportSource['contents']>[0],
  signal: AbortSignal,
): Promise<SourceArtifacts> {
  if (source.artifacts !== undefined) return source.artifacts(run, signal)
  return source.contents(run, signal).then((contents) => contents.artifacts)
}

/** Sums up the files that are not here yet. */
function createSizes(project: ProjectContext, signal: AbortSignal) {
  const sum = { files: 0, bytes: 0, missing: 0, remote: 0, counted: true }
  const quiet = { onLink: () => {}, onError: () => {} }
  return {
    async add(owner: ArtifactOwner, artifacts: SourceArtifacts): Promise<void> {
      if (artifacts.at === 'missing') sum.missing++
      if (artifacts.at === 'remote') sum.remote++
      if (artifacts.at === 'server') sum.counted = false
      if (artifacts.at !== 'folder') return
      for await (const file of unlikeFiles(artifacts.path, rootsOf(project, owner).own, signal, quiet)) {
        sum.files++
        sum.bytes += file.size
      }
    },
    bytes: () => sum.bytes,
    sum: (): FoundSource['artifacts'] => ({ ...sum }),
  }
}
