import type { Clause, Filter } from '#shared/domain/filter/ast.ts'
import type { FilterColumn } from '#shared/domain/filter/columns.ts'
import { tokenise } from '#shared/domain/filter/tokens.ts'

export type Settled = {
  readonly filter: Filter
  /** The columns of the clauses that were settled, by the names of attributes that stand for them: 1 where one holds. */
  readonly columns: ReadonlyMap<string, FilterColumn>
}

/**
 * Puts what is known already in the place of clauses: `holds` gives for a clause 1 for each row where it holds, or undefined for one that the
 * filter language is to read. So a clause can mean what the language has no column for.
 */
export function settle(filter: Filter, holds: (clause: Clause) => Uint8Array | undefined): Settled {
  const columns = new Map<string, FilterColumn>()
  const visit = (node: Filter): Filter => {
    if ('terms' in node) return { ...node, terms: node.terms.map(visit) }
    if (node.kind === 'not') return { ...node, term: visit(node.term) }
    const values = holds(node)
    if (values === undefined) return node
    const { span } = node
    // No row has an attribute of this name, so no filter with it comes this far.
    const name = `\0${columns.size}`
    columns.set(name, { kind: 'number', values, present: null })
    const value = { kind: 'number', value: 1, text: '1', span } as const
    return { kind: 'compare', key: { entity: 'attribute', name, aggregate: null, span }, operator: '=', value, span }
  }
  return { filter: visit(filter), columns }
}

const MAY_HAVE_EMPTY = /^\s*and\b|\band\s*$|\band\s+and\b/i

/**
 * A filter without ANDs that join nothing: at its start, at its end and two in a row. Programs that put filters together write such, and the
 * real server takes them. Blanks stand in their place, so that what is said about the rest still points at its characters.
 */
export function withoutEmptyClauses(filter: string): string {
  if (!MAY_HAVE_EMPTY.test(filter)) return filter
  const tokens = tokenise(filter)
  const isAnd = tokens.map(({ kind, text }) => kind === 'word' && text.toLowerCase() === 'and')
  const lastClause = tokens.findLastIndex(({ kind }, index) => kind !== 'end' && isAnd[index] !== true)
  const pieces: string[] = []
  let done = 0
  for (const [index, { from, to }] of tokens.entries()) {
    const joinsNothing = index === 0 || isAnd[index - 1] === true || index > lastClause
    if (isAnd[index] !== true || !joinsNothing) continue
    pieces.push(filter.slice(done, from), ' '.repeat(to - from))
    done = to
  }
  return pieces.join('') + filter.slice(done)
}
