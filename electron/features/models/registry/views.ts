import type {
  ModelVersionDetail,
  ModelVersionRow,
  RegisteredModelDetail,
  RegisteredModelRow,
  RunVersion,
  SourceRun,
} from '#shared/contract/models.ts'
import type { ReadDb } from '#electron/db/connection.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { findModel, withDetails } from '../queries.ts'
import type { LoggedModelRecord, ModelMetric } from '../records.ts'
import { ownerOfVersion } from './address.ts'
import { existingBundle, existingVersion } from './existing.ts'
import { allVersions, registeredModels, versionCounts, versionsOfRun } from './queries.ts'
import type { ModelVersion, RegisteredModel } from './records.ts'
import { isPrompt } from './rules.ts'

/** All registered models but prompts, by name. */
export function modelRows({ db }: ProjectContext): readonly RegisteredModelRow[] {
  const found = registeredModels(db).filter((model) => !isPrompt(model))
  const counts = versionCounts(db)
  const runs = sourceRuns(
    db,
    found.map((model) => newestOf(model)?.run ?? null),
  )
  return found.map((model) => rowOf(model, counts.get(model.id) ?? 0, runs))
}

/** A registered model with its versions, newest first. Throws `not_found`. */
export function modelDetail(project: ProjectContext, name: string): RegisteredModelDetail {
  const { db } = project
  const model = existingBundle(project, name)
  const versions = allVersions(db, model.id)
  const runs = sourceRuns(
    db,
    versions.map(({ run }) => run),
  )
  const list = versions.map((version) => versionRow(version, loggedOf(db, version), runs))
  return { ...rowOf(model, versions.length, runs), list: list.toReversed() }
}

/** A version with where its files are and what it was measured at. Throws `not_found`. */
export function versionDetail(project: ProjectContext, name: string, number: number): ModelVersionDetail {
  const { db } = project
  const version = existingVersion(project, name, String(number))
  const logged = loggedOf(db, version)
  const [bundle] = logged === undefined ? [] : withDetails(db, [logged])
  return {
    ...versionRow(version, logged, sourceRuns(db, [version.run])),
    source: version.source,
    location: version.storageLocation,
    files: filesOf(db, version),
    why: logged?.status === 'failed' ? logged.statusMessage : null,
    metrics: latestOf(bundle?.metrics ?? []),
  }
}

/** What was registered from a run. Prompts are left out. */
export function versionsFrom({ db }: ProjectContext, run: string): readonly RunVersion[] {
  const versions = versionsOfRun(db, run)
  const models = [...new Set(versions.map(({ model }) => model))]
  const prompts = new Set(models.filter((id) => registeredModels(db, id).some(isPrompt)))
  return versions
    .filter(({ model }) => !prompts.has(model))
    .map(({ name, version, stage, aliases, createdAt, loggedModel }) => ({
      name,
      version,
      stage,
      aliases,
      createdAt,
      loggedModel,
    }))
}

function rowOf(model: RegisteredModel, versions: number, runs: ReadonlyMap<string, SourceRun>): RegisteredModelRow {
  const newest = newestOf(model)
  return {
    name: model.name,
    description: model.description,
    tags: model.tags,
    createdAt: model.createdAt,
    updatedAt: model.updatedAt,
    versions,
    aliases: model.aliases,
    stages: model.latest.flatMap(({ stage, version }) => (stage === 'none' ? [] : [{ stage, version }])),
    newest:
      newest === undefined
        ? null
        : { version: newest.version, createdAt: newest.createdAt, run: runOf(newest.run, runs) },
  }
}

/** The newest version of all is the newest of its stage as well. */
function newestOf({ latest }: RegisteredModel): ModelVersion | undefined {
  return latest.at(-1)
}

function versionRow(
  version: ModelVersion,
  logged: LoggedModelRecord | undefined,
  runs: ReadonlyMap<string, SourceRun>,
): ModelVersionRow {
  return {
    version: version.version,
    stage: version.stage,
    aliases: version.aliases,
    description: version.description ?? '',
    tags: version.tags,
    createdAt: version.createdAt,
    updatedAt: version.updatedAt,
    user: version.user,
    run: runOf(version.run, runs),
    state: logged?.status ?? 'ready',
    type: logged?.type ?? null,
  }
}

function loggedOf(db: ReadDb, { loggedModel }: ModelVersion): LoggedModelRecord | undefined {
  return loggedModel === null ? undefined : findModel(db, loggedModel)
}

function filesOf(db: ReadDb, { storageLocation }: ModelVersion): ModelVersionDetail['files'] {
  const owner = ownerOfVersion(storageLocation)
  if (owner === undefined) return null
  const { kind, id, path } = owner
  if (kind === 'model') return findModel(db, id) === undefined ? null : { place: 'model', run: null, model: id, path }
  return sourceRuns(db, [id]).has(id) ? { place: 'artifact', run: id, model: null, path } : null
}

/** Runs that are here, in any part of their life, by id. */
function sourceRuns(db: ReadDb, ids: readonly (string | null)[]): ReadonlyMap<string, SourceRun> {
  const found = db.all<SourceRun>(
    'SELECT id, name, number, lifecycle FROM run WHERE id IN (SELECT value FROM json_each(?))',
    JSON.stringify([...new Set(ids.filter((id) => id !== null))]),
  )
  return new Map(found.map((run) => [run.id, run]))
}

function runOf(id: string | null, runs: ReadonlyMap<string, SourceRun>): SourceRun | null {
  if (id === null || id === '') return null
  return runs.get(id) ?? { id, name: '', number: 0, lifecycle: null }
}

/** The last written value of each metric and dataset: MLflow's own rule is by step, then time. */
function latestOf(metrics: readonly ModelMetric[]): ModelVersionDetail['metrics'] {
  const latest = new Map<string, ModelMetric>()
  for (const metric of metrics) {
    const place = JSON.stringify([metric.key, metric.datasetName])
    const before = latest.get(place)
    if (
      before === undefined ||
      metric.step > before.step ||
      (metric.step === before.step && metric.time >= before.time)
    )
      latest.set(place, metric)
  }
  return [...latest.values()].map(({ key, value, step, datasetName }) => ({ key, value, step, dataset: datasetName }))
}
