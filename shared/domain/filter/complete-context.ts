import { AGGREGATES, type FilterKey, type Span } from './ast.ts'
import { parseKey } from './parse-key.ts'
import { tokenise, type Token } from './tokens.ts'

/** What the grammar allows at the caret. */
export type Expectation =
  | 'clause'
  | 'metric'
  | 'key'
  | 'close'
  | 'operator'
  | 'operator after NOT'
  | 'NULL'
  | 'list'
  | 'list value'
  | 'list end'
  | 'value'
  | 'connective'

export interface CompletionContext {
  readonly expects: Expectation
  /** The key of the clause that the caret stands in, where it has one already. */
  readonly key: FilterKey | null
  /** Parentheses that are open at the caret, but those of functions and lists. */
  readonly depth: number
  /** What is being typed, without quotes, up to the caret; and the text that a completion replaces. */
  readonly typed: string
  readonly replaces: Span
  /** The typed text began with a quote. */
  readonly quoted: boolean
}

interface State {
  readonly expects: Expectation
  readonly key: FilterKey | null
  readonly depth: number
  /** Behind the parenthesis of a function: `exists(` ends a clause, an aggregate begins one. */
  readonly ends: boolean
}

/** Finds what is expected at the caret by walking the tokens before it; right also for text that does not parse. */
export function completionContext(text: string, caret: number): CompletionContext {
  const tokens = tokenise(text)
  const count = tokens.findIndex((token) => token.kind === 'end' || token.to > caret || isBeingTyped(token, caret))
  const current = tokens[count]
  const typing = current !== undefined && current.from < caret && isNameOrValue(current) ? current : undefined
  const before = tokens.slice(0, count)
  // A prefix and its quoted name (``metrics.`a``) are typed and replaced as one.
  const prefix = typing !== undefined && typing.kind !== 'word' ? joinedPrefix(before, typing) : undefined
  const state = walk(prefix === undefined ? before : before.slice(0, -1))
  const from = prefix?.from ?? typing?.from ?? caret
  const content = typing === undefined ? '' : typedContent(text, typing, caret)
  return {
    expects: state.expects,
    key: state.key,
    depth: state.depth,
    typed: (prefix?.text ?? '') + content,
    // An open quote reaches to the end of the text, but what stands behind the caret was not meant by it.
    replaces: { from, to: typing?.closed === true ? typing.to : caret },
    quoted: typing !== undefined && typing.kind !== 'word',
  }
}

function isNameOrValue(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'single' || token.kind === 'double' || token.kind === 'backtick'
}

function isBeingTyped(token: Token, caret: number): boolean {
  return token.to === caret && isNameOrValue(token) && (token.kind === 'word' || !token.closed)
}

function joinedPrefix(before: readonly Token[], typing: Token): Token | undefined {
  const last = before.at(-1)
  return last?.kind === 'word' && last.text.endsWith('.') && last.to === typing.from ? last : undefined
}

function typedContent(text: string, token: Token, caret: number): string {
  const from = token.kind === 'word' ? token.from : token.from + 1
  return text.slice(from, Math.max(from, caret))
}

function walk(tokens: readonly Token[]): State {
  let state: State = { expects: 'clause', key: null, depth: 0, ends: false }
  let index = 0
  while (index < tokens.length) {
    const { next, used } = step(state, tokens, index)
    state = next
    index += used
  }
  return state
}

function step(state: State, tokens: readonly Token[], index: number): { readonly next: State; readonly used: number } {
  const token = tokens[index]
  const word = token?.kind === 'word' ? token.text.toLowerCase() : (token?.kind ?? '')
  const go = (expects: Expectation, change: Partial<State> = {}, used = 1) => ({
    next: { ...state, expects, ...change },
    used,
  })
  switch (state.expects) {
    case 'clause':
      return clauseStep(state, tokens, index, word, go)
    case 'metric':
    case 'key':
      return withKey(tokens, index, (key, used) => go('close', { key }, used))
    case 'close':
      return word === 'close' ? go(state.ends ? 'connective' : 'operator') : go('close')
    case 'operator':
      return operatorStep(state, tokens, index, word, go)
    case 'operator after NOT':
      return go(word === 'in' ? 'list' : 'value')
    case 'NULL':
      return go(word === 'not' ? 'NULL' : 'connective')
    case 'list':
      return go('list value')
    case 'list value':
      return go(word === 'close' ? 'connective' : 'list end')
    case 'list end':
      return go(word === 'comma' ? 'list value' : word === 'close' ? 'connective' : 'list end')
    case 'value':
      return go('connective')
    case 'connective':
      return connectiveStep(state, word, go)
  }
}

type Go = (
  expects: Expectation,
  change?: Partial<State>,
  used?: number,
) => { readonly next: State; readonly used: number }

function clauseStep(state: State, tokens: readonly Token[], index: number, word: string, go: Go) {
  if (word === 'open') return go('clause', { depth: state.depth + 1 })
  if (word === 'not' || word === 'and' || word === 'or') return go('clause')
  if (tokens[index + 1]?.kind === 'open') {
    if (word === 'exists') return go('key', { ends: true }, 2)
    if (AGGREGATES.some((known) => known === word)) return go('metric', { ends: false }, 2)
  }
  return withKey(tokens, index, (key, used) => go('operator', { key }, used))
}

function operatorStep(state: State, tokens: readonly Token[], index: number, word: string, go: Go) {
  switch (word) {
    case 'operator':
    case 'like':
    case 'ilike':
      return go('value')
    case 'in':
      return go('list')
    case 'is':
      return go('NULL')
    case 'not':
      return go('operator after NOT')
    case 'exists':
      return go('connective')
    case 'and':
    case 'or':
    case 'close':
      return connectiveStep(state, word, go)
    default:
      return withKey(tokens, index, (key, used) => go('operator', { key }, used))
  }
}

/** A value of several words (`7d ago`) ends here too, so other words change nothing. */
function connectiveStep(state: State, word: string, go: Go) {
  if (word === 'and' || word === 'or') return go('clause', { key: null })
  return word === 'close' ? go('connective', { depth: Math.max(0, state.depth - 1) }) : go('connective')
}

function withKey<Step>(
  tokens: readonly Token[],
  index: number,
  go: (key: FilterKey | null, used: number) => Step,
): Step {
  const parsed = parseKey(tokens, index)
  return parsed.ok ? go(parsed.value.key, Math.max(1, parsed.value.next - index)) : go(null, 1)
}
