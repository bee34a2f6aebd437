import { LEFT_OUT } from '#shared/domain/imports/left-out.ts'
import type { ImportArtifacts, ImportNote, ImportProgress } from '#shared/contract/imports.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { createBreath } from './breathe.ts'
import { isDeleted, shownRun } from './coming-run.ts'
import { createLeftOut } from './left-out.ts'
import { placeExperiments } from './experiments.ts'
import { fateOf, type Fates, fatesIn } from './fates.ts'
import { findLatePoints } from './late-points.ts'
import { artifactsOf } from './plan.ts'
import { refuse } from './refuse.ts'
import { mayGrow, settled } from './run-age.ts'
import type { ImportSource } from './source.ts'
import { type ComingFiles, takeFiles } from './take-files.ts'
import { takeLoggedModels } from './take-models.ts'
import { hash, isModelLeftOut, knownRegistered, takeRegistered } from './take-registered.ts'
import { takeRuns, type WantedRun } from './take-runs.ts'
import type { Tally } from './tally.ts'
import type { StoreChanges } from './watch/changes.ts'

export type TakeIn = {
  readonly project: ProjectContext
  readonly source: ImportSource
  /** The number of its row. */
  readonly id: number
  readonly artifacts: ImportArtifacts
  readonly tally: Tally
  readonly signal: AbortSignal
  readonly onProgress: (progress: ImportProgress) => void
  /** Only this: what else there is is known not to have changed. */
  readonly only?: StoreChanges
  /** Somebody may be writing to the store. */
  readonly watched?: boolean
}

/**
 * Takes a store in: what is new there comes, what is known is left as it is. It can be cut short anywhere, and goes on from there the next
 * time. Throws what ends it; what had come until then is in the tally and stays.
 */
export async function takeIn(options: TakeIn): Promise<void> {
  const { project, source, id, tally, signal, only } = options
  const followed = options.watched === true
  const progress = { phase: 'looking' as ImportProgress['phase'], current: '', done: 0, total: null as number | null }
  const breathe = createBreath()
  let bytes = 0
  const tell = (change: Partial<typeof progress>): void => {
    Object.assign(progress, change)
    options.onProgress({ ...progress, points: tally.counts().points, bytes })
  }

  tell({})
  const experiments = await source.experiments(signal)
  const places = await project.commits.enqueue(() => placeExperiments(project, id, experiments, tally))
  const fates = fatesIn(project, id)
  const wanted: WantedRun[] = []
  const known: WantedRun[] = []
  const leftOut = createLeftOut(fates)
  for (const experiment of experiments) {
    const place = places.get(experiment.id)
    if (place === undefined) continue
    for await (const run of source.runs(experiment.id, signal, only?.runs)) {
      signal.throwIfAborted()
      await breathe()
      const fate = fateOf(fates, run, isDeleted({ run, experiment: place }))
      if (fate === 'refused')
        tally.note({ kind: 'skipped', what: shownRun(run), why: `its id ${run.id} is none that can be kept` })
      const given = {
        run: settled(run, project.clock.now()),
        experiment: place,
        half: fates.known.get(run.id)?.half === true,
      }
      leftOut.add(run.id, fate)
      if (fate === 'known') known.push(given)
      if (fate === 'new' || fate === 'changed') wanted.push(given)
      tell({ current: experiment.name, done: wanted.length + known.length })
    }
  }

  const { late, looked, postponed } = await findLatePoints(
    { project, source, id, signal, followed, onRun: (run) => tell({ current: run.name ?? run.id }) },
    known.map(({ run }) => run),
  )
  if (!followed) for (const note of leftOut.notes()) tally.note(note)
  if (postponed > 0 && !followed) tally.note(notLookedAt(postponed))
  for (const given of known)
    if (late.has(given.run.id)) wanted.push(given)
    else tally.known()

  tell({ phase: 'runs', done: 0, total: wanted.length })
  const taken = await takeRuns(
    {
      project,
      source,
      id,
      tally,
      signal,
      onRun: (run) => tell({ current: run.name ?? run.id, done: progress.done + 1 }),
    },
    wanted,
  )
  const files: ComingFiles[] = taken.map(({ run, artifacts }) => ({
    owner: { kind: 'run', id: run.id },
    shown: shownRun(run),
    artifacts,
  }))
  // A known run may have files that were added since, or that did not come to their end.
  for (const { run } of known) {
    if (late.has(run.id)) continue
    signal.throwIfAborted()
    await breathe()
    if (followed && !looked.has(run.id) && !mayGrow(source, run, project.clock.now())) continue
    const artifacts = await artifactsOf(source, run, signal)
    files.push({ owner: { kind: 'run', id: run.id }, shown: shownRun(run), artifacts })
  }
  tell({ phase: 'models', current: '', done: 0, total: null })
  const onModel = (name: string): void => tell({ current: name, done: progress.done + 1 })
  const areModelsKnown = only?.models === false
  const models = areModelsKnown
    ? []
    : await takeLoggedModels({
        project,
        source,
        id,
        experiments: places,
        leftOut: fates.erased,
        tally,
        signal,
        onModel,
      })
  for (const { id: model, name, artifacts } of models)
    files.push({ owner: { kind: 'model', id: model }, shown: `model ${name}`, artifacts })
  if (!areModelsKnown) await takeRegistry(options, onModel)

  tell({ phase: 'artifacts', current: '', done: 0, total: null })
  await takeFiles(
    {
      project,
      mode: options.artifacts,
      ...(source.filesFolders === undefined ? {} : { filesFolders: source.filesFolders }),
      growing: followed,
      tally,
      signal,
      onTotal: (total) => tell({ total }),
      onFile: (current) => tell({ current, done: progress.done + 1 }),
      onBytes: (more) => {
        bytes += more
        tell({})
      },
    },
    files.filter(({ owner }) => owner.kind === 'model' || isHere(fates, owner.id)),
  )
}

async function takeRegistry(options: TakeIn, onModel: (name: string) => void): Promise<void> {
  const { project, source, id, tally, signal } = options
  const known = knownRegistered(project, id)
  for await (const model of source.registeredModels(signal)) {
    signal.throwIfAborted()
    onModel(model.name)
    if (isModelLeftOut(project, known.registered.get(model.name))) {
      if (options.watched !== true)
        tally.note({ kind: 'noticed', what: `registered model ${model.name}`, why: LEFT_OUT.model })
      continue
    }
    if (known.registered.get(model.name)?.fingerprint === hash(model)) continue
    try {
      await project.commits.enqueue(() => takeRegistered(project, id, model, known, tally))
      project.changed({ project: project.id, entity: 'model', ids: [] })
    } catch (error) {
      refuse(`registered model ${model.name}`, error, tally)
    }
  }
}

function notLookedAt(runs: number): ImportNote {
  return {
    kind: 'noticed',
    what: runs === 1 ? 'one run that ended long ago' : `${runs} runs that ended long ago`,
    why: 'whether points were added below their latest step was not asked this time; the next imports go on with them',
  }
}

function isHere(fates: Fates, run: string): boolean {
  return !fates.erased.has(run)
}
