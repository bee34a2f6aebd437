import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { findRegisteredModel, findVersion, registeredModels } from './queries.ts'
import type { ModelVersion, RegisteredModel, RegisteredModelRecord } from './records.ts'
import { checkModelName } from './rules.ts'

/** Commits a change of the registry and says so. Throws `read_only`. */
export async function writeRegistry<Result>(project: ProjectContext, work: () => Result): Promise<Result> {
  if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
  const result = await project.commits.enqueue(work)
  project.changed({ project: project.id, entity: 'model', ids: [] })
  return result
}

/** A registered model with all that hangs on it but its older versions. Throws `not_found`, or `invalid` for a name that nothing can have. */
export function existingBundle(project: ProjectContext, name: string): RegisteredModel {
  const { id } = existingModel(project, name)
  const [found] = registeredModels(project.db, id)
  if (found === undefined) throw noModel(name)
  return found
}

/** A registered model of that name. Throws `not_found`, or `invalid` for a name that nothing can have. */
export function existingModel(project: ProjectContext, name: string): RegisteredModelRecord {
  const found = findRegisteredModel(project.db, name)
  if (found !== undefined) return found
  // A name that nothing can have says more than that nothing has it.
  checkModelName(name)
  throw noModel(name)
}

/** A version as clients name it. Throws `not_found`, or `invalid` for what is no number. */
export function existingVersion(project: ProjectContext, name: string, version: string): ModelVersion {
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
