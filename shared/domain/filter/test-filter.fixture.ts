import type { Filter } from './ast.ts'
import { parseFilter } from './parse.ts'

/** A filter without its spans, for comparing what was parsed with what was meant. */
export function withoutSpans(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutSpans)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => name !== 'span')
      .map(([name, value]) => [name, withoutSpans(value)]),
  )
}

/** Parses a filter that is known to be right. */
export function parsed(text: string): Filter {
  const result = parseFilter(text)
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`)
  return result.value
}
