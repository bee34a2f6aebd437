import type { UndoableChange } from '#shared/contract/common.ts'
import type { models as contract } from '#shared/contract/models.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import type { Projects } from '#electron/features/projects/index.ts'
import { registryEdits as edits } from './registry/edits.ts'
import { modelDetail, modelRows, versionDetail, versionsFrom } from './registry/views.ts'

/** The `models` feature of the contract: the same registry that MLflow's clients write to. */
export function createModelHandlers({
  projects,
}: {
  readonly projects: Pick<Projects, 'require'>
}): FeatureHandlers<typeof contract> {
  const done = async (change: Promise<number | null>): Promise<UndoableChange> => ({ change: await change })
  return {
    list: ({ project }) => modelRows(projects.require(project)),
    get: ({ project, name }) => modelDetail(projects.require(project), name),
    version: ({ project, name, version }) => versionDetail(projects.require(project), name, version),
    ofRun: ({ project, run }) => versionsFrom(projects.require(project), run),
    rename: ({ project, name, to }) => done(edits.rename(projects.require(project), name, to)),
    setDescription: ({ project, description, ...of }) =>
      done(edits.setDescription(projects.require(project), of, description)),
    setTag: ({ project, key, value, ...of }) => done(edits.setTag(projects.require(project), of, key, value)),
    removeTag: ({ project, key, ...of }) => done(edits.removeTag(projects.require(project), of, key)),
    setAlias: ({ project, alias, ...of }) => done(edits.setAlias(projects.require(project), of, alias)),
    removeAlias: ({ project, name, alias }) => done(edits.removeAlias(projects.require(project), name, alias)),
    setStage: ({ project, stage, archiveOthers, ...of }) =>
      done(edits.setStage(projects.require(project), of, { stage, archive: archiveOthers })),
    removeVersion: ({ project, ...of }) => done(edits.removeVersion(projects.require(project), of)),
    remove: ({ project, name }) => done(edits.remove(projects.require(project), name)),
  }
}
