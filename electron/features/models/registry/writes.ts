import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { Pair } from '../records.ts'
import { findRegisteredModel } from './queries.ts'
import type { ModelVersionRecord, Stage } from './records.ts'
import { checkModelName, checkNewAlias } from './rules.ts'

export type NewVersion = Pick<
  ModelVersionRecord,
  'description' | 'source' | 'storageLocation' | 'run' | 'runLink' | 'loggedModel' | 'user'
> & { readonly tags: readonly Pair[] }

type Place = Pick<ModelVersionRecord, 'model' | 'version'>

export function insertModel(
  project: ProjectContext,
  { name, description, tags }: { readonly name: string; readonly description: string; readonly tags: readonly Pair[] },
): void {
  checkFree(project, name)
  const now = time(project)
  const { lastId } = project.db.run(
    'INSERT INTO registered_model (name, description, created_at, updated_at) VALUES (?, ?, ?, ?)',
    name,
    description,
    now,
    now,
  )
  putModelTags(project, lastId, tags)
}

export function changeModel(
  project: ProjectContext,
  model: number,
  change: { readonly name?: string; readonly description?: string },
): void {
  const { db } = project
  const now = time(project)
  if (change.name !== undefined) {
    checkModelName(change.name, 'new_name')
    const taken = findRegisteredModel(db, change.name)
    if (taken !== undefined && taken.id !== model) throw nameTaken(change.name)
    db.run('UPDATE registered_model SET name = ? WHERE id = ?', change.name, model)
    db.run('UPDATE model_version SET updated_at = ? WHERE model = ? AND deleted_at IS NULL', now, model)
  }
  if (change.description !== undefined)
    db.run('UPDATE registered_model SET description = ? WHERE id = ?', change.description, model)
  db.run('UPDATE registered_model SET updated_at = ? WHERE id = ?', now, model)
}

export function dropModel(project: ProjectContext, model: number): void {
  const { db } = project
  const now = time(project)
  db.run('DELETE FROM registered_model_alias WHERE model = ?', model)
  db.run('UPDATE model_version SET deleted_at = ? WHERE model = ? AND deleted_at IS NULL', now, model)
  db.run('UPDATE registered_model SET deleted_at = ? WHERE id = ?', now, model)
}

export function putModelTags({ db }: ProjectContext, model: number, tags: readonly Pair[]): void {
  for (const { key, value } of tags)
    db.run(
      'INSERT INTO registered_model_tag (model, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
      model,
      key,
      value,
    )
}

/** A tag that isn't there is no mistake: MLflow answers the same. */
export function removeModelTag({ db }: ProjectContext, model: number, key: string): void {
  db.run('DELETE FROM registered_model_tag WHERE model = ? AND key = ?', model, key)
}

/** The new version's number. */
export function insertVersion(project: ProjectContext, model: number, given: NewVersion): number {
  const { db } = project
  const now = time(project)
  db.run('UPDATE registered_model SET last_version = last_version + 1, updated_at = ? WHERE id = ?', now, model)
  const version = db.value<number>('SELECT last_version FROM registered_model WHERE id = ?', model) ?? 1
  db.run(
    `INSERT INTO model_version (model, version, description, source, storage_location, run, run_link, logged_model, user, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    model,
    version,
    given.description,
    given.source,
    given.storageLocation,
    given.run,
    given.runLink,
    given.loggedModel,
    given.user,
    now,
    now,
  )
  putVersionTags(project, { model, version }, given.tags)
  return version
}

export function describeVersion(project: ProjectContext, { model, version }: Place, description: string | null): void {
  project.db.run(
    'UPDATE model_version SET description = ?, updated_at = ? WHERE model = ? AND version = ?',
    description,
    time(project),
    model,
    version,
  )
}

export function moveToStage(project: ProjectContext, { model, version }: Place, stage: Stage, archive: boolean): void {
  const { db } = project
  const now = time(project)
  if (archive && stage !== 'staging' && stage !== 'production') {
    const word = stage === 'none' ? 'None' : 'Archived'
    throw appError(
      'invalid',
      `Model version transition cannot archive existing model versions because '${word}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
      { field: 'stage' },
    )
  }
  if (archive)
    db.run(
      `UPDATE model_version SET stage = 'archived', updated_at = ?
        WHERE model = ? AND stage = ? AND version <> ? AND deleted_at IS NULL`,
      now,
      model,
      stage,
      version,
    )
  db.run(
    'UPDATE model_version SET stage = ?, updated_at = ? WHERE model = ? AND version = ?',
    stage,
    now,
    model,
    version,
  )
  db.run('UPDATE registered_model SET updated_at = ? WHERE id = ?', now, model)
}

export function dropVersion(project: ProjectContext, { model, version }: Place): void {
  const { db } = project
  const now = time(project)
  db.run('DELETE FROM registered_model_alias WHERE model = ? AND version = ?', model, version)
  db.run('UPDATE model_version SET deleted_at = ? WHERE model = ? AND version = ?', now, model, version)
  db.run('UPDATE registered_model SET updated_at = ? WHERE id = ?', now, model)
}

export function putVersionTags({ db }: ProjectContext, { model, version }: Place, tags: readonly Pair[]): void {
  for (const { key, value } of tags)
    db.run(
      'INSERT INTO model_version_tag (model, version, key, value) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
      model,
      version,
      key,
      value,
    )
}

export function removeVersionTag({ db }: ProjectContext, { model, version }: Place, key: string): void {
  db.run('DELETE FROM model_version_tag WHERE model = ? AND version = ? AND key = ?', model, version, key)
}

/** Gives the alias to the version, and takes it from another one that had it. */
export function putAlias({ db }: ProjectContext, { model, version }: Place, alias: string): void {
  checkNewAlias(alias)
  db.run(
    'INSERT INTO registered_model_alias (model, alias, version) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
    model,
    alias,
    version,
  )
}

export function dropAlias({ db }: ProjectContext, model: number, alias: string): void {
  db.run('DELETE FROM registered_model_alias WHERE model = ? AND alias = ?', model, alias)
}

function checkFree({ db }: ProjectContext, name: string): void {
  checkModelName(name)
  if (findRegisteredModel(db, name) !== undefined) throw nameTaken(name)
}

function nameTaken(name: string): Error {
  return appError('conflict', `Registered Model (name=${name}) already exists.`, { field: 'name' })
}

function time({ clock }: ProjectContext): number {
  return Math.round(clock.now())
}
