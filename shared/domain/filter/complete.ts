import type { Entity, FilterKey, Span } from './ast.ts'
import { AGGREGATES } from './ast.ts'
import { type CompletionContext, completionContext } from './complete-context.ts'
import { fuzzyMatch } from './fuzzy.ts'
import { runAttributeOf } from './names.ts'
import { printKey } from './print.ts'

/** A key that the runs have, with what a completion row shows of it. */
export interface FilterSchemaKey {
  readonly entity: Entity
  readonly name: string
  readonly kind: 'number' | 'text' | 'time' | 'duration' | 'boolean'
  /** Runs that have a value. */
  readonly count: number
  readonly range: { readonly min: number; readonly max: number } | null
  /** Distinct values, the most frequent first; may be cut short. */
  readonly values: readonly { readonly text: string; readonly count: number }[]
}

export interface FilterSchema {
  readonly keys: readonly FilterSchemaKey[]
}

export interface Suggestion {
  readonly kind: 'key' | 'function' | 'operator' | 'value' | 'word'
  readonly label: string
  /** The text for `replaces`; the caret goes behind it. */
  readonly insert: string
  readonly replaces: Span
  /** Offsets in the label of the letters that were typed. */
  readonly matched: readonly number[]
  readonly key: FilterSchemaKey | null
  /** Runs that have the key or the value. */
  readonly count: number | null
}

interface Candidate {
  readonly kind: Suggestion['kind']
  readonly label: string
  readonly insert: string
  readonly key?: FilterSchemaKey
  readonly count?: number
}

/** Lists what can stand at the caret, best first: keys by match and use, values by frequency, words by the grammar. */
export function completeFilter(text: string, caret: number, schema: FilterSchema, limit = 50): readonly Suggestion[] {
  const context = completionContext(text, Math.min(Math.max(0, caret), text.length))
  const follows = text.charAt(context.replaces.to)
  const space = follows === '' || /[^\s),]/.test(follows) ? ' ' : ''
  const scored = candidates(context, schema).flatMap((candidate, order) => {
    const match = fuzzyMatch(context.typed, candidate.label)
    return match === null ? [] : [{ candidate, match, order }]
  })
  scored.sort(
    (left, right) =>
      left.match.rank - right.match.rank ||
      (right.candidate.count ?? 0) - (left.candidate.count ?? 0) ||
      left.order - right.order,
  )
  return scored.slice(0, limit).map(({ candidate, match }) => ({
    kind: candidate.kind,
    label: candidate.label,
    insert: candidate.insert + (candidate.insert.endsWith('(') || context.expects === 'list value' ? '' : space),
    replaces: context.replaces,
    matched: match.letters,
    key: candidate.key ?? null,
    count: candidate.count ?? null,
  }))
}

function candidates(context: CompletionContext, schema: FilterSchema): readonly Candidate[] {
  switch (context.expects) {
    case 'clause':
      return [...keyCandidates(context, schema, () => true), ...(context.quoted ? [] : clauseWords())]
    case 'metric':
      return keyCandidates(context, schema, (key) => key.entity === 'metric')
    case 'key':
      return keyCandidates(context, schema, () => true)
    case 'operator':
      return operatorCandidates(context, schema)
    case 'operator after NOT':
      return words('operator', ['LIKE', 'ILIKE', 'IN'])
    case 'NULL':
      return words('word', ['NULL', 'NOT NULL'])
    case 'list':
      return words('word', ['('])
    case 'close':
      return words('word', [')'])
    case 'list end':
      return words('word', [',', ')'])
    case 'value':
    case 'list value':
      return valueCandidates(context, schema)
    case 'connective':
      return words('word', context.depth > 0 ? ['AND', 'OR', ')'] : ['AND', 'OR'])
  }
}

function words(kind: Suggestion['kind'], labels: readonly string[]): readonly Candidate[] {
  return labels.map((label) => ({ kind, label, insert: label }))
}

function clauseWords(): readonly Candidate[] {
  const functions = [...AGGREGATES, 'exists'].map((name) => `${name}(`)
  return [...words('function', functions), ...words('word', ['NOT'])]
}

const RESOLUTION: readonly Entity[] = ['attribute', 'metric', 'param', 'tag']

/** Keys by their bare name where that means them, else with their entity; with the entity too once it is typed. */
function keyCandidates(
  context: CompletionContext,
  schema: FilterSchema,
  allows: (key: FilterSchemaKey) => boolean,
): readonly Candidate[] {
  const names = new Map<string, Entity>()
  for (const entity of RESOLUTION) {
    for (const key of schema.keys) if (key.entity === entity && !names.has(key.name)) names.set(key.name, entity)
  }
  const prefixed = context.typed.includes('.') || context.typed.endsWith('s')
  return schema.keys.filter(allows).flatMap((key) => {
    const bare = context.expects === 'metric' || names.get(key.name) === key.entity
    const short = { entity: bare ? null : key.entity, name: key.name, aggregate: null }
    const full = { ...short, entity: key.entity }
    // `params.l` has to match `params.lr` although a bare `lr` would do.
    const written = prefixed && context.expects !== 'metric' && typedMatches(context.typed, key) ? full : short
    const label = written.entity === null ? key.name : `${printKey({ ...written, name: 'x' }).slice(0, -1)}${key.name}`
    const closes = context.expects === 'metric' || context.expects === 'key' ? ')' : ''
    return [{ kind: 'key', label, insert: printKey(written) + closes, key, count: key.count }]
  })
}

/** Whether what was typed names the key's entity (`params.`), so that the full name is what is being written. */
function typedMatches(typed: string, key: FilterSchemaKey): boolean {
  const prefix = printKey({ entity: key.entity, name: 'x', aggregate: null }).slice(0, -1)
  return typed.toLowerCase().startsWith(prefix) || prefix.startsWith(`${typed.toLowerCase()}.`)
}

function operatorCandidates(context: CompletionContext, schema: FilterSchema): readonly Candidate[] {
  const key = schemaKeyOf(context.key, schema)
  if (key === undefined) return words('operator', ['=', '!=', '>', '>=', '<', '<=', 'LIKE', 'IN', 'AND', 'OR'])
  switch (key.kind) {
    case 'text':
      return words('operator', ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL', '<', '>'])
    case 'boolean':
      return words('operator', ['=', '!='])
    case 'number':
    case 'time':
    case 'duration':
      return words('operator', ['>', '>=', '<', '<=', '=', '!=', 'IS NULL', 'IS NOT NULL'])
  }
}

function valueCandidates(context: CompletionContext, schema: FilterSchema): readonly Candidate[] {
  const key = schemaKeyOf(context.key, schema)
  if (key === undefined) return []
  if (key.kind === 'boolean') return words('value', ['true', 'false'])
  const known = key.values.map(({ text, count }): Candidate => {
    const insert = key.kind === 'text' ? `'${text.replaceAll("'", "''")}'` : text
    return { kind: 'value', label: text, insert, key, count }
  })
  if (key.kind === 'time') return [...words('value', ['today', 'yesterday', '7d ago', '30d ago']), ...known]
  return key.kind === 'duration' ? [...words('value', ['1m', '10m', '1h', '1d']), ...known] : known
}

/** The key of the schema that a written key means, bare ones resolved as the filter does it. */
function schemaKeyOf(key: FilterKey | null, schema: FilterSchema): FilterSchemaKey | undefined {
  if (key === null) return undefined
  const find = (entity: Entity, name: string) => schema.keys.find((one) => one.entity === entity && one.name === name)
  const attribute = runAttributeOf(key.name) ?? key.name
  if (key.entity !== null) return find(key.entity, key.entity === 'attribute' ? attribute : key.name)
  return find('attribute', attribute) ?? find('metric', key.name) ?? find('param', key.name) ?? find('tag', key.name)
}
