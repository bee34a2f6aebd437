import { err, ok, type Result } from '#shared/lib/result.ts'
import type { Filter, FilterError } from './ast.ts'
import { parseClause } from './parse-clause.ts'
import { tokenise, type Token } from './tokens.ts'

/** Parentheses and NOTs inside one another; deeper than any person writes, far from where a stack ends. */
export const MOST_NESTING = 100

/** Characters of a filter; room for an IN list of some thousand run ids. */
export const MOST_CHARACTERS = 262_144

interface Parsed {
  readonly filter: Filter
  readonly next: number
}

type Step = Result<Parsed, FilterError>

/**
 * Parses a filter.
 *
 * NOT binds closer than AND, AND closer than OR, in any case. Words alone search the name, and several in a row all
 * have to be in it. The grammar contains the search grammar of MLflow's runs.
 *
 * @returns the filter (an empty `and` for an empty text), or what is wrong and where. Never throws. Linear in the text.
 */
export function parseFilter(text: string): Result<Filter, FilterError> {
  if (text.length > MOST_CHARACTERS) {
    const message = `The filter has ${text.length} characters; ${MOST_CHARACTERS} are the most.`
    return err({ message, from: MOST_CHARACTERS, to: text.length, expected: [] })
  }
  const tokens = tokenise(text)
  const first = tokens[0]
  if (first === undefined || first.kind === 'end') return ok({ kind: 'and', terms: [], span: { from: 0, to: 0 } })
  const parsed = parseOr(tokens, 0, 0)
  if (!parsed.ok) return parsed
  const rest = tokenAt(tokens, parsed.value.next)
  return rest.kind === 'end' ? ok(parsed.value.filter) : err(unexpected(rest, parsed.value.filter))
}

function parseOr(tokens: readonly Token[], index: number, depth: number): Step {
  return parseList(tokens, index, 'or', (at) => parseAnd(tokens, at, depth))
}

function parseAnd(tokens: readonly Token[], index: number, depth: number): Step {
  return parseList(tokens, index, 'and', (at) => parseNot(tokens, at, depth))
}

function parseList(tokens: readonly Token[], index: number, kind: 'and' | 'or', parseTerm: (at: number) => Step): Step {
  const terms: Filter[] = []
  let next = index
  for (;;) {
    const term = parseTerm(next)
    if (!term.ok) return term
    // A run of bare words comes back as one `and`; it joins the list that it stands in.
    const { filter } = term.value
    if (kind === 'and' && filter.kind === 'and' && isWordRun(filter, tokens, next)) terms.push(...filter.terms)
    else terms.push(filter)
    next = term.value.next
    if (!isWord(tokenAt(tokens, next), kind)) break
    next += 1
  }
  const [first] = terms
  if (first !== undefined && terms.length === 1) return ok({ filter: first, next })
  const span = { from: first?.span.from ?? 0, to: terms.at(-1)?.span.to ?? 0 }
  return ok({ filter: { kind, terms, span }, next })
}

function isWordRun(filter: Filter, tokens: readonly Token[], index: number): boolean {
  return filter.kind === 'and' && tokenAt(tokens, index).kind !== 'open'
}

/** NOT and the opening parenthesis, with their depth bounded, so that the recursion is. */
function parseNot(tokens: readonly Token[], index: number, depth: number): Step {
  const token = tokenAt(tokens, index)
  if (depth >= MOST_NESTING && (token.kind === 'open' || isWord(token, 'not'))) {
    const message = `More than ${MOST_NESTING} parentheses and NOTs inside one another.`
    return err({ message, from: token.from, to: token.to, expected: [] })
  }
  if (isWord(token, 'not')) {
    const term = parseNot(tokens, index + 1, depth + 1)
    if (!term.ok) return term
    const { filter, next } = term.value
    return ok({ filter: { kind: 'not', term: filter, span: { from: token.from, to: filter.span.to } }, next })
  }
  return token.kind === 'open' ? parseGroup(tokens, index, depth) : parseClause(tokens, index)
}

function parseGroup(tokens: readonly Token[], index: number, depth: number): Step {
  const open = tokenAt(tokens, index)
  const inner = parseOr(tokens, index + 1, depth + 1)
  if (!inner.ok) return inner
  const close = tokenAt(tokens, inner.value.next)
  if (close.kind === 'close') return ok({ filter: inner.value.filter, next: inner.value.next + 1 })
  if (close.kind !== 'end') return err(unexpected(close, inner.value.filter, [')']))
  const message = 'This parenthesis is never closed.'
  return err({ message, from: open.from, to: open.to, expected: [')'] })
}

function unexpected(token: Token, before: Filter, also: readonly string[] = []): FilterError {
  const { from, to } = token
  const expected = ['AND', 'OR', ...also]
  if (token.kind === 'close') return { message: 'No parenthesis is open here.', from, to, expected: ['AND', 'OR'] }
  if (token.text === '&' || token.text === '&&') return { message: 'Write AND.', from, to, expected }
  if (token.text === '|' || token.text === '||') return { message: 'Write OR.', from, to, expected }
  if (token.kind === 'operator' && before.kind === 'text') {
    return { message: 'Single quotes are for values; a key takes back-ticks or double quotes.', from, to, expected }
  }
  return { message: `AND or OR should stand before "${token.text}".`, from, to, expected }
}

function tokenAt(tokens: readonly Token[], index: number): Token {
  return tokens[index] ?? { kind: 'end', text: '', from: 0, to: 0, closed: true }
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === word
}
