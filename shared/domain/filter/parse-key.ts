import { err, ok, type Result } from '#shared/lib/result.ts'
import { AGGREGATES, type Aggregate, type FilterError, type FilterKey } from './ast.ts'
import { isKeyword, splitEntity } from './names.ts'
import type { Token } from './tokens.ts'

interface ParsedKey {
  readonly key: FilterKey
  readonly next: number
}

type Step = Result<ParsedKey, FilterError>

/** Parses a key, or an aggregate over one (`min(val_loss)`), that starts at `tokens[index]`. */
export function parseKey(tokens: readonly Token[], index: number): Step {
  const token = tokens[index]
  if (token?.kind === 'word' && tokens[index + 1]?.kind === 'open') return parseAggregate(tokens, index, token)
  return parsePlainKey(tokens, index)
}

function parseAggregate(tokens: readonly Token[], index: number, token: Token): Step {
  const name = token.text.toLowerCase()
  const aggregate = AGGREGATES.find((known) => known === name)
  if (aggregate === undefined) {
    const message = `There is no function ${token.text}().`
    return err({ message, from: token.from, to: token.to, expected: [...AGGREGATES, 'exists'] })
  }
  const inner = parsePlainKey(tokens, index + 2)
  if (!inner.ok) return inner
  const { key, next } = inner.value
  if (key.entity !== null && key.entity !== 'metric') {
    const message = `${name}() is of a metric; a ${key.entity} has one value.`
    return err({ message, ...key.span, expected: ['a metric'] })
  }
  const close = tokens[next]
  if (close?.kind !== 'close') {
    const message = `The parenthesis of ${name}( is not closed.`
    return err({ message, from: close?.from ?? 0, to: close?.to ?? 0, expected: [')'] })
  }
  return ok({ key: metricKey(key, aggregate, token.from, close.to), next: next + 1 })
}

function metricKey(key: FilterKey, aggregate: Aggregate, from: number, to: number): FilterKey {
  return { entity: 'metric', name: key.name, aggregate, span: { from, to } }
}

function parsePlainKey(tokens: readonly Token[], index: number): Step {
  const token = tokens[index]
  const span = { from: token?.from ?? 0, to: token?.to ?? 0 }
  if (token?.kind === 'backtick' || token?.kind === 'double') {
    if (!token.closed) return err({ message: 'This quote is never closed.', ...span, expected: [] })
    return ok({ key: { entity: null, name: token.text, aggregate: null, span }, next: index + 1 })
  }
  if (token?.kind !== 'word' || isKeyword(token.text)) {
    const message = token === undefined || token.kind === 'end' ? 'A key is missing.' : `"${token.text}" is not a key.`
    return err({ message, ...span, expected: ['a key'] })
  }
  const quoted = tokens[index + 1]
  if (token.text.endsWith('.') && isKeyQuote(quoted) && quoted.from === token.to) {
    if (!quoted.closed) {
      return err({ message: 'This quote is never closed.', from: quoted.from, to: quoted.to, expected: [] })
    }
    const parts = splitEntity(token.text, quoted.text)
    return ok({ key: { ...parts, aggregate: null, span: { from: token.from, to: quoted.to } }, next: index + 2 })
  }
  return ok({ key: { ...splitEntity(token.text), aggregate: null, span }, next: index + 1 })
}

function isKeyQuote(token: Token | undefined): token is Token {
  return token?.kind === 'backtick' || token?.kind === 'double' || token?.kind === 'single'
}
