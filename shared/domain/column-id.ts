import type { Aggregate } from '../contract/runs.ts'

/** The parts of a column's id. */
export type ColumnParts =
  | { readonly kind: 'attribute' | 'param' | 'tag'; readonly key: string }
  | { readonly kind: 'metric'; readonly key: string; readonly aggregate: Aggregate }

const AGGREGATES: readonly Aggregate[] = ['last', 'min', 'max', 'best']

/**
 * Reads `metric:val:acc:best`: the kind before the first colon, a metric's aggregate after the last; the key between them may hold colons itself.
 * Undefined for what is no column's id.
 */
export function parseColumnId(id: string): ColumnParts | undefined {
  const first = id.indexOf(':')
  const kind = id.slice(0, first)
  const rest = id.slice(first + 1)
  if (first <= 0 || rest === '') return undefined
  if (kind === 'attribute' || kind === 'param' || kind === 'tag') return { kind, key: rest }
  if (kind !== 'metric') return undefined
  const last = rest.lastIndexOf(':')
  const aggregate = AGGREGATES.find((name) => name === rest.slice(last + 1))
  return last > 0 && aggregate !== undefined ? { kind, key: rest.slice(0, last), aggregate } : undefined
}
