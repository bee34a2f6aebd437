import { artifactRoots } from '../artifact-roots.ts'
import { type ClientCall, get, patch, post, remove, type Route } from '../call.ts'
import { isPrompt, stageOf } from '#electron/features/models/index.ts'
import { invalid } from '../errors.ts'
import { type Fields, flag, optionalText, text, texts } from '../fields.ts'
import { page, pageOffset, pageSize } from '../paging.ts'
import { searchVersions } from '../search/registry.ts'
import { checkKey, LIMITS, pairsIn, strictTag } from '../validation.ts'
import { versionSource } from '../version-source.ts'
import { wireVersion } from '../wire-registry.ts'
import { optionalInteger } from '../whole-numbers.ts'

/** `model-versions/...`. */
export const modelVersionRoutes: readonly Route[] = [
  post('model-versions/create', createVersion),
  get('model-versions/get', ({ services, project, fields }) => ({
    model_version: wireVersion(services.registry.version(project, ...placeIn(fields))),
  })),
  patch('model-versions/update', async ({ services, project, fields }) => {
    const description = optionalText(fields, 'description') ?? null
    const version = await services.registry.describeVersion(project, ...placeIn(fields), description)
    return { model_version: wireVersion(version) }
  }),
  post('model-versions/transition-stage', async ({ services, project, fields }) => {
    const place = placeIn(fields)
    const stage = stageOf(text(fields, 'stage'))
    const archive = flag(fields, 'archive_existing_versions')
    return { model_version: wireVersion(await services.registry.moveToStage(project, ...place, { stage, archive })) }
  }),
  remove('model-versions/delete', async ({ services, project, fields }) => {
    await services.registry.removeVersion(project, ...placeIn(fields))
  }),
  get('model-versions/get-download-uri', ({ services, project, fields }) => ({
    artifact_uri: services.registry.version(project, ...placeIn(fields)).storageLocation,
  })),
  get('model-versions/search', search),
  post('model-versions/set-tag', async ({ services, project, fields }) => {
    const place = placeIn(fields)
    const tag = { key: text(fields, 'key'), value: optionalText(fields, 'value') ?? '' }
    await services.registry.setVersionTags(project, ...place, [strictTag(tag, LIMITS.registryTagValue)])
  }),
  remove('model-versions/delete-tag', async ({ services, project, fields }) => {
    const place = placeIn(fields)
    const key = text(fields, 'key')
    checkKey(key, 'key')
    await services.registry.deleteVersionTag(project, ...place, key)
  }),
]

function placeIn(fields: Fields): readonly [name: string, version: string] {
  return [text(fields, 'name'), text(fields, 'version')]
}

/** Prompts have no files: these stand in the place of a source. */
const PROMPT_SOURCES: ReadonlySet<string> = new Set(['dummy-source', 'prompt-template'])

async function createVersion(call: ClientCall): Promise<unknown> {
  const { services, project, fields } = call
  const name = text(fields, 'name')
  const source = text(fields, 'source')
  const tags = pairsIn(fields, 'tags').map((tag) => strictTag(tag, LIMITS.registryTagValue))
  const asked = {
    source,
    run: optionalText(fields, 'run_id') || null,
    loggedModel: optionalText(fields, 'model_id') || null,
  }
  const prompt = isPrompt({ tags })
  if (prompt && !PROMPT_SOURCES.has(source))
    throw invalid(`Invalid prompt source: '${source}'. Prompt sources must use an MLflow placeholder.`)
  const found = prompt
    ? { ...asked, storageLocation: source }
    : versionSource(call, artifactRoots(services, project), asked)
  const made = await services.registry.createVersion(project, name, {
    ...found,
    description: optionalText(fields, 'description') ?? '',
    runLink: optionalText(fields, 'run_link') ?? '',
    user: null,
    tags,
  })
  if (!prompt && asked.loggedModel !== null) await noteVersion(call, asked.loggedModel, { name, version: made.version })
  return { model_version: wireVersion(made) }
}

const MODEL_VERSIONS = 'mlflow.modelVersions'

/** The logged model says under which names it is registered, in the tag that the client reads it from. */
async function noteVersion(
  { services, project }: ClientCall,
  model: string,
  version: { readonly name: string; readonly version: number },
): Promise<void> {
  if (services.models.find(project, model) === undefined) return
  const { tags } = services.models.bundle(project, model, { deleted: true })
  const before = versionsIn(tags.find(({ key }) => key === MODEL_VERSIONS)?.value)
  const value = [...before, version].map((entry) => pythonObject(entry)).join(', ')
  await services.models.setTags(project, model, [{ key: MODEL_VERSIONS, value: `[${value}]` }])
}

function versionsIn(value: string | undefined): readonly object[] {
  try {
    const list: unknown = JSON.parse(value ?? '[]')
    return Array.isArray(list) ? list.filter((entry) => typeof entry === 'object' && entry !== null) : []
  } catch {
    return []
  }
}

/** As Python's `json.dumps` spaces it. */
function pythonObject(entry: object): string {
  return `{${Object.entries(entry)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ')}}`
}

function search({ services, project, fields }: ClientCall): unknown {
  const given = optionalInteger(fields, 'max_results')
  if (given !== undefined && given < 1)
    throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${given}`)
  const size = pageSize(fields, { most: LIMITS.modelVersions, fallback: LIMITS.modelVersions })
  const offset = pageOffset(fields)
  const filter = optionalText(fields, 'filter') ?? ''
  const prompts = new Set(services.registry.models(project).flatMap((model) => (isPrompt(model) ? [model.id] : [])))
  const found = searchVersions(
    services.registry.versions(project),
    ({ model }) => prompts.has(model),
    filter,
    texts(fields, 'order_by'),
  )
  const { items, next } = page(found, offset, size)
  if (items.length === 0) return next
  return { model_versions: items.map((version) => wireVersion(version, { aliases: false })), ...next }
}
