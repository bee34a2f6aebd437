import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'

/** What a `meta.yaml` says. Scalars are text as it stands there: an id of 18 digits is no JavaScript number. */
export type Meta = ReadonlyMap<string, MetaValue>
export type MetaValue = string | null | Meta | readonly MetaValue[]

/** Reads a `meta.yaml`; throws an Error whose message says in words what is wrong with it. Aliases are not followed, so that none can blow it up. */
export function parseMeta(text: string): Meta {
  if (text.trim() === '') throw new Error('it is empty')
  return flatMeta(text) ?? parseAnyMeta(text)
}

/** Any YAML that is one mapping, by a whole parser: twenty times slower than `flatMeta`. */
export function parseAnyMeta(text: string): Meta {
  const value = parseWhole(text)
  if (!(value instanceof Map)) throw new Error('it is not a list of fields')
  return value as Meta
}

function parseWhole(text: string): MetaValue {
  let document
  try {
    document = parseDocument(text, { schema: 'failsafe', logLevel: 'error', uniqueKeys: false, stringKeys: false })
  } catch (error) {
    // A thousand brackets within each other.
    if (error instanceof RangeError) throw new Error('it is nested too deeply', { cause: error })
    throw new Error('it is not YAML', { cause: error })
  }
  const [fault] = document.errors
  if (fault !== undefined) throw new Error(`it is not whole YAML (line ${fault.linePos?.[0].line ?? 1})`)
  return valueOf(document.contents, 0)
}

const DEEPEST = 32

function valueOf(node: unknown, depth: number): MetaValue {
  if (depth > DEEPEST) throw new Error('it is nested too deeply')
  if (isScalar(node)) {
    const text = typeof node.value === 'string' ? node.value : ''
    return node.type === 'PLAIN' || node.type === undefined ? plain(text) : text
  }
  if (isMap(node)) {
    const fields = new Map<string, MetaValue>()
    for (const { key, value } of node.items) {
      if (isScalar(key) && typeof key.value === 'string') fields.set(key.value, valueOf(value, depth + 1))
    }
    return fields
  }
  if (isSeq(node)) return node.items.map((item) => valueOf(item, depth + 1))
  return isAlias(node) ? null : null
}

/** YAML 1.1's words for nothing, as PyYAML reads them; `None` is a word. */
function plain(text: string): string | null {
  return text === '' || text === '~' || text === 'null' || text === 'Null' || text === 'NULL' ? null : text
}

const FIELD = /^([A-Za-z_][\w.-]*):(?: (.*))?$/
/** Words that mean themselves without quotes: no sign that YAML knows at their start, no `: ` and no ` #` in them. */
const PLAIN = /^[\w/.][^\p{C}\p{Z}:#]*(?:(?: (?![#])|:(?=[^\s:#]))[^\p{C}\p{Z}:#]*)*$/u
const QUOTED = /^'([^'\p{C}]*)'$/u

/** The fields of a mapping of plain words alone, a line each, which is what MLflow writes nearly always; undefined for any other. */
export function flatMeta(text: string): Meta | undefined {
  const fields = new Map<string, MetaValue>()
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const line of lines) {
    const field = FIELD.exec(line.endsWith('\r') ? line.slice(0, -1) : line)
    const key = field?.[1]
    if (key === undefined) return undefined
    const words = field?.[2] ?? ''
    const quoted = QUOTED.exec(words)?.[1]
    if (quoted !== undefined) fields.set(key, quoted)
    else if (words === '') fields.set(key, null)
    else if (words === '[]') fields.set(key, [])
    else if (words === '{}') fields.set(key, new Map())
    else if (!words.endsWith(' ') && !words.endsWith(':') && PLAIN.test(words)) fields.set(key, plain(words))
    else return undefined
  }
  return fields
}
