import { noteLimits } from './mlflow-limits.ts'
import type { MlflowWriter } from './mlflow-writer.ts'
import type { Notes } from './notes.ts'
import type { Selection } from './selection.ts'

type Registered = Selection['registered'][number]
type Version = Registered['versions'][number]

/** Writes a registered model with its versions. `placeOf` says where an address is in the export. */
export async function writeRegistered(
  writer: MlflowWriter,
  notes: Notes,
  model: Registered,
  placeOf: (address: string) => string,
): Promise<void> {
  const { name, versions } = model
  await writer.rows(
    'registered_models',
    ['name', 'creation_time', 'last_updated_time', 'description'],
    [[name, model.createdAt, model.updatedAt, model.description === '' ? null : model.description]],
  )
  for (const { key, value } of model.tags) noteLimits(notes, `registered model ${name}`, 'tag', key, value)
  await writer.rows(
    'registered_model_tags',
    ['key', 'value', 'name'],
    model.tags.map(({ key, value }) => [key, value, name]),
  )
  await writer.rows(
    'model_versions',
    VERSION,
    versions.map((version) => versionRow(version, placeOf)),
  )
  await writer.rows(
    'model_version_tags',
    ['key', 'value', 'name', 'version'],
    versions.flatMap(({ version, tags }) => tags.map(({ key, value }) => [key, value, name, version])),
  )
  await writer.rows(
    'registered_model_aliases',
    ['alias', 'version', 'name'],
    versions.flatMap(({ version, aliases }) => aliases.map((alias) => [alias, version, name])),
  )
}

const VERSION = [
  'name',
  'version',
  'creation_time',
  'last_updated_time',
  'description',
  'user_id',
  'current_stage',
  'source',
  'storage_location',
  'run_id',
  'run_link',
  'status',
] as const

function versionRow(version: Version, placeOf: (address: string) => string) {
  const { stage } = version
  return [
    version.name,
    version.version,
    version.createdAt,
    version.updatedAt,
    version.description,
    version.user,
    stage.charAt(0).toUpperCase() + stage.slice(1),
    placeOf(version.source),
    placeOf(version.storageLocation),
    version.run,
    version.runLink,
    'READY',
  ] as const
}
