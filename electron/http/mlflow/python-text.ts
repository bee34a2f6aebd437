import { rawJson } from '#shared/lib/raw-json.ts'

/**
 * How Python writes values in the real server's messages: clients and their tests look for parts of them, and people search the web for them.
 */

const MOST = 1_000

/** `json.dumps(value, sort_keys=True, separators=(',', ':'))`, cut where it gets too long to read. */
export function pythonJson(value: unknown): string {
  return cut(escaped(JSON.stringify(sorted(value)) ?? 'null'))
}

/** The name of the value's type in Python. */
export function pythonType(value: unknown): string {
  if (value === undefined || value === null) return 'NoneType'
  if (Array.isArray(value)) return 'list'
  switch (typeof value) {
    case 'string':
      return 'str'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float'
    default:
      return 'dict'
  }
}

/** `posixpath.normpath(path)`. */
export function normalPath(path: string): string {
  if (path === '') return '.'
  const slashes = /^\/*/.exec(path)?.[0].length ?? 0
  const root = slashes === 2 ? '//' : slashes > 0 ? '/' : ''
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..' || (root === '' && (kept.length === 0 || kept.at(-1) === '..'))) kept.push(part)
    else kept.pop()
  }
  return root + kept.join('/') || '.'
}

/** Deeper than it could be shown, and than a call in a call may go. */
const DEEP = MOST

function sorted(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return rawJson(String(value))
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEP) return '...'
  if (Array.isArray(value)) return value.map((inner) => sorted(inner, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner, depth + 1)]),
  )
}

function escaped(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (character) => `\\u${hex(character, 4)}`)
}

function hex(character: string, width: number): string {
  return character.charCodeAt(0).toString(16).padStart(width, '0')
}

function cut(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}...` : text
}
