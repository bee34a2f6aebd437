import { err, ok, type Result } from '#shared/lib/result.ts'
import { millisecondsOfUnit, parseDuration } from '#shared/lib/units.ts'
import type { FilterError, FilterValue } from './ast.ts'
import { looksLikeDate, parseMoment } from './moments.ts'
import { isKeyword } from './names.ts'
import type { Token } from './tokens.ts'

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const INFINITE = /^([+-]?)inf(?:inity)?$/i
const TIME = /^\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/i

/** A value and how many tokens it took. */
export interface ParsedValue {
  readonly value: FilterValue
  readonly used: number
}

/** Reads a number as Python and JavaScript print them, `nan` and `inf` included; undefined for other text. */
export function parseNumber(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text)
  if (/^[+-]?nan$/i.test(text)) return Number.NaN
  const infinite = INFINITE.exec(text)
  if (infinite === null) return undefined
  return infinite[1] === '-' ? -Infinity : Infinity
}

/**
 * Reads the value that starts at `tokens[index]`: a quoted string, a number, true or false, a duration (`5m`, `5 min`),
 * a date (`2026-11-01 14:20`, `today`, `7d ago`), or a bare word as a string.
 */
export function parseValue(tokens: readonly Token[], index: number): Result<ParsedValue, FilterError> {
  const token = tokens[index]
  if (token === undefined) return missingValue(0, 0, 'The value is missing.')
  const span = { from: token.from, to: token.to }
  if (token.kind === 'single' || token.kind === 'double') {
    return token.closed
      ? ok({ value: { kind: 'string', text: token.text, span }, used: 1 })
      : missingValue(token.from, token.to, 'This quote is never closed.', [token.kind === 'single' ? "'" : '"'])
  }
  if (token.kind === 'backtick') {
    return missingValue(token.from, token.to, 'Back-ticks quote keys; a value takes single or double quotes.')
  }
  if (token.kind !== 'word' || isKeyword(token.text)) {
    const what = token.kind === 'end' ? 'The value is missing.' : `A value should stand here, not "${token.text}".`
    return missingValue(token.from, token.to, what)
  }
  return parseWordValue(tokens, index, token)
}

function missingValue(
  from: number,
  to: number,
  message: string,
  expected: readonly string[] = ['a value'],
): Result<never, FilterError> {
  return err({ message, from, to, expected })
}

function parseWordValue(tokens: readonly Token[], index: number, token: Token): Result<ParsedValue, FilterError> {
  const text = token.text
  const number = parseNumber(text)
  if (number !== undefined) {
    const unit = wordAt(tokens, index + 1)
    if (unit !== undefined && millisecondsOfUnit(unit) !== undefined && /^[\d.]+$/.test(text)) {
      return timeSpan(tokens, index, `${text} ${unit}`, 2)
    }
    return single({ kind: 'number', value: number, text, span: { from: token.from, to: token.to } })
  }
  const span = { from: token.from, to: token.to }
  if (/^(?:true|false)$/i.test(text)) {
    return single({ kind: 'boolean', value: text.toLowerCase() === 'true', text, span })
  }
  if (parseDuration(text) !== undefined) return timeSpan(tokens, index, text, 1)
  const time = wordAt(tokens, index + 1)
  const withTime = looksLikeDate(text) && time !== undefined && TIME.test(time) ? `${text} ${time}` : undefined
  const moment = parseMoment(withTime ?? text)
  if (moment !== undefined) {
    const used = withTime === undefined ? 1 : 2
    const to = tokens[index + used - 1]?.to ?? token.to
    return ok({ value: { kind: 'moment', moment, text: withTime ?? text, span: { from: token.from, to } }, used })
  }
  if (looksLikeDate(withTime ?? text)) {
    return missingValue(
      token.from,
      token.to,
      `${withTime ?? text} is not in the calendar. In quotes it would be text.`,
      ['a date such as 2026-11-01'],
    )
  }
  return single({ kind: 'string', text, span })
}

function single(value: FilterValue): Result<ParsedValue, FilterError> {
  return ok({ value, used: 1 })
}

/** A duration, or with `ago` behind it a moment. */
function timeSpan(
  tokens: readonly Token[],
  index: number,
  text: string,
  used: number,
): Result<ParsedValue, FilterError> {
  const from = tokens[index]?.from ?? 0
  const milliseconds = parseDuration(text) ?? 0
  const ago = wordAt(tokens, index + used)
  if (ago !== undefined && ago.toLowerCase() === 'ago') {
    const to = tokens[index + used]?.to ?? from
    const moment = { kind: 'ago', milliseconds } as const
    return ok({ value: { kind: 'moment', moment, text: `${text} ago`, span: { from, to } }, used: used + 1 })
  }
  const to = tokens[index + used - 1]?.to ?? from
  return ok({ value: { kind: 'duration', milliseconds, text, span: { from, to } }, used })
}

function wordAt(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index]
  return token?.kind === 'word' ? token.text : undefined
}
