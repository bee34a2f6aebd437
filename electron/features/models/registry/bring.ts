import type { ReadDb } from '#electron/db/connection.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { Pair } from '../records.ts'
import type { RegisteredModelRecord, Stage } from './records.ts'
import { checkModelName } from './rules.ts'
import { type NewVersion, putModelTags, putVersionTags } from './writes.ts'

/** A registered model as another tracker has it. Times are milliseconds since 1970. */
export type BroughtModel = Pick<RegisteredModelRecord, 'name' | 'description' | 'createdAt' | 'updatedAt'> & {
  readonly tags: readonly Pair[]
}

/** A version as another tracker has it. */
export type BroughtVersion = NewVersion & {
  readonly stage: Stage
  readonly createdAt: number
  readonly updatedAt: number
}

/** Inserts a registered model with its own times. Part of the caller's write; the name has to be free. Throws `invalid` for a name that is none. */
export function bringModel(project: ProjectContext, given: BroughtModel): number {
  checkModelName(given.name)
  const { lastId } = project.db.run(
    'INSERT INTO registered_model (name, description, created_at, updated_at) VALUES (?, ?, ?, ?)',
    given.name,
    given.description,
    Math.round(given.createdAt),
    Math.round(given.updatedAt),
  )
  putModelTags(project, lastId, given.tags)
  return lastId
}

/** Inserts a version under a number that is free. */
export function bringVersion(project: ProjectContext, model: number, version: number, given: BroughtVersion): void {
  const { db } = project
  db.run(
    `INSERT INTO model_version
       (model, version, description, stage, source, storage_location, run, run_link, logged_model, user, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    model,
    version,
    given.description,
    given.stage,
    given.source,
    given.storageLocation,
    given.run,
    given.runLink,
    given.loggedModel,
    given.user,
    Math.round(given.createdAt),
    Math.round(given.updatedAt),
  )
  db.run('UPDATE registered_model SET last_version = max(last_version, ?) WHERE id = ?', version, model)
  putVersionTags(project, { model, version }, given.tags)
}

/** A number that was given, to a version that is still there or not. */
export type GivenNumber = {
  readonly version: number
  readonly source: string
  readonly run: string | null
  readonly loggedModel: string | null
  readonly deleted: number
}

/** Numbers of a registered model that can't be given again, and the greatest there ever was. */
export function givenNumbers(
  db: ReadDb,
  model: number,
): { readonly last: number; readonly versions: ReadonlyMap<number, GivenNumber> } {
  const rows = db.all<GivenNumber>(
    `SELECT version, source, run, logged_model AS loggedModel, deleted_at IS NOT NULL AS deleted FROM model_version WHERE model = ?`,
    model,
  )
  return {
    last: db.value<number>('SELECT last_version FROM registered_model WHERE id = ?', model) ?? 0,
    versions: new Map(rows.map((row) => [row.version, row])),
  }
}

/** True while the registered model is there and not deleted. */
export function isThere(db: ReadDb, model: number): boolean {
  return db.value<number>('SELECT 1 FROM registered_model WHERE id = ? AND deleted_at IS NULL', model) === 1
}
