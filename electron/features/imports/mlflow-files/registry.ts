import { join } from 'node:path'
import type { Stage } from '#electron/features/models/index.ts'
import type { SourceModelVersion, SourceRegisteredModel } from '../source.ts'
import { textOf, timeOf, wordOf } from './fields.ts'
import { entriesOf, named, type Place, readText } from './files.ts'
import { keyedFiles, keyedValues } from './keyed-files.ts'
import { fileTime } from './logged-models.ts'
import type { Meta } from './meta.ts'
import { readMeta } from './read-meta.ts'

type Named = { readonly name: string; readonly path: string; readonly meta: Meta }

/** Folders of the registry that are registered models. */
export function registeredFolders(place: Place): readonly Named[] {
  return entriesOf(place, join(place.root, 'models'), 'folders').flatMap(({ name, path, kind }) => {
    const meta = kind === 'folder' ? readMeta(place, path) : undefined
    if (meta === undefined || meta === 'damaged') return []
    // The folder's name is what MLflow finds it by.
    const title = wordOf(meta, 'name') ?? name
    if (title !== name)
      place.notice({ kind: 'changed', what: named(place, path), why: `its meta.yaml calls it “${title}”` })
    return [{ name, path, meta }]
  })
}

/** A registered model with its versions by number. Versions that were deleted are left out: MLflow keeps their metas as tombstones. */
export function readRegisteredModel(place: Place, { name, path, meta }: Named): SourceRegisteredModel {
  const versions = readVersions(place, path)
  const numbers = new Set(versions.map(({ version }) => version))
  const created = timeOf(meta, 'creation_timestamp') ?? fileTime(path)
  return {
    name,
    description: wordOf(meta, 'description') ?? '',
    createdAt: created,
    updatedAt: timeOf(meta, 'last_updated_timestamp') ?? created,
    tags: keyedValues(place, join(path, 'tags')),
    aliases: keyedFiles(place, join(path, 'aliases')).flatMap((file) => {
      const word = (readText(place, file.path, 1 << 10) ?? '').trim()
      const version = Number(word)
      if (/^\d+$/.test(word) && numbers.has(version)) return [{ alias: file.key, version }]
      const why = `it points to version “${word.slice(0, 20)}”, which is not there`
      place.notice({ kind: 'skipped', what: named(place, file.path), why })
      return []
    }),
    versions,
  }
}

/** Versions of a registered model's folder. */
export function readVersions(place: Place, path: string): readonly SourceModelVersion[] {
  const versions = entriesOf(place, path, 'folders').flatMap((entry) => {
    const number = /^version-(\d{1,9})$/.exec(entry.name)?.[1]
    if (number === undefined || entry.kind === 'file') return []
    const meta = readMeta(place, entry.path)
    if (meta === undefined || meta === 'damaged' || textOf(meta, 'current_stage') === 'Deleted_Internal') return []
    return [versionOf(place, entry.path, Number(number), meta)]
  })
  return versions.toSorted((a, b) => a.version - b.version)
}

const STAGE: Readonly<Record<string, Stage>> = {
  none: 'none',
  staging: 'staging',
  production: 'production',
  archived: 'archived',
}

function versionOf(place: Place, path: string, version: number, meta: Meta): SourceModelVersion {
  const source = wordOf(meta, 'source') ?? ''
  const stage = (textOf(meta, 'current_stage') ?? 'None').toLowerCase()
  if (STAGE[stage] === undefined) {
    place.notice({ kind: 'changed', what: named(place, path), why: `its stage “${stage}” is none of MLflow's` })
  }
  const created = timeOf(meta, 'creation_timestamp') ?? fileTime(path)
  return {
    version,
    description: wordOf(meta, 'description'),
    stage: STAGE[stage] ?? 'none',
    source,
    storageLocation: wordOf(meta, 'storage_location'),
    run: wordOf(meta, 'run_id'),
    runLink: wordOf(meta, 'run_link') ?? '',
    loggedModel: wordOf(meta, 'model_id') ?? /^models:\/(m-[\w-]+)$/.exec(source)?.[1] ?? null,
    user: wordOf(meta, 'user_id'),
    createdAt: created,
    updatedAt: timeOf(meta, 'last_updated_timestamp') ?? created,
    tags: keyedValues(place, join(path, 'tags')),
  }
}
