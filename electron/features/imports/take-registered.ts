import { createHash } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '#shared/rpc/errors.ts'
import {
  allVersions,
  bringModel,
  bringVersion,
  changeModel,
  describeVersion,
  findRegisteredModel,
  type GivenNumber,
  givenNumbers,
  isThere,
  moveToStage,
  type Pair,
  putAlias,
  putModelTags,
  putVersionTags,
  registeredModels,
} from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { mark, mergeTags, parseKept } from './came.ts'
import { experimentOfModel, experimentOfRun, type KnownModel, knownModels, putModel } from './model-queries.ts'
import type { SourceModelVersion, SourceRegisteredModel } from './source.ts'
import type { Tally } from './tally.ts'
import { type RootedSource, rootedSource } from './version-source.ts'

/** What came with a registered model or a version last. */
const Came = z.object({
  description: z.string().catch(''),
  stage: z.string().catch(''),
  tags: z.record(z.string(), z.string()).catch({}),
  /** The number of the version here that an alias pointed to. */
  aliases: z.record(z.string(), z.number()).catch({}),
  /** Those of the aliases that do so here. */
  given: z.array(z.string()).readonly().catch([]),
})
export type Came = z.infer<typeof Came>

const LIST = ['registered', 'version'] as const
export type KnownRegistered = Readonly<Record<(typeof LIST)[number], ReadonlyMap<string, KnownModel>>>

/** What the source's registry was when it was read last. */
export function knownRegistered(project: ProjectContext, source: number): KnownRegistered {
  return {
    registered: knownModels(project.db, source, 'registered'),
    version: knownModels(project.db, source, 'version'),
  }
}

/** True for a registered model that came once and was deleted here: it stays so. */
export function isModelLeftOut({ db }: ProjectContext, known: KnownModel | undefined): boolean {
  return known !== undefined && !isThere(db, Number(known.here))
}

/**
 * Takes a registered model in, with its versions, tags and aliases. Versions keep their numbers; one whose number another version has here gets the
 * next that is free in both. What was deleted here stays so, and what was changed here is left alone. Part of the caller's write.
 */
export function takeRegistered(
  project: ProjectContext,
  source: number,
  given: SourceRegisteredModel,
  known: KnownRegistered,
  tally: Tally,
): void {
  const { db } = project
  const before = known.registered.get(given.name)
  const what = `registered model ${given.name}`
  const note = (kind: 'skipped' | 'changed', why: string): void =>
    project.commits.afterCommit(() => tally.note({ kind, what, why }))
  if (isModelLeftOut(project, before)) return
  const here = before === undefined ? findRegisteredModel(db, given.name)?.id : Number(before.here)
  const model = here ?? bringModel(project, given)
  if (here === undefined) project.commits.afterCommit(() => tally.add('registeredModels'))
  const came = parse(before)
  if (here !== undefined) mergeModel(project, model, given, came)

  const numbers = new Map<number, number>()
  const kept = givenNumbers(db, model)
  const used = new Map(kept.versions)
  let last = Math.max(kept.last, ...given.versions.map(({ version }) => version), 0)
  for (const version of given.versions.toSorted((a, b) => a.version - b.version)) {
    const foreign = `${given.name}/${version.version}`
    const fingerprint = hash(version)
    const earlier = known.version.get(foreign)
    const rooted = rootedSource(version, {
      ofRun: (run) => experimentOfRun(db, run),
      ofModel: (id) => experimentOfModel(db, id),
    })
    let number = earlier === undefined ? undefined : Number(earlier.here)
    let made = false
    if (number === undefined) {
      const taken = used.get(version.version)
      if (taken === undefined) number = version.version
      else if (isSame(taken, version, rooted)) number = taken.version
      else {
        number = ++last
        note('changed', `version ${version.version} there is version ${number} here, where another has its number`)
      }
      made = taken === undefined || number !== taken.version
      if (made) {
        bringVersion(project, model, number, { ...version, ...rooted })
        used.set(number, { version: number, ...rooted, run: version.run, loggedModel: version.loggedModel, deleted: 0 })
        project.commits.afterCommit(() => tally.add('modelVersions'))
      }
    } else if (earlier?.fingerprint !== fingerprint && used.get(number)?.deleted === 0)
      mergeVersion(project, model, number, version, parse(earlier))
    if (used.get(number)?.deleted !== 1) numbers.set(version.version, number)
    const state = JSON.stringify(cameOf(version.description ?? '', version.stage, version.tags, {}))
    putModel(db, { source, kind: 'version', foreign, here: String(number), fingerprint, came: state, made })
  }
  const aliases = putAliases(project, model, given, numbers, came, note)
  putModel(db, {
    source,
    kind: 'registered',
    foreign: given.name,
    here: String(model),
    fingerprint: hash(given),
    came: JSON.stringify({
      ...cameOf(given.description, '', given.tags, aliases),
      given: givenOf(project, model, aliases),
    }),
    made: here === undefined,
  })
}

function mergeModel(project: ProjectContext, model: number, given: SourceRegisteredModel, came: Came): void {
  const [here] = registeredModels(project.db, model)
  if (here === undefined) return
  const isUntouched = here.description === '' || came.description === mark(here.description)
  if (isUntouched && here.description !== given.description)
    changeModel(project, model, { description: given.description })
  putModelTags(project, model, mergeTags(asMap(here.tags), given.tags, came.tags).set)
}

function mergeVersion(
  project: ProjectContext,
  model: number,
  number: number,
  given: SourceModelVersion,
  came: Came,
): void {
  const here = allVersions(project.db, model).find(({ version }) => version === number)
  if (here === undefined) return
  const place = { model, version: number }
  if (came.description === mark(here.description ?? '') && here.description !== given.description)
    describeVersion(project, place, given.description)
  if (came.stage === here.stage && given.stage !== here.stage) moveToStage(project, place, given.stage, false)
  putVersionTags(project, place, mergeTags(asMap(here.tags), given.tags, came.tags).set)
}

/** An alias that points elsewhere here, by a person's will, stays. Returns where those of the source point. */
function putAliases(
  project: ProjectContext,
  model: number,
  given: SourceRegisteredModel,
  numbers: ReadonlyMap<number, number>,
  came: Came,
  note: (kind: 'skipped', why: string) => void,
): Readonly<Record<string, number>> {
  const here = new Map(
    (registeredModels(project.db, model)[0]?.aliases ?? []).map(({ alias, version }) => [alias, version]),
  )
  const pointed: Record<string, number> = {}
  for (const { alias, version } of given.aliases) {
    const number = numbers.get(version)
    if (number === undefined) continue
    const now = here.get(alias)
    const before = Object.hasOwn(came.aliases, alias) ? came.aliases[alias] : undefined
    pointed[alias] = number
    if (now === number || (before === number && now !== before)) continue
    if (now !== before) {
      note('skipped', `its alias ${alias} points to version ${now ?? 'none'} here: it stays there`)
      continue
    }
    try {
      putAlias(project, { model, version: number }, alias)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      note('skipped', `its alias ${alias}: ${error.message}`)
    }
  }
  return pointed
}

/** Aliases of the source that point here to where they point there. */
function givenOf(project: ProjectContext, model: number, pointed: Readonly<Record<string, number>>): readonly string[] {
  const here = registeredModels(project.db, model)[0]?.aliases ?? []
  return here.flatMap(({ alias, version }) => (pointed[alias] === version ? [alias] : []))
}

/** The same version, whoever registered it: of the same files. */
function isSame(here: GivenNumber, there: SourceModelVersion, rooted: RootedSource): boolean {
  return (
    (here.source === rooted.source || here.source === there.source) &&
    here.run === there.run &&
    here.loggedModel === there.loggedModel
  )
}

function cameOf(
  description: string,
  stage: string,
  tags: readonly Pair[],
  aliases: Readonly<Record<string, number>>,
): Came {
  return {
    description: mark(description),
    stage,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, mark(value)])),
    aliases: { ...aliases },
    given: [],
  }
}

/** What came with a registered model or a version last; of what is damaged, nothing. */
export function parseCameRegistered(text: string | undefined): Came {
  return parseKept(Came, text) ?? { description: '', stage: '', tags: {}, aliases: {}, given: [] }
}

function parse(known: KnownModel | undefined): Came {
  return parseCameRegistered(known?.came ?? '{}')
}

/** Two that are equal say that nothing has changed. */
export function hash(value: SourceRegisteredModel | SourceModelVersion): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)
}

function asMap(tags: readonly Pair[]): ReadonlyMap<string, string> {
  return new Map(tags.map(({ key, value }) => [key, value]))
}
