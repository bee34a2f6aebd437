import { MARKER_START, outsideMarkers, secretMarker } from './marker.ts'
import { isSecretValue, secretKindOfName } from './names.ts'
import { maskPatterns } from './patterns.ts'

/** The words around which a name is looked at; everything else in a line costs one pass of this alone. */
const WORD =
  /secret|token|passw|passphrase|pwd|credential|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|account[_-]?key|signing[_-]?key|encryption[_-]?key|master[_-]?key|service[_-]?key/gi

const NAME_CHARACTER = /[A-Za-z0-9_.-]/
const LONGEST_NAME = 80
const REST_OF_NAME = /[A-Za-z0-9_.-]{0,80}/y
const SEPARATOR = /["'`]?\]?\s{0,8}(?::=|=>|[:=])\s{0,8}|[ \t]{1,4}/y
const QUOTED = /(?:[rbuf]{0,2})(["'`])((?:[^"'`\\]|\\.){1,1000})/iy
const BARE = /[^\s"'`,;&)}\]]{1,1000}/y
const REST_OF_BARE = /[^\s"'`,;&)}\]]*/y
const BEGIN_KEYS = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g
const END_KEY = /-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/

/**
 * Masks every secret in a text: keys known by their form, passwords in addresses, and values behind names such as
 * `api_key:`, `--password` or `TOKEN=`. Lines stay lines.
 *
 * Masking twice gives the same. Linear in the text.
 */
export function maskText(text: string): string {
  if (text.length === 0) return text
  let inKey = false
  return text
    .split('\n')
    .map((line) => {
      const [masked, stillInKey] = maskPart(line, inKey)
      inKey = stillInKey
      return masked
    })
    .join('\n')
}

/** A line, or what follows a key's end on it, with whether the next line lies in a key. */
function maskPart(line: string, inKey: boolean): readonly [string, boolean] {
  if (inKey) {
    const end = END_KEY.exec(line)
    if (end === null) return [maskKeyLine(line), true]
    const to = end.index + end[0].length
    const [rest, restInKey] = maskPart(line.slice(to), false)
    return [maskKeyLine(line.slice(0, end.index)) + line.slice(end.index, to) + rest, restInKey]
  }
  const begin = keyStart(line)
  return begin === undefined ? [maskLine(line), false] : [maskLine(line.slice(0, begin)) + line.slice(begin), true]
}

/**
 * Where a key begins whose body follows on the next lines. A mark after its beginning says that the line was masked by itself before: that must
 * not become the beginning of a key by being shorter now.
 */
function keyStart(line: string): number | undefined {
  const begin = [...line.matchAll(BEGIN_KEYS)].at(-1)
  if (begin === undefined) return undefined
  const rest = line.slice(begin.index + begin[0].length)
  return rest.length < 40 && !END_KEY.test(rest) && !rest.includes(MARKER_START) ? begin.index : undefined
}

/** A mask can bare the start of a further secret that touched the first, so a changed line is looked at again. */
function maskLine(line: string): string {
  let masked = line
  for (let pass = 0; pass < 5; pass += 1) {
    // Names first: a password that holds something like a key is masked whole, not in part.
    const next = outsideMarkers(outsideMarkers(masked, maskNamed), maskPatterns)
    if (next === masked) break
    masked = next
  }
  return masked
}

/** A line of a key's body, its margin kept: the sign of a diff, an indent, a comment. */
function maskKeyLine(line: string): string {
  const margin = /^[\s+#>|-]{0,40}/.exec(line)?.[0] ?? ''
  return line.length === margin.length ? line : margin + secretMarker('private key')
}

/** Masks the values behind names that say so. */
function maskNamed(line: string): string {
  let masked = ''
  let copied = 0
  WORD.lastIndex = 0
  for (let match = WORD.exec(line); match !== null; match = WORD.exec(line)) {
    const found = namedValue(line, match.index, copied)
    if (found === undefined) continue
    masked += line.slice(copied, found.from) + secretMarker(found.kind)
    copied = found.to
    WORD.lastIndex = found.to
  }
  return masked + line.slice(copied)
}

interface NamedValue {
  readonly from: number
  readonly to: number
  readonly kind: string
}

function namedValue(line: string, at: number, after: number): NamedValue | undefined {
  const from = nameStart(line, at, after)
  REST_OF_NAME.lastIndex = at
  const to = at + (REST_OF_NAME.exec(line)?.[0].length ?? 0)
  const written = line.slice(from, to)
  const name = written.replace(/^-+/, '')
  const kind = secretKindOfName(name)
  if (kind === null) return undefined
  SEPARATOR.lastIndex = to
  const separator = SEPARATOR.exec(line)?.[0]
  const flag = written.startsWith('-')
  // Only a flag's value stands behind a mere blank; prose has words there.
  if (separator === undefined || (separator.trim() === '' && !flag)) return undefined
  const value = valueAt(line, to + separator.length)
  if (value === undefined) return undefined
  if (flag && separator.trim() === '' && value.text.startsWith('-')) return undefined
  if (!isSecretValue(kind, value.text, lastPart(name))) return undefined
  return { from: value.from, to: endOfValue(line, value.to), kind }
}

function nameStart(line: string, at: number, after: number): number {
  let from = at
  while (from > after && at - from < LONGEST_NAME && NAME_CHARACTER.test(line.charAt(from - 1))) from -= 1
  return from
}

function valueAt(
  line: string,
  at: number,
): { readonly from: number; readonly to: number; readonly text: string } | undefined {
  QUOTED.lastIndex = at
  const quoted = QUOTED.exec(line)
  if (quoted !== null) {
    const text = quoted[2] ?? ''
    const from = at + quoted[0].indexOf(quoted[1] ?? '"') + 1
    return { from, to: from + text.length, text }
  }
  BARE.lastIndex = at
  const bare = BARE.exec(line)?.[0]
  return bare === undefined ? undefined : { from: at, to: at + bare.length, text: bare }
}

/** Values are judged by their first thousand characters, and masked whole. */
function endOfValue(line: string, to: number): number {
  REST_OF_BARE.lastIndex = to
  return to + (REST_OF_BARE.exec(line)?.[0].length ?? 0)
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** Masks the passwords and tokens in an address; the rest of it stays readable. */
export function maskUrl(url: string): string {
  return maskText(url)
}

/** Masks a unified diff; its lines, their signs and their number stay, so that it can still be read and parsed. */
export function maskDiff(diff: string): string {
  return maskText(diff)
}
