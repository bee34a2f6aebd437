import type { ForeignReader, Row } from '#electron/db/foreign/connection.ts'
import type { Pair, Stage } from '#electron/features/models/index.ts'
import type { SourceModelVersion, SourceRegisteredModel } from '../source.ts'
import { numberOf, textOf, timeOf, wordOf } from './cells.ts'
import { DEFAULT_WORKSPACE } from './experiments.ts'
import { pairOf, pairsIn } from './pairs.ts'
import {
  aliasesOf,
  allRegisteredModels,
  type ModelName,
  registeredModelTagsOf,
  versionsOf,
  versionTagsOf,
} from './queries.ts'
import type { Reading } from './reading.ts'

/** What a deleted version leaves behind. */
const TOMBSTONE = 'Deleted_Internal'
const STAGES: Readonly<Record<string, Stage>> = {
  none: 'none',
  staging: 'staging',
  production: 'production',
  archived: 'archived',
}

type Found = {
  readonly versions: readonly Row[]
  readonly tags: readonly Row[]
  readonly versionTags: readonly Row[]
  readonly aliases: readonly Row[]
}

/** By name; prompts are models too. */
export async function* registeredModelsOf(
  reading: Reading,
  signal: AbortSignal,
): AsyncGenerator<SourceRegisteredModel> {
  const rows = await reading.read(allRegisteredModels, signal)
  for (const row of rows) {
    signal.throwIfAborted()
    const workspace = wordOf(row[0])
    const name = wordOf(row[1])
    if (name === null) {
      reading.notice({ kind: 'skipped', what: 'a registered model', why: 'It has no name.' })
      continue
    }
    const found = await reading.read((db) => find(db, { workspace, name }), signal)
    yield modelIn(reading, row, { workspace, name }, found)
    await reading.breathe()
  }
}

function find(db: ForeignReader, model: ModelName): Found {
  return {
    versions: versionsOf(db, model),
    tags: registeredModelTagsOf(db, model),
    versionTags: versionTagsOf(db, model),
    aliases: aliasesOf(db, model),
  }
}

function modelIn(reading: Reading, row: Row, { workspace, name }: ModelName, found: Found): SourceRegisteredModel {
  const own = workspace === null || workspace === DEFAULT_WORKSPACE ? name : `${workspace}.${name}`
  const tags = new Map<number, Pair[]>()
  for (const [version, key, value] of found.versionTags) {
    const number = numberOf(version)
    const pair = pairOf(key, value)
    if (number === null || pair === undefined) continue
    const list = tags.get(number)
    if (list === undefined) tags.set(number, [pair])
    else list.push(pair)
  }
  const versions = found.versions.flatMap((version) => versionIn(reading, own, version, tags))
  const createdAt = timeOf(row[2]) ?? versions[0]?.createdAt ?? timeOf(row[3]) ?? 0
  return {
    name: own,
    description: textOf(row[4]) ?? '',
    createdAt,
    updatedAt: timeOf(row[3]) ?? createdAt,
    tags: pairsIn(found.tags),
    aliases: aliasesIn(reading, own, found.aliases, new Set(versions.map(({ version }) => version))),
    versions,
  }
}

function versionIn(
  { notice }: Reading,
  name: string,
  row: Row,
  tags: ReadonlyMap<number, readonly Pair[]>,
): readonly SourceModelVersion[] {
  const [versionCell, description, stageCell, sourceCell, storage, run, runLink, user, createdAt, updatedAt] = row
  const stage = wordOf(stageCell)
  if (stage === TOMBSTONE) return []
  const version = numberOf(versionCell)
  if (version === null || !Number.isSafeInteger(version) || version < 1) {
    notice({ kind: 'skipped', what: `a version of model ${name}`, why: 'Its number can not be used.' })
    return []
  }
  const known = stage === null ? 'none' : STAGES[stage.toLowerCase()]
  if (known === undefined)
    notice({ kind: 'changed', what: `${name} version ${version}`, why: `Its stage ${stage ?? ''} is not known.` })
  tellStatus(notice, `${name} version ${version}`, wordOf(row[10]), wordOf(row[11]))
  const source = textOf(sourceCell) ?? ''
  const created = timeOf(createdAt) ?? timeOf(updatedAt) ?? 0
  return [
    {
      version,
      description: textOf(description),
      stage: known ?? 'none',
      source,
      storageLocation: wordOf(storage),
      run: wordOf(run),
      runLink: textOf(runLink) ?? '',
      loggedModel: /^models:\/(m-[^/]+)/.exec(source)?.[1] ?? null,
      user: wordOf(user),
      createdAt: created,
      updatedAt: timeOf(updatedAt) ?? created,
      tags: tags.get(version) ?? [],
    },
  ]
}

function tellStatus(notice: Reading['notice'], what: string, status: string | null, message: string | null): void {
  if (status === null || status === 'READY') return
  notice({
    kind: 'noticed',
    what,
    why: `MLflow had not made it ready: ${status}${message === null ? '' : `, ${message}`}.`,
  })
}

function aliasesIn(
  { notice }: Reading,
  name: string,
  rows: readonly Row[],
  versions: ReadonlySet<number>,
): SourceRegisteredModel['aliases'] {
  return rows.flatMap(([aliasCell, versionCell]) => {
    const alias = wordOf(aliasCell)
    const version = numberOf(versionCell)
    if (alias !== null && version !== null && versions.has(version)) return [{ alias, version }]
    notice({
      kind: 'skipped',
      what: `alias ${alias ?? ''} of model ${name}`,
      why: 'It names a version that is not there.',
    })
    return []
  })
}
