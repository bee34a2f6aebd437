import type { Entity } from './ast.ts'

/** Words of the language; a key or bare word of that name has to be quoted. */
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'like', 'ilike', 'in', 'is', 'null', 'exists'])

/** Whether a word is one of the language's own, in any case. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word.toLowerCase())
}

const ENTITIES: ReadonlyMap<string, Entity> = new Map<string, Entity>([
  ['metric', 'metric'],
  ['metrics', 'metric'],
  ['param', 'param'],
  ['params', 'param'],
  ['parameter', 'param'],
  ['parameters', 'param'],
  ['tag', 'tag'],
  ['tags', 'tag'],
  ['attribute', 'attribute'],
  ['attributes', 'attribute'],
  ['attr', 'attribute'],
  ['run', 'attribute'],
  ['dataset', 'dataset'],
  ['datasets', 'dataset'],
])

const ENTITY_PREFIXES: Readonly<Record<Entity, string>> = {
  attribute: 'attributes',
  metric: 'metrics',
  param: 'params',
  tag: 'tags',
  dataset: 'datasets',
}

/** The prefix that prints an entity: `metrics` for a metric. */
export function prefixOf(entity: Entity): string {
  return ENTITY_PREFIXES[entity]
}

/** The attributes that runs have, by their own names. */
export const RUN_ATTRIBUTES = [
  'name',
  'status',
  'experiment',
  'started',
  'ended',
  'duration',
  'user',
  'script',
  'branch',
  'commit',
  'id',
  'note',
  'archived',
  'artifact_uri',
] as const

export type RunAttribute = (typeof RUN_ATTRIBUTES)[number]

/** Names that MLflow's search has for the same attributes. */
const ATTRIBUTE_ALIASES: ReadonlyMap<string, RunAttribute> = new Map<string, RunAttribute>([
  ...RUN_ATTRIBUTES.map((name): [string, RunAttribute] => [name, name]),
  ['run_id', 'id'],
  ['run_name', 'name'],
  ['run name', 'name'],
  ['start_time', 'started'],
  ['created', 'started'],
  ['end_time', 'ended'],
  ['user_id', 'user'],
])

/** The run attribute that a name or one of its aliases means, in any case. */
export function runAttributeOf(name: string): RunAttribute | undefined {
  return ATTRIBUTE_ALIASES.get(name.toLowerCase())
}

const DATASET_FIELDS: ReadonlySet<string> = new Set(['name', 'digest', 'context'])

/**
 * Splits `metrics.val_acc` into its entity and name.
 *
 * `run.` and `dataset.` are also how configurations name their parts (`dataset.batch_size=64`), so those two are
 * prefixes only before a field that exists; anything else stays a bare key.
 *
 * @param rest the quoted end of the name, for keys that need one (``metrics.`a b` ``).
 */
export function splitEntity(word: string, rest?: string): { readonly entity: Entity | null; readonly name: string } {
  const point = word.indexOf('.')
  if (point === -1) return { entity: null, name: word }
  const prefix = word.slice(0, point).toLowerCase()
  const entity = ENTITIES.get(prefix)
  const name = word.slice(point + 1) + (rest ?? '')
  if (entity === undefined || (name === '' && rest === undefined)) return { entity: null, name: word + (rest ?? '') }
  if (rest === undefined && prefix === 'run' && runAttributeOf(name) === undefined) return { entity: null, name: word }
  if (rest === undefined && entity === 'dataset' && !DATASET_FIELDS.has(name)) return { entity: null, name: word }
  return { entity, name }
}
