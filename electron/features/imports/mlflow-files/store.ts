import { join } from 'node:path'
import { appError } from '#shared/rpc/app-error.ts'
import type { Notice, SourceExperiment, SourceLoggedModel, SourceRegisteredModel, SourceRun } from '../source.ts'
import { artifactFinder } from './artifacts.ts'
import { type Contents, readContents } from './contents.ts'
import { type ExperimentFolder, readExperiments } from './experiments.ts'
import { assertThere, entriesOf, openPlace, type Place, quietly } from './files.ts'
import { loggedModelFolders, readLoggedModel } from './logged-models.ts'
import { readRegisteredModel, readVersions, registeredFolders } from './registry.ts'
import { readRun, readRuns, type RunFolder, withFingerprint } from './runs.ts'

/** A file store, read by plain blocking calls: it is meant for a thread of its own. */
export type FileStore = {
  readonly era: string
  readonly experiments: () => readonly SourceExperiment[]
  readonly runs: (experiment: string, only?: ReadonlySet<string>) => Iterable<SourceRun>
  readonly contents: (run: SourceRun) => Contents
  readonly loggedModels: (experiment: string) => Iterable<SourceLoggedModel>
  readonly modelCounts: () => { readonly logged: number; readonly registered: number; readonly versions: number }
  readonly registeredModels: () => Iterable<SourceRegisteredModel>
}

/** Opens a folder `mlruns`. Throws an AppError when it is not there; it may be one that holds nothing. */
export function openStore(folder: string, notice: Notice, filesFolder?: string): FileStore {
  const place = openPlace(folder, notice)
  const quiet = quietly(place)
  const finder = artifactFinder(place, filesFolder)
  let known: ReadonlyMap<string, ExperimentFolder> | undefined
  const experiments = (): ReadonlyMap<string, ExperimentFolder> => (known ??= readExperiments(quiet))
  const experimentOf = (id: string): ExperimentFolder => {
    const experiment = experiments().get(id)
    if (experiment === undefined) throw appError('not_found', `There is no experiment ${id} in ${folder}.`)
    return experiment
  }
  /** The run as it is now. Throws AppError `corrupt`: it alone can't be read. */
  const runNow = (run: SourceRun): RunFolder => {
    assertThere(place)
    const experiment = experimentOf(run.experiment)
    const found = readRun(quiet, experiment, run.id, join(experiment.path, run.id))
    if (found === undefined) throw appError('corrupt', 'it has gone since it was listed')
    return found
  }

  return {
    era: eraOf(quiet),
    experiments() {
      assertThere(place)
      known = readExperiments(place)
      return [...known.values()].map(({ about }) => about)
    },
    *runs(id, only) {
      assertThere(place)
      for (const run of readRuns(place, experimentOf(id), only)) yield withFingerprint(place, run)
      assertThere(place)
    },
    contents(run) {
      const found = runNow(run)
      const contents = readContents(place, finder, found, experimentOf(run.experiment).path)
      assertThere(place)
      return contents
    },
    *loggedModels(id) {
      assertThere(place)
      const experiment = experimentOf(id)
      for (const path of loggedModelFolders(place, experiment)) {
        const model = readLoggedModel(place, finder, experiment, path)
        if (model !== undefined) yield model
      }
      assertThere(place)
    },
    modelCounts() {
      assertThere(place)
      const registered = registeredFolders(quiet)
      const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
      return {
        logged: sum([...experiments().values()].map((one) => loggedModelFolders(quiet, one).length)),
        registered: registered.length,
        versions: sum(registered.map(({ path }) => readVersions(quiet, path).length)),
      }
    },
    *registeredModels() {
      assertThere(place)
      for (const found of registeredFolders(place)) yield readRegisteredModel(place, found)
      assertThere(place)
    },
  }
}

/** What of the store tells its age, in words. */
function eraOf(place: Place): string {
  const folders = entriesOf(place, place.root, 'folders').filter(({ kind }) => kind === 'folder')
  const hasLogged = folders.some(
    ({ name, path }) => name !== 'models' && entriesOf(place, join(path, 'models'), 'folders').length > 0,
  )
  const registry = folders.some(({ name, path }) => name === 'models' && entriesOf(place, path, 'folders').length > 0)
  return `file store${hasLogged ? ' of MLflow 3' : ''}${registry ? ' with a registry' : ''}`
}
