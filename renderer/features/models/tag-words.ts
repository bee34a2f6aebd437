import type { ModelTag } from '#shared/contract/models.ts'

/** Tags as a cell shows them: key and value, or the key alone. */
export function tagWords(tags: readonly ModelTag[]): readonly string[] {
  return tags.map(({ key, value }) => (value === '' ? key : `${key} ${value}`))
}
