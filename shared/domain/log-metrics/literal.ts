/** A value of a Python or JSON literal; tuples and sets read as lists, what is neither as null. */
export type Literal = number | string | boolean | null | readonly Literal[] | { readonly [key: string]: Literal }

const MOST_DEPTH = 8

interface Parsed {
  readonly value: Literal
  readonly end: number
}

/**
 * Reads the dict that starts with `{` at `from`: as Python prints one (single quotes, True, None, nan, `np.float64(0.4)`,
 * `tensor(0.4)`) or as JSON.
 *
 * @returns the object and where it ends, or undefined where the text is no whole literal. Linear in its length.
 */
export function parseDict(
  text: string,
  from: number,
): { readonly value: Readonly<Record<string, Literal>>; readonly end: number } | undefined {
  const parsed = text.charAt(from) === '{' ? parseLiteral(text, from, 0) : undefined
  if (parsed === undefined) return undefined
  const { value, end } = parsed
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { value: value as Readonly<Record<string, Literal>>, end }
    : undefined
}

function parseLiteral(text: string, from: number, depth: number): Parsed | undefined {
  if (depth > MOST_DEPTH) return undefined
  const at = skipSpace(text, from)
  const character = text.charAt(at)
  if (character === '{') return parseObject(text, at, depth)
  if (character === '[' || character === '(') return parseList(text, at, depth)
  if (character === '"' || character === "'") return parseString(text, at)
  return parseScalar(text, at)
}

function parseObject(text: string, from: number, depth: number): Parsed | undefined {
  const entries: [string, Literal][] = []
  let at = skipSpace(text, from + 1)
  while (text.charAt(at) !== '}') {
    const key = parseLiteral(text, at, depth + 1)
    if (key === undefined || typeof key.value === 'object') return undefined
    at = skipSpace(text, key.end)
    if (text.charAt(at) !== ':') return undefined
    const value = parseLiteral(text, at + 1, depth + 1)
    if (value === undefined) return undefined
    entries.push([String(key.value), value.value])
    const end = afterItem(text, value.end, '}')
    if (end === undefined) return undefined
    at = end
  }
  return { value: Object.fromEntries(entries), end: at + 1 }
}

function parseList(text: string, from: number, depth: number): Parsed | undefined {
  const closing = text.charAt(from) === '[' ? ']' : ')'
  const items: Literal[] = []
  let at = skipSpace(text, from + 1)
  while (text.charAt(at) !== closing) {
    const item = parseLiteral(text, at, depth + 1)
    if (item === undefined) return undefined
    items.push(item.value)
    const end = afterItem(text, item.end, closing)
    if (end === undefined) return undefined
    at = end
  }
  return { value: items, end: at + 1 }
}

/** Behind an item stands a comma or the end. */
function afterItem(text: string, from: number, closing: string): number | undefined {
  const at = skipSpace(text, from)
  if (text.charAt(at) === ',') return skipSpace(text, at + 1)
  return text.charAt(at) === closing ? at : undefined
}

function parseString(text: string, from: number): Parsed | undefined {
  const quote = text.charAt(from)
  let value = ''
  let start = from + 1
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === quote) return { value: value + text.slice(start, at), end: at + 1 }
    if (character === '\\') {
      value += text.slice(start, at) + text.charAt(at + 1)
      start = at + 2
      at += 1
    }
  }
  return undefined
}

const SCALAR = /[^\s,:{}[\]()'"]{1,200}/y
const NUMBER = /^[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,4})?$/i

/** Numbers, truths and null; and numbers wrapped by the libraries: `np.float64(0.4)`, `tensor(0.4, device='cuda:0')`. */
function parseScalar(text: string, from: number): Parsed | undefined {
  SCALAR.lastIndex = from
  const word = SCALAR.exec(text)?.[0]
  if (word === undefined) return undefined
  const end = from + word.length
  if (text.charAt(end) === '(' && /^[a-z]/i.test(word)) {
    const inner = parseList(text, end, MOST_DEPTH - 1)
    if (inner === undefined) return skipCall(text, end)
    return { value: Array.isArray(inner.value) ? (inner.value[0] ?? null) : null, end: inner.end }
  }
  return { value: scalarOf(word), end }
}

/** A call whose arguments are no literals (`tensor(0.4, grad_fn=<X>)`): its first number, if it begins with one. */
function skipCall(text: string, open: number): Parsed | undefined {
  const close = text.indexOf(')', open)
  if (close === -1 || close - open > 300) return undefined
  const first = parseScalar(text, skipSpace(text, open + 1))
  return { value: first === undefined ? null : first.value, end: close + 1 }
}

function scalarOf(word: string): Literal {
  if (NUMBER.test(word)) return Number(word)
  switch (word.toLowerCase()) {
    case 'nan':
      return Number.NaN
    case 'inf':
    case 'infinity':
    case '+inf':
      return Infinity
    case '-inf':
    case '-infinity':
      return -Infinity
    case 'true':
      return true
    case 'false':
      return false
    default:
      return null
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (/\s/.test(text.charAt(at))) at += 1
  return at
}

/** The number that a literal is, or that a quoted text is (`'loss': '0.4'`). */
export function numberOfLiteral(value: Literal): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.length > 60) return undefined
  const inner = scalarOf(value.trim())
  return typeof inner === 'number' ? inner : undefined
}
