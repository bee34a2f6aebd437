import type { ImportNote } from '#shared/contract/imports.ts'
import {
  allVersions,
  type ModelVersion,
  type Pair,
  type RegisteredModel,
  registeredModels,
  withdrawModel,
  withdrawVersion,
} from '#electron/features/models/index.ts'
import type { ProjectContext, UndoStep } from '#electron/features/projects/index.ts'
import { mark } from './came.ts'
import { type BroughtRow, broughtRows, knownElsewhere } from './model-queries.ts'
import { type Came, parseCameRegistered } from './take-registered.ts'

export type TakenBackModels = {
  readonly models: number
  readonly versions: number
  /** What it brought and what stays, with why. */
  readonly kept: readonly ImportNote[]
  /** Why versions stay that it brought, by `model id/number`. */
  readonly whys: ReadonlyMap<string, string>
  /** The way back. */
  readonly steps: readonly UndoStep[]
}

/**
 * Deletes the registered models and versions that a source alone brought and that are as they came. What somebody has changed, added or pointed an alias at since
 * stays, with the model around it. Part of the caller's write.
 */
export function takeBackModels(project: ProjectContext, source: number): TakenBackModels {
  const { db } = project
  const elsewhere = knownElsewhere(db, source)
  const versionRows = Map.groupBy(broughtRows(db, source, 'version'), ({ foreign }) =>
    foreign.slice(0, foreign.lastIndexOf('/')),
  )
  const taken = {
    models: 0,
    versions: 0,
    kept: [] as ImportNote[],
    steps: [] as UndoStep[],
    whys: new Map<string, string>(),
  }
  for (const row of broughtRows(db, source, 'registered')) {
    const [model] = registeredModels(db, Number(row.here))
    // What was deleted here is gone already.
    if (model === undefined) continue
    const stays = (of: string, why: string): void => void taken.kept.push({ kind: 'noticed', what: of, why })
    const touched = row.made === 0 ? undefined : whyModelStays(row, model, elsewhere)
    if (touched !== undefined) {
      stays(`registered model ${model.name}`, touched)
      continue
    }
    const came = parseCameRegistered(row.came)
    const brought = new Map((versionRows.get(row.foreign) ?? []).map((one) => [Number(one.here), one]))
    const versions = allVersions(db, model.id)
    const whys = versions.map((version) => {
      const from = brought.get(version.version)
      return from === undefined || from.made === 0 ? 'here' : whyVersionStays(from, version, { model, came, elsewhere })
    })
    for (const [at, why] of whys.entries()) {
      const number = versions[at]?.version ?? 0
      if (why === undefined || why === 'here') continue
      stays(`${model.name} version ${number}`, why)
      taken.whys.set(`${model.id}/${number}`, why)
    }
    const going = versions.filter((_, at) => whys[at] === undefined)
    taken.versions += going.length
    if (row.made === 1 && going.length === versions.length) {
      taken.models++
      taken.steps.push(...withdrawModel(project, model))
      continue
    }
    for (const version of going) taken.steps.push(...withdrawVersion(project, version, model.updatedAt))
    if (row.made === 1 && whys.includes('here'))
      stays(`registered model ${model.name}`, 'it has versions that were registered here')
  }
  return taken
}

const UNKNOWN = 'whether it came with this import was not kept then'
const ELSEWHERE = 'it came from another source too'

/** Why a model stays whole; undefined where it may go, if its versions do. */
function whyModelStays(row: BroughtRow, model: RegisteredModel, elsewhere: ReadonlySet<string>): string | undefined {
  const came = parseCameRegistered(row.came)
  if (row.made === null) return UNKNOWN
  if (elsewhere.has(row.here)) return ELSEWHERE
  if (model.name !== row.foreign) return 'it was renamed here'
  if (mark(model.description) !== came.description) return 'its description was changed here'
  if (!areAsCame(model.tags, came.tags)) return 'its tags were changed here'
  return undefined
}

type Around = { readonly model: RegisteredModel; readonly came: Came; readonly elsewhere: ReadonlySet<string> }

function whyVersionStays(
  row: BroughtRow,
  version: ModelVersion,
  { model, came: modelCame, elsewhere }: Around,
): string | undefined {
  const came = parseCameRegistered(row.came)
  if (row.made === null) return UNKNOWN
  if (elsewhere.has(`${model.id}/${version.version}`)) return ELSEWHERE
  if (mark(version.description ?? '') !== came.description) return 'its description was changed here'
  if (version.stage !== came.stage) return 'its stage was changed here'
  if (!areAsCame(version.tags, came.tags)) return 'its tags were changed here'
  const given = modelCame.given.filter((alias) => modelCame.aliases[alias] === version.version)
  const added = version.aliases.find((alias) => !given.includes(alias))
  if (added !== undefined) return `it was given the alias ${added} here`
  const lost = given.find((alias) => !version.aliases.includes(alias))
  return lost === undefined ? undefined : `its alias ${lost} was taken from it here`
}

function areAsCame(tags: readonly Pair[], came: Came['tags']): boolean {
  return (
    tags.length === Object.keys(came).length &&
    tags.every(({ key, value }) => Object.hasOwn(came, key) && came[key] === mark(value))
  )
}
