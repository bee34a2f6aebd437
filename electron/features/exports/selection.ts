import { appError } from '#shared/rpc/errors.ts'
import type { ModelsService, ModelVersion, RegisteredModel, Registry } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { ExperimentRecord, RunsService } from '#electron/features/runs/index.ts'
import { allRuns, type ChosenModel, type ChosenRun, modelsOfRuns, modelsWithoutRun, runsOf } from './queries.ts'

/** What an export reads from. */
export type ExportServices = {
  readonly runs: RunsService
  readonly models: ModelsService
  readonly registry: Registry
}

/** What goes along. */
export type Selection = {
  readonly experiments: readonly ExperimentRecord[]
  readonly runs: readonly ChosenRun[]
  readonly models: readonly ChosenModel[]
  readonly registered: readonly (RegisteredModel & { readonly versions: readonly ModelVersion[] })[]
  /** Versions whose model goes along, but not they themselves. */
  readonly leftOut: readonly ModelVersion[]
}

/**
 * All of a project but its trash, or the named runs with what hangs on them. Runs in the trash that a registered version was made from go along: without
 * their files the version could not be loaded. Throws `not_found` for a run that there is not.
 */
export function select(
  { runs: runsService, registry }: ExportServices,
  project: ProjectContext,
  ids: readonly string[] | undefined,
): Selection {
  const { db } = project
  const runs = ids === undefined ? allRuns(db) : runsOf(db, ids)
  const found = new Set(runs.map(({ id }) => id))
  const unknown = ids?.find((id) => !found.has(id))
  if (unknown !== undefined) throw appError('not_found', `There is no run ${unknown}.`, { field: 'runs' })
  const models = [...modelsOfRuns(db, runs), ...(ids === undefined ? modelsWithoutRun(db) : [])]
  const modelIds = new Set(models.map(({ id }) => id))
  const goes = ({ run, loggedModel }: ModelVersion): boolean =>
    ids === undefined || (loggedModel === null ? run !== null && found.has(run) : modelIds.has(loggedModel))
  const versions = Map.groupBy(registry.versions(project), ({ name }) => name)
  const registered = registry.models(project).flatMap((model) => {
    const own = (versions.get(model.name) ?? []).filter(goes)
    return ids === undefined || own.length > 0 ? [{ ...model, versions: own }] : []
  })
  const used = new Set([...runs, ...models].map(({ experiment }) => experiment))
  return {
    experiments: runsService
      .listExperiments(project)
      .filter(({ id, lifecycle }) => used.has(id) || (ids === undefined && lifecycle === 'active')),
    runs,
    models: [...new Map(models.map((model) => [model.id, model])).values()],
    registered,
    leftOut: registered.flatMap(({ name }) => (versions.get(name) ?? []).filter((version) => !goes(version))),
  }
}

/** Ids of experiments as MLflow's database takes them, whole numbers of 64 bits: their own where they are such, else the next free one. */
export function experimentNumbers(experiments: readonly { readonly id: string }[]): ReadonlyMap<string, bigint> {
  const numbers = new Map<string, bigint>()
  for (const { id } of experiments) {
    if (/^(?:0|[1-9]\d{0,18})$/.test(id) && BigInt(id) < 2n ** 63n) numbers.set(id, BigInt(id))
  }
  const taken = new Set(numbers.values())
  let next = 1n
  for (const { id } of experiments) {
    if (numbers.has(id)) continue
    while (taken.has(next)) next++
    taken.add(next)
    numbers.set(id, next)
  }
  return numbers
}
