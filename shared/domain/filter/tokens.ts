import type { Span } from './ast.ts'

export type TokenKind =
  | 'word'
  | 'single'
  | 'double'
  | 'backtick'
  | 'operator'
  | 'open'
  | 'close'
  | 'comma'
  | 'invalid'
  | 'end'

/** A piece of a filter's text. `text` is the content: a quoted token's without its quotes. */
export interface Token extends Span {
  readonly kind: TokenKind
  readonly text: string
  /** False for a quote that the text never closes; only the completion goes on with such a token. */
  readonly closed: boolean
}

const QUOTES: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ["'", 'single'],
  ['"', 'double'],
  ['`', 'backtick'],
])

const PUNCTUATION: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ['(', 'open'],
  [')', 'close'],
  [',', 'comma'],
])

const OPERATOR = /[=<>!]/y
const SPACE = /\s+/y
const WORD = /[^\s'"`(),=<>!;&|]+/y

/**
 * Cuts a filter's text into tokens; the last one is always `end`. Never fails: what cannot be read is `invalid`.
 *
 * A quote character doubled inside its quotes stands for itself (`'it''s'`). Linear in the length of the text.
 */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const spaceEnd = matchEnd(SPACE, text, at)
    if (spaceEnd > at) {
      at = spaceEnd
      continue
    }
    const token = nextToken(text, at)
    tokens.push(token)
    at = token.to
  }
  tokens.push({ kind: 'end', text: '', from: text.length, to: text.length, closed: true })
  return tokens
}

function nextToken(text: string, at: number): Token {
  const character = text.charAt(at)
  const quote = QUOTES.get(character)
  if (quote !== undefined) return quotedToken(text, at, character, quote)
  const punctuation = PUNCTUATION.get(character)
  if (punctuation !== undefined) return { kind: punctuation, text: character, from: at, to: at + 1, closed: true }
  if (matchEnd(OPERATOR, text, at) > at) return operatorToken(text, at)
  const wordEnd = matchEnd(WORD, text, at)
  if (wordEnd > at) return { kind: 'word', text: text.slice(at, wordEnd), from: at, to: wordEnd, closed: true }
  const to = text.startsWith(character.repeat(2), at) ? at + 2 : at + 1
  return { kind: 'invalid', text: text.slice(at, to), from: at, to, closed: true }
}

function quotedToken(text: string, from: number, quote: string, kind: TokenKind): Token {
  let content = ''
  let start = from + 1
  for (;;) {
    const end = text.indexOf(quote, start)
    if (end === -1) return { kind, text: content + text.slice(start), from, to: text.length, closed: false }
    content += text.slice(start, end)
    if (text.charAt(end + 1) !== quote) return { kind, text: content, from, to: end + 1, closed: true }
    content += quote
    start = end + 2
  }
}

/** `==` and `<>` are read as `=` and `!=`: both are what people type out of other languages. */
function operatorToken(text: string, from: number): Token {
  const two = text.slice(from, from + 2)
  const token = (operator: string, length: number): Token => ({
    kind: operator === '!' ? 'invalid' : 'operator',
    text: operator,
    from,
    to: from + length,
    closed: true,
  })
  if (two === '==') return token('=', 2)
  if (two === '<>') return token('!=', 2)
  if (two === '!=' || two === '<=' || two === '>=') return token(two, 2)
  return token(text.charAt(from), 1)
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
