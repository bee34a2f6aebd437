/** A piece of a log line, as far as reading metrics needs to tell them apart. */
export type Piece =
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly whole: boolean; readonly unit: string }
  /** `3/10`, as counters print it. */
  | { readonly kind: 'fraction'; readonly done: number; readonly total: number }
  | { readonly kind: 'separator' }
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'break' }
  /** A tab or several blanks: parts columns, but may also stand between a key and its number. */
  | { readonly kind: 'gap' }
  /** Times, dates, versions, addresses, paths: a value, but no number. */
  | { readonly kind: 'other' }

/** Lines have at most this many pieces read; a metric line has some dozens. */
const MOST_PIECES = 1_000

const SPACE = /[ \t]+/y
const NOT_A_NUMBER =
  /(?:\d{1,20}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,9})?|\d{4}-\d{2}-\d{2}\S{0,40}|v?\d{1,9}(?:\.\d{1,9}){2,6}[\w.+-]{0,40}|0x[0-9a-f]{1,40}|[a-z][a-z0-9+.-]{1,20}:\/\/\S{1,200}|(?:[a-z]:|\.{1,2}|~)?[/\\][^\s,;|()[\]{}]{1,200})(?![\w])/iy
const FRACTION = /(\d{1,15})\s?\/\s?(\d{1,15})(?![\w./])/y
const NUMBER = /([+-]?(?:\d{1,24}(?:\.\d{0,24})?|\.\d{1,24})(?:e[+-]?\d{1,4})?|[+-]?(?:nan|inf(?:inity)?))/iy
const UNIT = /(?:%|[a-zµ]{1,10}\/[a-z]{1,10}|[kmgt]i?b?|us|µs|ms|s|sec|secs|min|mins|h|hrs|b)(?![\w/])/iy
/** Of any script: `précision`, `損失`. */
const NAME = /[\p{L}_%][\p{L}\p{M}\p{N}_./@%+#^'’*-]{0,119}/uy

/**
 * Cuts a log line into pieces. Never fails; each piece is bounded, so the time is linear in the line.
 *
 * @param line one line without escape sequences.
 */
export function scan(line: string): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  while (at < line.length && pieces.length < MOST_PIECES) {
    const space = lengthOf(SPACE, line, at)
    if (space > 0) {
      if (space > 2 || line.charAt(at) === '\t') pieces.push({ kind: 'gap' })
      at += space
      continue
    }
    const { piece, length } = next(line, at)
    pieces.push(piece)
    at += length
  }
  return pieces
}

interface Scanned {
  readonly piece: Piece
  readonly length: number
}

const SINGLE: Readonly<Record<string, Piece['kind']>> = {
  '=': 'separator',
  ':': 'separator',
  '(': 'open',
  '[': 'open',
  '{': 'open',
  ')': 'close',
  ']': 'close',
  '}': 'close',
}

function next(line: string, at: number): Scanned {
  const single = SINGLE[line.charAt(at)]
  if (single === 'separator' || single === 'open' || single === 'close') return { piece: { kind: single }, length: 1 }
  const other = lengthOf(NOT_A_NUMBER, line, at)
  if (other > 0) return { piece: { kind: 'other' }, length: other }
  const fraction = matchAt(FRACTION, line, at)
  if (fraction !== null) {
    const piece = { kind: 'fraction', done: Number(fraction[1]), total: Number(fraction[2]) } as const
    return { piece, length: fraction[0].length }
  }
  const number = numberAt(line, at)
  if (number !== undefined) return number
  const name = matchAt(NAME, line, at)
  if (name !== null) return { piece: { kind: 'name', text: name[0] }, length: name[0].length }
  return { piece: { kind: 'break' }, length: 1 }
}

function numberAt(line: string, at: number): Scanned | undefined {
  const match = matchAt(NUMBER, line, at)
  if (match === null) return undefined
  const text = match[0]
  const unitAt = at + text.length
  const unit = matchAt(UNIT, line, unitAt)?.[0] ?? ''
  const end = unitAt + unit.length
  // `3D`, `16-mixed`, `1.x` and `nancy` begin like numbers.
  if (/[\w]/.test(line.charAt(end)) || /^[-/.][\w]/.test(line.slice(end, end + 2))) {
    const word = /[^\s=:,;|()[\]{}]{1,120}/y
    const length = Math.max(1, lengthOf(word, line, at))
    const startsName = /[a-z]/i.test(line.charAt(at))
    return startsName ? undefined : { piece: { kind: 'other' }, length }
  }
  return { piece: withUnit(text, /^[+-]?\d+$/.test(text) && unit === '', unit), length: end - at }
}

function parse(text: string): number {
  const lower = text.toLowerCase()
  if (lower.includes('nan')) return Number.NaN
  if (lower.includes('inf')) return lower.startsWith('-') ? -Infinity : Infinity
  return Number(lower)
}

/** Units that are a power of ten of what is kept: times in seconds, multiples and decimal sizes as plain numbers. */
const POWERS: ReadonlyMap<string, { readonly power: number; readonly unit: string }> = new Map([
  ['us', { power: -6, unit: 's' }],
  ['µs', { power: -6, unit: 's' }],
  ['ms', { power: -3, unit: 's' }],
  ['s', { power: 0, unit: 's' }],
  ['sec', { power: 0, unit: 's' }],
  ['secs', { power: 0, unit: 's' }],
  ['K', { power: 3, unit: '' }],
  ['k', { power: 3, unit: '' }],
  ['M', { power: 6, unit: '' }],
  ['G', { power: 9, unit: '' }],
  ['B', { power: 9, unit: '' }],
  ['T', { power: 12, unit: '' }],
  ['kB', { power: 3, unit: 'B' }],
  ['KB', { power: 3, unit: 'B' }],
  ['MB', { power: 6, unit: 'B' }],
  ['GB', { power: 9, unit: 'B' }],
  ['TB', { power: 12, unit: 'B' }],
])

const FACTORS: ReadonlyMap<string, { readonly factor: number; readonly unit: string }> = new Map([
  ['min', { factor: 60, unit: 's' }],
  ['mins', { factor: 60, unit: 's' }],
  ['h', { factor: 3600, unit: 's' }],
  ['hrs', { factor: 3600, unit: 's' }],
  ['KiB', { factor: 1024, unit: 'B' }],
  ['MiB', { factor: 1024 ** 2, unit: 'B' }],
  ['GiB', { factor: 1024 ** 3, unit: 'B' }],
  ['TiB', { factor: 1024 ** 4, unit: 'B' }],
])

/** Percents and rates keep the number that was printed. */
function withUnit(text: string, whole: boolean, unit: string): Piece {
  const power = POWERS.get(unit)
  if (power !== undefined) return { kind: 'number', value: shifted(text, power.power), whole, unit: power.unit }
  const factor = FACTORS.get(unit)
  if (factor !== undefined) return { kind: 'number', value: parse(text) * factor.factor, whole, unit: factor.unit }
  return { kind: 'number', value: parse(text), whole, unit }
}

/** Moves the point in the text: 93.04 ms is 0.09304 s, where dividing would print 0.09304000000000001. */
function shifted(text: string, power: number): number {
  const exponent = /e([+-]?\d+)$/i.exec(text)
  const mantissa = exponent === null ? text : text.slice(0, exponent.index)
  const value = Number(`${mantissa}e${Number(exponent?.[1] ?? 0) + power}`)
  return Number.isNaN(value) ? parse(text) : value
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(line)
}

function lengthOf(pattern: RegExp, line: string, at: number): number {
  return matchAt(pattern, line, at)?.[0].length ?? 0
}
