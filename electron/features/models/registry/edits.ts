import { type ProjectContext, recordUndo, type UndoStep } from '#electron/features/projects/index.ts'
import { existingBundle, existingModel, existingVersion, writeRegistry } from './existing.ts'
import { aliasedVersion, allVersions } from './queries.ts'
import type { ModelVersion, Stage } from './records.ts'
import { aliasBack, withdrawModel, withdrawVersion } from './withdraw.ts'
import {
  changeModel,
  describeVersion,
  dropAlias,
  moveToStage,
  putAlias,
  putModelTags,
  putVersionTags,
  removeModelTag,
  removeVersionTag,
} from './writes.ts'

/** A registered model, or one of its versions. */
export type Registered = { readonly name: string; readonly version?: number | undefined }
export type RegisteredVersion = { readonly name: string; readonly version: number }

/**
 * What a person changes in the registry by hand. Each change keeps its inverse in the undo log, in the same transaction, and resolves with its number there; one that changes nothing keeps
 * none, and resolves with null. Errors are those of the registry.
 */
export type RegistryEdits = {
  readonly rename: (project: ProjectContext, name: string, to: string) => Promise<number | null>
  readonly setDescription: (project: ProjectContext, of: Registered, description: string) => Promise<number | null>
  readonly setTag: (project: ProjectContext, of: Registered, key: string, value: string) => Promise<number | null>
  readonly removeTag: (project: ProjectContext, of: Registered, key: string) => Promise<number | null>
  readonly setAlias: (project: ProjectContext, of: RegisteredVersion, alias: string) => Promise<number | null>
  readonly removeAlias: (project: ProjectContext, name: string, alias: string) => Promise<number | null>
  readonly setStage: (
    project: ProjectContext,
    of: RegisteredVersion,
    to: { readonly stage: Stage; readonly archive: boolean },
  ) => Promise<number | null>
  readonly removeVersion: (project: ProjectContext, of: RegisteredVersion) => Promise<number | null>
  readonly remove: (project: ProjectContext, name: string) => Promise<number | null>
}

export const registryEdits: RegistryEdits = {
  rename: (project, name, to) =>
    writeRegistry(project, () => {
      const { id, updatedAt } = existingModel(project, name)
      if (name === to) return null
      const versions = allVersions(project.db, id)
      changeModel(project, id, { name: to })
      return recordUndo(project, `Rename of model ${name}`, [
        { do: 'update', table: 'registered_model', keys: [[id]], set: { name, updated_at: updatedAt } },
        ...versions.map((version) => backTo(version, {})),
      ])
    }),
  setDescription: (project, of, description) => writeRegistry(project, () => describe(project, of, description)),
  setTag: (project, of, key, value) =>
    writeRegistry(project, () => {
      const target = found(project, of)
      const before = target.tags.find((tag) => tag.key === key)?.value
      if (before === value) return null
      if (target.version === undefined) putModelTags(project, target.model, [{ key, value }])
      else putVersionTags(project, target.version, [{ key, value }])
      return recordUndo(project, `Tag ${key} on ${wordsFor(of)}`, [
        before === undefined
          ? { do: 'remove', table: target.tagTable, keys: [[...target.key, key]] }
          : putBack(target, key, before),
      ])
    }),
  removeTag: (project, of, key) =>
    writeRegistry(project, () => {
      const target = found(project, of)
      const before = target.tags.find((tag) => tag.key === key)?.value
      if (before === undefined) return null
      if (target.version === undefined) removeModelTag(project, target.model, key)
      else removeVersionTag(project, target.version, key)
      return recordUndo(project, `Removal of tag ${key} from ${wordsFor(of)}`, [putBack(target, key, before)])
    }),
  setAlias: (project, of, alias) =>
    writeRegistry(project, () => {
      const version = existingVersion(project, of.name, String(of.version))
      const before = aliasedVersion(project.db, version.model, alias)
      if (before === version.version) return null
      putAlias(project, version, alias)
      return recordUndo(project, `Alias ${alias} of ${of.name}`, [
        before === undefined
          ? { do: 'remove', table: 'registered_model_alias', keys: [[version.model, alias]] }
          : aliasBack(version.model, alias, before),
      ])
    }),
  removeAlias: (project, name, alias) =>
    writeRegistry(project, () => {
      const { id } = existingModel(project, name)
      const before = aliasedVersion(project.db, id, alias)
      if (before === undefined) return null
      dropAlias(project, id, alias)
      return recordUndo(project, `Removal of alias ${alias} of ${name}`, [aliasBack(id, alias, before)])
    }),
  setStage: (project, of, { stage, archive }) =>
    writeRegistry(project, () => {
      const version = existingVersion(project, of.name, String(of.version))
      const { updatedAt } = existingModel(project, of.name)
      const others = archive
        ? allVersions(project.db, version.model).filter((one) => one.stage === stage && one.version !== of.version)
        : []
      if (version.stage === stage && others.length === 0) return null
      moveToStage(project, version, stage, archive)
      return recordUndo(project, `Stage of ${wordsFor(of)}`, [
        ...[version, ...others].map((one) => backTo(one, { stage: one.stage })),
        { do: 'update', table: 'registered_model', keys: [[version.model]], set: { updated_at: updatedAt } },
      ])
    }),
  removeVersion: (project, of) =>
    writeRegistry(project, () => {
      const version = existingVersion(project, of.name, String(of.version))
      const { updatedAt } = existingModel(project, of.name)
      return recordUndo(project, `Deletion of ${wordsFor(of)}`, withdrawVersion(project, version, updatedAt))
    }),
  remove: (project, name) =>
    writeRegistry(project, () => {
      const model = existingBundle(project, name)
      return recordUndo(project, `Deletion of model ${name}`, withdrawModel(project, model))
    }),
}

type Target = {
  readonly model: number
  /** Absent for the model itself. */
  readonly version: ModelVersion | undefined
  readonly key: readonly number[]
  readonly tagTable: 'registered_model_tag' | 'model_version_tag'
  readonly tags: ModelVersion['tags']
}

function found(project: ProjectContext, { name, version }: Registered): Target {
  if (version === undefined) {
    const { id, tags } = existingBundle(project, name)
    return { model: id, version: undefined, key: [id], tagTable: 'registered_model_tag', tags }
  }
  const record = existingVersion(project, name, String(version))
  const { model, tags } = record
  return { model, version: record, key: [model, record.version], tagTable: 'model_version_tag', tags }
}

function describe(project: ProjectContext, of: Registered, description: string): number | null {
  const target = found(project, of)
  const label = `Description of ${wordsFor(of)}`
  if (target.version === undefined) {
    const { id, updatedAt, description: before } = existingModel(project, of.name)
    if (before === description) return null
    changeModel(project, id, { description })
    return recordUndo(project, label, [
      {
        do: 'update',
        table: 'registered_model',
        keys: [[id]],
        set: { description: before, updated_at: updatedAt },
      },
    ])
  }
  const before = target.version.description
  if ((before ?? '') === description) return null
  describeVersion(project, target.version, description)
  return recordUndo(project, label, [backTo(target.version, { description: before })])
}

function wordsFor({ name, version }: Registered): string {
  return version === undefined ? `model ${name}` : `${name} version ${version}`
}

function backTo({ model, version, updatedAt }: ModelVersion, set: Readonly<Record<string, string | null>>): UndoStep {
  return { do: 'update', table: 'model_version', keys: [[model, version]], set: { ...set, updated_at: updatedAt } }
}

function putBack({ tagTable, key }: Target, name: string, value: string): UndoStep {
  return { do: 'put', table: tagTable, key: [...key, name], set: { value } }
}
