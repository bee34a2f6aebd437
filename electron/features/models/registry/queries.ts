import type { ReadDb } from '#electron/db/connection.ts'
import type { Pair } from '../records.ts'
import type { Alias, ModelVersion, ModelVersionRecord, RegisteredModel, RegisteredModelRecord } from './records.ts'

const MODEL = 'id, name, description, created_at AS createdAt, updated_at AS updatedAt'
const VERSION = `model, registered_model.name, version, model_version.description, stage, source,
  storage_location AS storageLocation, run, run_link AS runLink, logged_model AS loggedModel, user,
  model_version.created_at AS createdAt, model_version.updated_at AS updatedAt`
const VERSIONS = `SELECT ${VERSION} FROM model_version JOIN registered_model ON registered_model.id = model
  WHERE model_version.deleted_at IS NULL AND registered_model.deleted_at IS NULL`

/** The registered model of that name; undefined for none, or a deleted one. */
export function findRegisteredModel(db: ReadDb, name: string): RegisteredModelRecord | undefined {
  return db.get<RegisteredModelRecord>(
    `SELECT ${MODEL} FROM registered_model WHERE name = ? AND deleted_at IS NULL`,
    name,
  )
}

export function findVersion(db: ReadDb, model: number, version: number): ModelVersion | undefined {
  const record = db.get<ModelVersionRecord>(`${VERSIONS} AND model = ? AND version = ?`, model, version)
  return record === undefined ? undefined : withDetails(db, [record])[0]
}

/** The version that an alias points to. */
export function aliasedVersion(db: ReadDb, model: number, alias: string): number | undefined {
  return db.value<number>('SELECT version FROM registered_model_alias WHERE model = ? AND alias = ?', model, alias)
}

/** All versions by model and number, with tags and aliases: of one model if given. */
export function allVersions(db: ReadDb, model: number | null = null): readonly ModelVersion[] {
  const records = db.all<ModelVersionRecord>(
    `${VERSIONS} AND (@model IS NULL OR model = @model) ORDER BY model, version`,
    { model },
  )
  return withDetails(db, records)
}

/** Versions that were made from a run, or from a model that it logged, by name and the newest first; with tags and aliases. */
export function versionsOfRun(db: ReadDb, run: string): readonly ModelVersion[] {
  const records = db.all<ModelVersionRecord>(
    `${VERSIONS} AND (run = @run OR logged_model IN (SELECT id FROM logged_model WHERE source_run = @run))
      ORDER BY registered_model.name, version DESC`,
    { run },
  )
  return withDetails(db, records)
}

/** How many versions each registered model has, by its id; without those that have none. */
export function versionCounts(db: ReadDb): ReadonlyMap<number, number> {
  return new Map(
    db
      .prepare('SELECT model, count(*) FROM model_version WHERE deleted_at IS NULL GROUP BY model')
      .rows<readonly [number, number]>(),
  )
}

/** Registered models by name, with tags, aliases and newest versions: all, or one. */
export function registeredModels(db: ReadDb, model: number | null = null): readonly RegisteredModel[] {
  const models = db.all<RegisteredModelRecord>(
    `SELECT ${MODEL} FROM registered_model WHERE deleted_at IS NULL AND (@model IS NULL OR id = @model) ORDER BY name`,
    { model },
  )
  const tags = grouped(
    db.all<Pair & { readonly model: number }>(
      'SELECT model, key, value FROM registered_model_tag WHERE @model IS NULL OR model = @model ORDER BY model, key',
      { model },
    ),
    (row) => row.model,
  )
  const aliases = grouped(
    db.all<Alias & { readonly model: number }>(
      'SELECT model, alias, version FROM registered_model_alias WHERE @model IS NULL OR model = @model ORDER BY model, alias',
      { model },
    ),
    (row) => row.model,
  )
  const newest = db.all<ModelVersionRecord>(
    `${VERSIONS} AND (@model IS NULL OR model = @model) AND NOT EXISTS (
        SELECT 1 FROM model_version AS later
         WHERE later.model = model_version.model AND later.stage = model_version.stage
           AND later.version > model_version.version AND later.deleted_at IS NULL)
      ORDER BY model, version`,
    { model },
  )
  const latest = grouped(withDetails(db, newest), (row) => row.model)
  return models.map((record) => ({
    ...record,
    tags: (tags.get(record.id) ?? []).map(({ key, value }) => ({ key, value })),
    aliases: (aliases.get(record.id) ?? []).map(({ alias, version }) => ({ alias, version })),
    latest: latest.get(record.id) ?? [],
  }))
}

/** Adds tags and aliases, in two statements however many the versions are. */
function withDetails(db: ReadDb, records: readonly ModelVersionRecord[]): readonly ModelVersion[] {
  const models = JSON.stringify([...new Set(records.map(({ model }) => model))])
  const placeOf = (row: { readonly model: number; readonly version: number }): string => `${row.model} ${row.version}`
  const tags = grouped(
    db.all<Pair & { readonly model: number; readonly version: number }>(
      'SELECT model, version, key, value FROM model_version_tag WHERE model IN (SELECT value FROM json_each(?)) ORDER BY model, version, key',
      models,
    ),
    placeOf,
  )
  const aliases = grouped(
    db.all<Alias & { readonly model: number }>(
      'SELECT model, version, alias FROM registered_model_alias WHERE model IN (SELECT value FROM json_each(?)) ORDER BY model, alias',
      models,
    ),
    placeOf,
  )
  return records.map((record) => ({
    ...record,
    tags: (tags.get(placeOf(record)) ?? []).map(({ key, value }) => ({ key, value })),
    aliases: (aliases.get(placeOf(record)) ?? []).map(({ alias }) => alias),
  }))
}

function grouped<Key, Row>(rows: readonly Row[], keyOf: (row: Row) => Key): ReadonlyMap<Key, readonly Row[]> {
  return Map.groupBy(rows, keyOf)
}
