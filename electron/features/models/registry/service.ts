import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { Pair } from '../records.ts'
import { existingBundle, existingModel, existingVersion, writeRegistry } from './existing.ts'
import { aliasedVersion, allVersions, registeredModels } from './queries.ts'
import type { ModelVersion, RegisteredModel, Stage } from './records.ts'
import { checkAlias, checkModelName, checkNewAlias, LATEST } from './rules.ts'
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
  return {
    create: (project, given) =>
      writeRegistry(project, () => {
        insertModel(project, given)
        return existingBundle(project, given.name)
      }),
    model: existingBundle,
    models: ({ db }) => registeredModels(db),
    describe: (project, name, description) =>
      writeRegistry(project, () => {
        changeModel(project, existingModel(project, name).id, { description })
        return existingBundle(project, name)
      }),
    rename: (project, name, to) =>
      writeRegistry(project, () => {
        checkModelName(to, 'new_name')
        changeModel(project, existingModel(project, name).id, { name: to })
        return existingBundle(project, to)
      }),
    remove: (project, name) => writeRegistry(project, () => dropModel(project, existingModel(project, name).id)),
    setTags: (project, name, tags) =>
      writeRegistry(project, () => putModelTags(project, existingModel(project, name).id, tags)),
    deleteTag: (project, name, key) =>
      writeRegistry(project, () => removeModelTag(project, existingModel(project, name).id, key)),

    createVersion: (project, name, given) =>
      writeRegistry(project, () => {
        checkModelName(name)
        const { id } = existingModel(project, name)
        return existingVersion(project, name, String(insertVersion(project, id, given)))
      }),
    version: existingVersion,
    versions: ({ db }) => allVersions(db),
    describeVersion: (project, name, version, description) =>
      writeRegistry(project, () => {
        describeVersion(project, existingVersion(project, name, version), description)
        return existingVersion(project, name, version)
      }),
    moveToStage: (project, name, version, { stage, archive }) =>
      writeRegistry(project, () => {
        moveToStage(project, existingVersion(project, name, version), stage, archive)
        return existingVersion(project, name, version)
      }),
    removeVersion: (project, name, version) =>
      writeRegistry(project, () => dropVersion(project, existingVersion(project, name, version))),
    setVersionTags: (project, name, version, tags) =>
      writeRegistry(project, () => putVersionTags(project, existingVersion(project, name, version), tags)),
    deleteVersionTag: (project, name, version, key) =>
      writeRegistry(project, () => removeVersionTag(project, existingVersion(project, name, version), key)),

    setAlias: (project, name, alias, version) =>
      writeRegistry(project, () => {
        // Said before the version is looked for, as the real server says it.
        checkNewAlias(alias)
        putAlias(project, existingVersion(project, name, version), alias)
      }),
    deleteAlias: (project, name, alias) =>
      writeRegistry(project, () => {
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
