import { bringLoggedModel, isLoggedModelKept } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { createBreath } from './breathe.ts'
import type { ExperimentPlace } from './experiments.ts'
import { knownModels, putModel } from './model-queries.ts'
import { refuse } from './refuse.ts'
import type { ImportSource, SourceArtifacts, SourceLoggedModel } from './source.ts'
import type { Tally } from './tally.ts'

export type TakenModel = { readonly id: string; readonly name: string; readonly artifacts: SourceArtifacts }

export type TakeModels = {
  readonly project: ProjectContext
  readonly source: ImportSource
  readonly id: number
  readonly experiments: ReadonlyMap<string, ExperimentPlace>
  /** Runs that stay out: so do the models that they logged. */
  readonly leftOut: ReadonlySet<string>
  readonly tally: Tally
  readonly signal: AbortSignal
  readonly onModel: (name: string) => void
}

/** Takes logged models in, each in a write of its own. Resolves with those that are here. */
export async function takeLoggedModels(options: TakeModels): Promise<readonly TakenModel[]> {
  const { project, source, id, experiments, tally, signal } = options
  const known = knownModels(project.db, id, 'logged')
  const taken: TakenModel[] = []
  const breathe = createBreath()
  for (const [foreign, place] of experiments) {
    for await (const model of source.loggedModels(foreign, signal)) {
      signal.throwIfAborted()
      options.onModel(model.name)
      if (model.sourceRun !== null && options.leftOut.has(model.sourceRun)) continue
      // Its id becomes the name of a folder.
      if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(model.id)) {
        tally.note({ kind: 'skipped', what: `model ${model.name}`, why: `its id ${model.id} is none that can be kept` })
        continue
      }
      try {
        if (known.get(model.id)?.fingerprint !== model.fingerprint) await take(options, model, place)
      } catch (error) {
        refuse(`model ${model.name}`, error, tally)
        continue
      }
      if (isLoggedModelKept(project, model)) taken.push({ id: model.id, name: model.name, artifacts: model.artifacts })
      await breathe()
    }
  }
  return taken
}

async function take(options: TakeModels, given: SourceLoggedModel, place: ExperimentPlace): Promise<void> {
  const { project, id: source, tally } = options
  const { params, tags, metrics, artifacts, fingerprint, ...record } = given
  const model = {
    ...record,
    experiment: place.id,
    artifactLocation:
      artifacts.at === 'remote' ? artifacts.address : `mlflow-artifacts:/${place.id}/models/${given.id}/artifacts`,
  }
  const outcome = await project.commits.enqueue(() => {
    const done = bringLoggedModel(project, { model, params, tags, metrics })
    const known = { source, kind: 'logged', foreign: given.id, here: given.id, fingerprint, came: '{}' } as const
    putModel(project.db, { ...known, made: done === 'new' })
    return done
  })
  if (outcome === 'new') tally.add('loggedModels')
  project.changed({ project: project.id, entity: 'model', ids: [given.id] })
}
