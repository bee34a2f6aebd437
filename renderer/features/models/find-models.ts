import type { RegisteredModelRow } from '#shared/contract/models.ts'
import { stageWords } from './stage-words.ts'

/**
 * Models in which each word of a text stands somewhere: in the name, the description, a tag, an alias (with or without its @), a stage or the newest
 * version's run. Case does not matter; an empty text finds all.
 */
export function findModels(models: readonly RegisteredModelRow[], text: string): readonly RegisteredModelRow[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return models
  return models.filter((model) => {
    const where = placesIn(model)
    return words.every((word) => where.some((place) => place.includes(word)))
  })
}

function placesIn({ name, description, tags, aliases, stages, newest }: RegisteredModelRow): readonly string[] {
  return [
    name,
    description,
    newest?.run?.name ?? '',
    ...tags.map(({ key, value }) => `${key}=${value}`),
    ...aliases.map(({ alias }) => `@${alias}`),
    ...stages.map(({ stage }) => stageWords[stage]),
  ].map((place) => place.toLowerCase())
}
