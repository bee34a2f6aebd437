import type { ImportNote } from '#shared/contract/imports.ts'
import type { ReadDb } from '#electron/db/connection.ts'
import { allVersions, findModel, type ModelVersion, ownerOfVersion } from '#electron/features/models/index.ts'
import type { BroughtRun } from './queries.ts'

/**
 * Those of the runs whose files, or whose logged models' files, versions that are registered still are loaded from, by their ids; with what to say of each.
 *
 * @param whys why versions stay that would have gone, by `model id/number`.
 */
export function neededRuns(
  db: ReadDb,
  runs: readonly BroughtRun[],
  whys: ReadonlyMap<string, string>,
): ReadonlyMap<string, ImportNote> {
  const byRun = Map.groupBy(allVersions(db), (version) => runOfFiles(db, version))
  return new Map(
    runs.flatMap(({ id, name }) => {
      const [first, ...more] = byRun.get(id) ?? []
      if (first === undefined) return []
      const why = `${versionWords(first, whys)}${more.length === 0 ? ' has its' : ` and ${more.length} more have their`} files there`
      return [[id, { kind: 'noticed', what: `run ${name === '' ? id : name}`, why }]]
    }),
  )
}

/** The id of the run that goes with the files of a version; undefined for files of no run. */
function runOfFiles(db: ReadDb, { storageLocation }: ModelVersion): string | undefined {
  const owner = ownerOfVersion(storageLocation)
  return owner?.kind === 'model' ? (findModel(db, owner.id)?.sourceRun ?? undefined) : owner?.id
}

/** `version 3 of KNN, which was given the alias champion here,`. */
function versionWords({ model, version, name }: ModelVersion, whys: ReadonlyMap<string, string>): string {
  const why = whys.get(`${model}/${version}`) ?? ''
  const clause = why.startsWith('it ')
    ? `which ${why.slice('it '.length)}`
    : why.startsWith('its ')
      ? `whose ${why.slice('its '.length)}`
      : 'which stays'
  return `version ${version} of ${name}, ${clause},`
}
