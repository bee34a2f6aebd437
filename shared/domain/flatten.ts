/** A configuration as parameters, and how many of its values found no room. */
export interface Flattened {
  readonly values: Readonly<Record<string, string>>
  readonly leftOut: number
}

export interface FlattenBounds {
  readonly keys: number
  readonly depth: number
  readonly keyLength: number
  readonly valueLength: number
}

/** What MLflow takes for a key and a value, and more keys than a person reads. */
export const FLATTEN_BOUNDS: FlattenBounds = { keys: 1_000, depth: 16, keyLength: 250, valueLength: 6_000 }

/**
 * Flattens a nested configuration into dotted keys: `{model: {lr: 0.1}}` is `model.lr` = `0.1`.
 *
 * Lists of plain values stay one value, as JSON; other lists count their items (`layers.0.size`). Texts stay as they are,
 * null, truths and numbers are written as in JSON (NaN and infinities by name). What exceeds a bound is left out and
 * counted; a text that is too long is cut, ends with `…`, and counts as well.
 *
 * @param config what JSON, YAML or TOML holds. Objects that hold themselves end at the depth.
 */
export function flattenConfig(config: unknown, bounds: FlattenBounds = FLATTEN_BOUNDS): Flattened {
  const values: [string, string][] = []
  const taken = new Set<string>()
  let leftOut = 0

  const put = (key: string, text: string): void => {
    if (key === '' || key.length > bounds.keyLength || values.length >= bounds.keys || taken.has(key)) {
      leftOut += 1
      return
    }
    taken.add(key)
    const fits = text.length <= bounds.valueLength
    if (!fits) leftOut += 1
    values.push([key, fits ? text : `${text.slice(0, bounds.valueLength - 1)}…`])
  }

  const visit = (value: unknown, key: string, depth: number): void => {
    const entries = entriesOf(value)
    if (entries === undefined) put(key, textOf(value))
    else if (depth >= bounds.depth || values.length >= bounds.keys) leftOut += 1
    else if (entries.length === 0) put(key, Array.isArray(value) ? '[]' : '{}')
    else for (const [name, inner] of entries) visit(inner, key === '' ? name : `${key}.${name}`, depth + 1)
  }

  visit(config, '', 0)
  return { values: Object.fromEntries(values), leftOut }
}

/** The parts of what is flattened further; undefined for what is one value. */
function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Date) return undefined
  if (!Array.isArray(value)) return Object.entries(value)
  const items: readonly unknown[] = value
  const plain = items.every((item) => typeof item !== 'object' || item === null || item instanceof Date)
  return plain && items.length > 0 ? undefined : items.map((item, index) => [String(index), item])
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${value.map(itemText).join(', ')}]`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  const plain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
  return plain ? String(value) : 'null'
}

function itemText(item: unknown): string {
  return typeof item === 'string' ? JSON.stringify(item) : textOf(item)
}
