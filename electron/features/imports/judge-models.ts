import type { FoundSource } from '#shared/contract/imports.ts'
import { findRegisteredModel, givenNumbers, isLoggedModelKept } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { cameModels } from './model-queries.ts'
import type { SourceLoggedModel, SourceRegisteredModel } from './source.ts'
import { hash } from './take-registered.ts'

/** Counts the models of a store that are here as they are there, whichever source they came from. */
export type ModelJudge = {
  readonly logged: (model: SourceLoggedModel) => void
  readonly registered: (model: SourceRegisteredModel) => void
  readonly counts: () => FoundSource['modelsHere']
}

export function createModelJudge(project: ProjectContext): ModelJudge {
  const counts = { logged: 0, registered: 0, versions: 0, deleted: 0 }
  const known = cameModels(project.db)
  const hereOf = (kind: 'logged' | 'registered' | 'version', name: string, fingerprint: string): string | undefined =>
    known.get(JSON.stringify([kind, name, fingerprint]))
  return {
    logged(model) {
      if (hereOf('logged', model.id, model.fingerprint) === undefined) return
      if (isLoggedModelKept(project, model)) counts.logged++
      else counts.deleted++
    },
    registered(model) {
      const came = hereOf('registered', model.name, hash(model))
      const here = findRegisteredModel(project.db, model.name)?.id
      if (here === undefined) {
        if (came !== undefined) counts.deleted++
        return
      }
      if (came !== undefined) counts.registered++
      const { versions } = givenNumbers(project.db, here)
      for (const version of model.versions) {
        const number = hereOf('version', `${model.name}/${version.version}`, hash(version))
        if (number !== undefined && versions.get(Number(number))?.deleted === 0) counts.versions++
      }
    },
    counts: () => ({ ...counts }),
  }
}
