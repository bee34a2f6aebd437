import { pythonRepr } from '#shared/lib/python-repr.ts'
import { AppError } from '#shared/rpc/errors.ts'
import { isPrompt, stageOf } from '#electron/features/models/index.ts'
import { type ClientCall, get, patch, post, remove, type Route } from '../call.ts'
import { MlflowError } from '../errors.ts'
import { optionalText, text, texts } from '../fields.ts'
import { page, pageOffset, pageSize } from '../paging.ts'
import { searchModels } from '../search/registry.ts'
import { checkKey, LIMITS, pairsIn, strictTag } from '../validation.ts'
import { wireRegistered, wireVersion } from '../wire-registry.ts'

/** `registered-models/...`. */
export const registeredModelRoutes: readonly Route[] = [
  post('registered-models/create', async (call) => {
    const { services, project, fields } = call
    const name = text(fields, 'name')
    const tags = pairsIn(fields, 'tags').map((tag) => strictTag(tag, LIMITS.registryTagValue))
    const description = optionalText(fields, 'description') ?? ''
    try {
      return { registered_model: wireRegistered(await services.registry.create(project, { name, description, tags })) }
    } catch (error) {
      throw isTaken(error) ? taken(call, name, isPrompt({ tags })) : error
    }
  }),
  post('registered-models/rename', async ({ services, project, fields }) => {
    const name = text(fields, 'name')
    const to = text(fields, 'new_name')
    try {
      return { registered_model: wireRegistered(await services.registry.rename(project, name, to)) }
    } catch (error) {
      throw isTaken(error) ? new MlflowError('RESOURCE_ALREADY_EXISTS', error.message) : error
    }
  }),
  patch('registered-models/update', async ({ services, project, fields }) => {
    const name = text(fields, 'name')
    const description = optionalText(fields, 'description') ?? ''
    return { registered_model: wireRegistered(await services.registry.describe(project, name, description)) }
  }),
  remove('registered-models/delete', async ({ services, project, fields }) => {
    await services.registry.remove(project, text(fields, 'name'))
  }),
  get('registered-models/get', ({ services, project, fields }) => ({
    registered_model: wireRegistered(services.registry.model(project, text(fields, 'name'))),
  })),
  get('registered-models/search', search),
  // Of clients before 2.0: the same without a filter.
  get('registered-models/list', search),
  get('registered-models/get-latest-versions', latestVersions),
  post('registered-models/get-latest-versions', latestVersions),
  post('registered-models/set-tag', async ({ services, project, fields }) => {
    const name = text(fields, 'name')
    const tag = { key: text(fields, 'key'), value: optionalText(fields, 'value') ?? '' }
    await services.registry.setTags(project, name, [strictTag(tag, LIMITS.registryTagValue)])
  }),
  remove('registered-models/delete-tag', async ({ services, project, fields }) => {
    const name = text(fields, 'name')
    const key = text(fields, 'key')
    checkKey(key, 'key')
    await services.registry.deleteTag(project, name, key)
  }),
  post('registered-models/alias', async ({ services, project, fields }) => {
    const name = text(fields, 'name')
    const alias = text(fields, 'alias')
    await services.registry.setAlias(project, name, alias, text(fields, 'version'))
  }),
  remove('registered-models/alias', async ({ services, project, fields }) => {
    const name = text(fields, 'name')
    await services.registry.deleteAlias(project, name, text(fields, 'alias'))
  }),
  get('registered-models/alias', ({ services, project, fields }) => {
    const name = text(fields, 'name')
    return { model_version: wireVersion(services.registry.versionByAlias(project, name, text(fields, 'alias'))) }
  }),
]

function isTaken(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'conflict' && error.field === 'name'
}

/** A prompt is a registered model too, which its user need not know. */
function taken({ services, project }: ClientCall, name: string, asPrompt: boolean): MlflowError {
  const kind = (prompt: boolean): string => (prompt ? 'Prompt' : 'Registered Model')
  const before = isPrompt(services.registry.model(project, name))
  const message =
    before === asPrompt
      ? `${kind(asPrompt)} (name=${name}) already exists.`
      : `Tried to create a ${kind(asPrompt).toLowerCase()} with name ${pythonRepr(name)}, but the name is already taken by a ${kind(before).toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`
  return new MlflowError('RESOURCE_ALREADY_EXISTS', message)
}

function search({ services, project, fields }: ClientCall): unknown {
  const size = pageSize(fields, { most: LIMITS.registeredModels, fallback: 100 })
  const offset = pageOffset(fields)
  const filter = optionalText(fields, 'filter') ?? ''
  const found = searchModels(services.registry.models(project), filter, texts(fields, 'order_by'))
  const { items, next } = page(found, offset, size)
  return items.length === 0 ? next : { registered_models: items.map(wireRegistered), ...next }
}

function latestVersions({ services, project, fields }: ClientCall): unknown {
  const name = text(fields, 'name')
  const stages = texts(fields, 'stages')
  const { latest } = services.registry.model(project, name)
  const wanted = new Set(stages.map(stageOf))
  const found = latest.filter(({ stage }) => stages.length === 0 || wanted.has(stage))
  return found.length === 0 ? {} : { model_versions: found.map((version) => wireVersion(version)) }
}
