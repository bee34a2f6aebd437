import { err, ok, type Result } from '#shared/lib/result.ts'
import type { Clause, ComparisonOperator, Filter, FilterError, FilterKey, FilterValue } from './ast.ts'
import { isKeyword } from './names.ts'
import { parseKey } from './parse-key.ts'
import { parseValue } from './parse-value.ts'
import type { Token } from './tokens.ts'

interface Parsed<Node> {
  readonly filter: Node
  readonly next: number
}

type Step<Node = Filter> = Result<Parsed<Node>, FilterError>

const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'ILIKE', 'IN', 'NOT IN', 'IS NULL', 'EXISTS']

/** Parses one clause, or a run of bare words, that starts at `tokens[index]`; the tokens end with an `end`. */
export function parseClause(tokens: readonly Token[], index: number): Step {
  const token = tokens[index]
  if (token === undefined) return fail({ from: 0, to: 0 }, 'A clause is missing.', ['a key'])
  if (isWord(token, 'exists')) return parseExists(tokens, index)
  const problem = problemWithStart(token)
  if (problem !== undefined) return err(problem)
  if (!startsKey(tokens, index)) return parseWords(tokens, index)
  const key = parseKey(tokens, index)
  if (!key.ok) return key
  return parseAfterKey(tokens, key.value.next, key.value.key)
}

function problemWithStart(token: Token): FilterError | undefined {
  const { from, to } = token
  const expected = ['a key', 'a name', 'NOT', '(']
  const quoted = token.kind === 'single' || token.kind === 'double' || token.kind === 'backtick'
  if (quoted && !token.closed) return { message: 'This quote is never closed.', from, to, expected: [] }
  if (quoted || (token.kind === 'word' && !isKeyword(token.text))) return undefined
  if (token.kind === 'end') return { message: 'A clause is missing at the end.', from, to, expected }
  return { message: `A clause should stand here, not "${token.text}".`, from, to, expected }
}

/** Whether what starts here is compared with something, and not a word that searches the name. */
function startsKey(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]
  if (token === undefined || token.kind === 'single') return false
  if (token.kind === 'word' && tokens[index + 1]?.kind === 'open') return true
  const after = tokens[joinsNext(tokens, index) ? index + 2 : index + 1]
  if (after === undefined) return false
  if (after.kind === 'operator' || after.text === '!') return true
  if (after.kind !== 'word') return token.kind === 'backtick'
  if (isWord(after, 'and') || isWord(after, 'or')) return token.kind === 'backtick'
  return isKeyword(after.text)
}

/** ``metrics.`a b` ``: a word that ends with a point and a quote that touches it. */
function joinsNext(tokens: readonly Token[], index: number): boolean {
  const [token, next] = [tokens[index], tokens[index + 1]]
  return (
    token?.kind === 'word' &&
    token.text.endsWith('.') &&
    (next?.kind === 'backtick' || next?.kind === 'double' || next?.kind === 'single') &&
    next.from === token.to
  )
}

/** Words one after another all have to be in the name; a comparison behind them needs its AND. */
function parseWords(tokens: readonly Token[], index: number): Step {
  const terms: Clause[] = []
  let next = index
  for (;;) {
    const token = tokens[next]
    if (token === undefined || (next > index && !isBareWord(tokens, next))) break
    terms.push({ kind: 'text', text: token.text, span: { from: token.from, to: token.to } })
    next += 1
  }
  const [first] = terms
  if (first !== undefined && terms.length === 1) return ok({ filter: first, next })
  const span = { from: first?.span.from ?? 0, to: terms.at(-1)?.span.to ?? 0 }
  return ok({ filter: { kind: 'and', terms, span }, next })
}

function isBareWord(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]
  if (token === undefined || !token.closed || startsKey(tokens, index)) return false
  return token.kind === 'single' || token.kind === 'double' || (token.kind === 'word' && !isKeyword(token.text))
}

/** `exists(key)`. */
function parseExists(tokens: readonly Token[], index: number): Step {
  const [word, open] = [tokens[index], tokens[index + 1]]
  if (open?.kind !== 'open') {
    const at = { from: open?.from ?? 0, to: open?.to ?? 0 }
    return fail(at, 'EXISTS takes its key in parentheses: exists(key).', ['('])
  }
  const key = parseKey(tokens, index + 2)
  if (!key.ok) return key
  const close = tokens[key.value.next]
  if (close?.kind !== 'close') return fail(spanOf(close), 'The parenthesis of exists( is not closed.', [')'])
  const span = { from: word?.from ?? 0, to: close.to }
  return ok({ filter: { kind: 'exists', key: key.value.key, negated: false, span }, next: key.value.next + 1 })
}

function parseAfterKey(tokens: readonly Token[], index: number, key: FilterKey): Step {
  const token = tokens[index]
  if (token?.kind === 'operator') return parseComparison(tokens, index, key)
  const word = token?.kind === 'word' ? token.text.toLowerCase() : ''
  if (word === 'is') return parseIs(tokens, index, key)
  if (word === 'exists') return finish(key, index + 1, token?.to, { kind: 'exists', key, negated: false })
  const negated = word === 'not'
  const at = negated ? index + 1 : index
  const operator = tokens[at]
  if (isWord(operator, 'like') || isWord(operator, 'ilike')) {
    return parseLike(tokens, at, key, negated, isWord(operator, 'ilike'))
  }
  if (isWord(operator, 'in')) return parseIn(tokens, at, key, negated)
  if (negated) return fail(spanOf(operator), 'After NOT stands LIKE, ILIKE or IN.', ['LIKE', 'ILIKE', 'IN'])
  const what = token === undefined || token.kind === 'end' ? 'An operator is missing' : 'An operator should stand here'
  return fail(spanOf(token), `${what} after ${key.name}.`, OPERATORS)
}

function parseComparison(tokens: readonly Token[], index: number, key: FilterKey): Step {
  const value = parseValue(tokens, index + 1)
  if (!value.ok) return value
  // The tokeniser makes operator tokens of these six only.
  const operator = (tokens[index]?.text ?? '=') as ComparisonOperator
  const { value: parsed, used } = value.value
  return finish(key, index + 1 + used, parsed.span.to, { kind: 'compare', key, operator, value: parsed })
}

function parseIs(tokens: readonly Token[], index: number, key: FilterKey): Step {
  const not = isWord(tokens[index + 1], 'not')
  const word = tokens[index + (not ? 2 : 1)]
  if (!isWord(word, 'null')) return fail(spanOf(word), 'After IS stands NULL or NOT NULL.', ['NULL', 'NOT NULL'])
  return finish(key, index + (not ? 3 : 2), word?.to, { kind: 'exists', key, negated: !not })
}

function parseLike(
  tokens: readonly Token[],
  index: number,
  key: FilterKey,
  negated: boolean,
  ignoreCase: boolean,
): Step {
  const value = parseValue(tokens, index + 1)
  if (!value.ok) return value
  const { value: parsed, used } = value.value
  return finish(key, index + 1 + used, parsed.span.to, { kind: 'like', key, negated, ignoreCase, pattern: parsed.text })
}

function parseIn(tokens: readonly Token[], index: number, key: FilterKey, negated: boolean): Step {
  if (tokens[index + 1]?.kind !== 'open') {
    return fail(spanOf(tokens[index + 1]), 'IN takes a list in parentheses.', ['('])
  }
  const values: FilterValue[] = []
  let next = index + 2
  for (;;) {
    const value = parseValue(tokens, next)
    if (!value.ok) return value
    values.push(value.value.value)
    next += value.value.used
    const token = tokens[next]
    if (token?.kind === 'close') return finish(key, next + 1, token.to, { kind: 'in', key, negated, values })
    // A comma before the parenthesis is how Python writes a list of one, and MLflow takes it.
    if (token?.kind === 'comma' && tokens[next + 1]?.kind === 'close') {
      return finish(key, next + 2, tokens[next + 1]?.to, { kind: 'in', key, negated, values })
    }
    if (token?.kind !== 'comma') return fail(spanOf(token), 'The list goes on with a comma or ends with ).', [',', ')'])
    next += 1
  }
}

type Spanless = Clause extends infer Node ? (Node extends Clause ? Omit<Node, 'span'> : never) : never

function finish(key: FilterKey, next: number, to: number | undefined, clause: Spanless): Step {
  const span = { from: key.span.from, to: to ?? key.span.to }
  return ok({ filter: { ...clause, span }, next })
}

function fail(
  span: { from: number; to: number },
  message: string,
  expected: readonly string[],
): Result<never, FilterError> {
  return err({ message, from: span.from, to: span.to, expected })
}

function spanOf(token: Token | undefined): { from: number; to: number } {
  return { from: token?.from ?? 0, to: token?.to ?? 0 }
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word
}
