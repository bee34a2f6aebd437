import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { Pair } from '../records.ts'
import { aliasedVersion, allVersions, findRegisteredModel, findVersion, registeredModels } from './queries.ts'
import type { ModelVersion, RegisteredModel, RegisteredModelRecord, Stage } from './records.ts'
import { checkAlias, checkModelName, LATEST } from './rules.ts'
import {
  changeModel,
  dropAlias,
  dropModel,
  dropVersion,
  insertModel,
  insertVersion,
  moveToStage,
  type NewVersion,
  putAlias,
  putModelTags,
  putVersionTags,
  removeModelTag,
  removeVersionTag,
  describeVersion,
} from './writes.ts'

/**
 * Registered models and their versions, with MLflow's semantics. Each write resolves once it is on disk. Versions are numbered from 1 for each
 * model and given as clients write them, as texts. Errors are AppErrors in MLflow's words: `not_found`, `conflict` for a taken name, `invalid`
 * for names, aliases, stages and numbers that are none.
 */
export type Registry = {
  readonly create: (
    project: ProjectContext,
    model: { readonly name: string; readonly description: string; readonly tags: readonly Pair[] },
  ) => Promise<RegisteredModel>
  readonly model: (project: ProjectContext, name: string) => RegisteredModel
  /** All, by name. */
  readonly models: (project: ProjectContext) => readonly RegisteredModel[]
  readonly describe: (project: ProjectContext, name: string, description: string) => Promise<RegisteredModel>
  readonly rename: (project: ProjectContext, name: string, to: string) => Promise<RegisteredModel>
  /** With all versions. The name is free again; what was there can still be found in the database. */
  readonly remove: (project: ProjectContext, name: string) => Promise<void>
  readonly setTags: (project: ProjectContext, name: string, tags: readonly Pair[]) => Promise<void>
  readonly deleteTag: (project: ProjectContext, name: string, key: string) => Promise<void>

  readonly createVersion: (project: ProjectContext, name: string, version: NewVersion) => Promise<ModelVersion>
  readonly version: (project: ProjectContext, name: string, version: string) => ModelVersion
  /** All of all models, by model and number. */
  readonly versions: (project: ProjectContext) => readonly ModelVersion[]
  readonly describeVersion: (
    project: ProjectContext,
    name: string,
    version: string,
    description: string | null,
  ) => Promise<ModelVersion>
  /** `archive` moves the versions that are in the stage now to `archived`. */
  readonly moveToStage: (
    project: ProjectContext,
    name: string,
    version: string,
    to: { readonly stage: Stage; readonly archive: boolean },
  ) => Promise<ModelVersion>
  /** Its aliases go with it; its number is never given again. */
  readonly removeVersion: (project: ProjectContext, name: string, version: string) => Promise<void>
  readonly setVersionTags: (
    project: ProjectContext,
    name: string,
    version: string,
    tags: readonly Pair[],
  ) => Promise<void>
  readonly deleteVersionTag: (project: ProjectContext, name: string, version: string, key: string) => Promise<void>

  readonly setAlias: (project: ProjectContext, name: string, alias: string, version: string) => Promise<void>
  readonly deleteAlias: (project: ProjectContext, name: string, alias: string) => Promise<void>
  /** The version that an alias points to, or the newest for `latest`. */
  readonly versionByAlias: (project: ProjectContext, name: string, alias: string) => ModelVersion
}

export function createRegistry(): Registry {
  const write = async <Result>(project: ProjectContext, work: () => Result): Promise<Result> => {
    if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
    const result = await project.commits.enqueue(work)
    project.changed({ project: project.id, entity: 'model', ids: [] })
    return result
  }
  const model = (project: ProjectContext, name: string): RegisteredModel => {
    const { id } = existingModel(project, name)
    const [found] = registeredModels(project.db, id)
    if (found === undefined) throw noModel(name)
    return found
  }
  return {
    create: (project, given) =>
      write(project, () => {
        insertModel(project, given)
        return model(project, given.name)
      }),
    model,
    models: ({ db }) => registeredModels(db),
    describe: (project, name, description) =>
      write(project, () => {
        changeModel(project, existingModel(project, name).id, { description })
        return model(project, name)
      }),
    rename: (project, name, to) =>
      write(project, () => {
        checkModelName(to, 'new_name')
        changeModel(project, existingModel(project, name).id, { name: to })
        return model(project, to)
      }),
    remove: (project, name) => write(project, () => dropModel(project, existingModel(project, name).id)),
    setTags: (project, name, tags) =>
      write(project, () => putModelTags(project, existingModel(project, name).id, tags)),
    deleteTag: (project, name, key) =>
      write(project, () => removeModelTag(project, existingModel(project, name).id, key)),

    createVersion: (project, name, given) =>
      write(project, () => {
        checkModelName(name)
        const { id } = existingModel(project, name)
        return existingVersion(project, name, String(insertVersion(project, id, given)))
      }),
    version: existingVersion,
    versions: ({ db }) => allVersions(db),
    describeVersion: (project, name, version, description) =>
      write(project, () => {
        describeVersion(project, existingVersion(project, name, version), description)
        return existingVersion(project, name, version)
      }),
    moveToStage: (project, name, version, { stage, archive }) =>
      write(project, () => {
        moveToStage(project, existingVersion(project, name, version), stage, archive)
        return existingVersion(project, name, version)
      }),
    removeVersion: (project, name, version) =>
      write(project, () => dropVersion(project, existingVersion(project, name, version))),
    setVersionTags: (project, name, version, tags) =>
      write(project, () => putVersionTags(project, existingVersion(project, name, version), tags)),
    deleteVersionTag: (project, name, version, key) =>
      write(project, () => removeVersionTag(project, existingVersion(project, name, version), key)),

    setAlias: (project, name, alias, version) =>
      write(project, () => putAlias(project, existingVersion(project, name, version), alias)),
    deleteAlias: (project, name, alias) =>
      write(project, () => {
        checkAlias(alias)
        dropAlias(project, existingModel(project, name).id, alias)
      }),
    versionByAlias(project, name, alias) {
      checkAlias(alias)
      const { id } = existingModel(project, name)
      const isLatest = alias.toLowerCase() === LATEST
      const version = isLatest ? allVersions(project.db, id).at(-1)?.version : aliasedVersion(project.db, id, alias)
      if (version !== undefined) return existingVersion(project, name, String(version))
      if (isLatest) throw appError('not_found', `Latest version not found for model ${name}.`, { field: 'alias' })
      throw appError('invalid', `Registered model alias ${alias} not found.`, { field: 'alias' })
    },
  }
}

function existingModel(project: ProjectContext, name: string): RegisteredModelRecord {
  const found = findRegisteredModel(project.db, name)
  if (found !== undefined) return found
  // A name that nothing can have says more than that nothing has it.
  checkModelName(name)
  throw noModel(name)
}

function existingVersion(project: ProjectContext, name: string, version: string): ModelVersion {
  if (!/^\s*[+-]?\d+\s*$/.test(version))
    throw appError('invalid', `Parameter 'version' must be an integer, got '${version}'.`, { field: 'version' })
  const model = findRegisteredModel(project.db, name)
  if (model === undefined) checkModelName(name)
  const number = Number(version)
  const found =
    model === undefined || !Number.isSafeInteger(number) ? undefined : findVersion(project.db, model.id, number)
  if (found === undefined)
    throw appError('not_found', `Model Version (name=${name}, version=${version}) not found`, { field: 'version' })
  return found
}

function noModel(name: string): Error {
  return appError('not_found', `Registered Model with name=${name} not found`, { field: 'name' })
}
