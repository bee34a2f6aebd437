import { Aggregate } from '#shared/contract/runs.ts'
import { appError } from '#shared/rpc/errors.ts'

export type ParsedColumnId =
  | { readonly kind: 'attribute' | 'param' | 'tag'; readonly key: string }
  | { readonly kind: 'metric'; readonly key: string; readonly aggregate: Aggregate }

/** Reads `metric:val:acc:best`: the kind before the first colon, a metric's aggregate after the last. Throws `invalid`. */
export function parseColumnId(id: string): ParsedColumnId {
  const first = id.indexOf(':')
  const kind = id.slice(0, first)
  const rest = id.slice(first + 1)
  if (first > 0 && rest !== '') {
    if (kind === 'attribute' || kind === 'param' || kind === 'tag') return { kind, key: rest }
    if (kind === 'metric') {
      const last = rest.lastIndexOf(':')
      const aggregate = Aggregate.safeParse(rest.slice(last + 1))
      if (last > 0 && aggregate.success) return { kind, key: rest.slice(0, last), aggregate: aggregate.data }
    }
  }
  throw appError('invalid', `There is no column ${id}.`, { field: 'columns' })
}
