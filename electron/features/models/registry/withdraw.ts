import type { ProjectContext, UndoStep } from '#electron/features/projects/index.ts'
import { allVersions } from './queries.ts'
import type { ModelVersion, RegisteredModel } from './records.ts'
import { dropModel, dropVersion } from './writes.ts'

/** Deletes a registered model with all versions and aliases. Part of the caller's write. Returns the way back. */
export function withdrawModel(
  project: ProjectContext,
  { id, updatedAt, aliases }: Pick<RegisteredModel, 'id' | 'updatedAt' | 'aliases'>,
): readonly UndoStep[] {
  const versions = allVersions(project.db, id)
  dropModel(project, id)
  return [
    { do: 'update', table: 'registered_model', keys: [[id]], set: { deleted_at: null, updated_at: updatedAt } },
    ...(versions.length === 0
      ? []
      : [
          {
            do: 'update' as const,
            table: 'model_version' as const,
            keys: versions.map(({ model, version }) => [model, version]),
            set: { deleted_at: null },
          },
        ]),
    ...aliases.map(({ alias, version }) => aliasBack(id, alias, version)),
  ]
}

/** Deletes a version with its aliases. Part of the caller's write. Returns the way back; `updatedAt` is its model's. */
export function withdrawVersion(
  project: ProjectContext,
  { model, version, updatedAt: changedAt, aliases }: ModelVersion,
  updatedAt: number,
): readonly UndoStep[] {
  dropVersion(project, { model, version })
  return [
    {
      do: 'update',
      table: 'model_version',
      keys: [[model, version]],
      set: { deleted_at: null, updated_at: changedAt },
    },
    ...aliases.map((alias) => aliasBack(model, alias, version)),
    { do: 'update', table: 'registered_model', keys: [[model]], set: { updated_at: updatedAt } },
  ]
}

/** Gives an alias back to the version that had it. */
export function aliasBack(model: number, alias: string, version: number): UndoStep {
  return { do: 'put', table: 'registered_model_alias', key: [model, alias], set: { version } }
}
