import {
  IS_PROMPT,
  isPrompt,
  type ModelVersion,
  type RegisteredModel,
  type Tagged,
} from '#electron/features/models/index.ts'
import { type Column, numberColumn, type Searched, textColumn } from './columns.ts'
import { matching } from './filter.ts'
import { ordersIn, sorted } from './order.ts'

/** Registered models of a search: as asked, then by name. Prompts, which are models with a tag, are found only when asked for. */
export function searchModels(
  models: readonly RegisteredModel[],
  filter: string,
  orderBy: readonly string[],
): readonly RegisteredModel[] {
  const name = textColumn(models.map((model) => model.name))
  const searched: Searched = {
    length: models.length,
    now: 0,
    attributes: { name: () => name },
    keyed: { tag: tagsOf(models) },
  }
  const updated = (): Column => numberColumn(models.map(({ updatedAt }) => updatedAt))
  const orders = ordersIn(
    { ...searched, attributes: { name: () => name, timestamp: updated, last_updated_timestamp: updated }, keyed: {} },
    orderBy,
  )
  const found = matching(searched, filter).filter((row) => asksForPrompts(filter) || !isPrompt(models[row]))
  return sorted(found, [...orders, { column: name, ascending: true }]).flatMap((row) => models[row] ?? [])
}

/** Versions of a search: as asked, or the last changed first; then by name, the newest first. */
export function searchVersions(
  versions: readonly ModelVersion[],
  isOfPrompt: (version: ModelVersion) => boolean,
  filter: string,
  orderBy: readonly string[],
): readonly ModelVersion[] {
  const name = textColumn(versions.map((version) => version.name))
  const number = numberColumn(versions.map(({ version }) => version))
  const updated = numberColumn(versions.map(({ updatedAt }) => updatedAt))
  const searched: Searched = {
    length: versions.length,
    now: 0,
    attributes: {
      name: () => name,
      version_number: () => number,
      run_id: () => textColumn(versions.map(({ run }) => run ?? '')),
      source_path: () => textColumn(versions.map(({ source }) => source)),
    },
    keyed: { tag: tagsOf(versions) },
  }
  const orders = ordersIn(
    {
      ...searched,
      attributes: {
        name: () => name,
        version_number: () => number,
        creation_timestamp: () => numberColumn(versions.map(({ createdAt }) => createdAt)),
        last_updated_timestamp: () => updated,
      },
      keyed: {},
    },
    orderBy,
  )
  const prompts = asksForPrompts(filter)
  const found = matching(searched, filter).filter((row) => {
    const version = versions[row]
    return prompts || (version !== undefined && !isPrompt(version) && !isOfPrompt(version))
  })
  return sorted(found, [
    ...orders,
    ...(orders.length === 0 ? [{ column: updated, ascending: false }] : []),
    { column: name, ascending: true },
    { column: number, ascending: false },
  ]).flatMap((row) => versions[row] ?? [])
}

/** The client adds `tags.mlflow.prompt.is_prompt != 'true'` to each search for models, and means those without the tag as well. */
function asksForPrompts(filter: string): boolean {
  return /mlflow\.prompt\.is_prompt[`"]?\s*(?:=\s*['"]true['"]|!=\s*['"]false['"])/i.test(filter)
}

/** Tags by key; what isn't marked as a prompt counts as marked that it is none. */
function tagsOf(items: readonly Tagged[]): (key: string) => Column {
  return (key) =>
    textColumn(
      items.map(({ tags }) => tags.find((tag) => tag.key === key)?.value ?? (key === IS_PROMPT ? 'false' : undefined)),
    )
}
