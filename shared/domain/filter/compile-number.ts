import { assertNever } from '#shared/lib/assert-never.ts'
import { err, ok, type Result } from '#shared/lib/result.ts'
import { parseDuration, SECOND } from '#shared/lib/units.ts'
import type { ComparisonOperator, FilterError, FilterValue } from './ast.ts'
import type { NumberColumn } from './columns.ts'
import { type FilterClock, parseMoment, rangeOfMoment } from './moments.ts'
import { parseNumber } from './parse-value.ts'

export type NumberTest = (value: number) => boolean

/** Compiles the comparison of a numeric column with a value; fails where the value cannot be one of the column's kind. */
export function compileNumberTest(
  kind: NumberColumn['kind'],
  operator: ComparisonOperator,
  value: FilterValue,
  clock: FilterClock,
): Result<NumberTest, FilterError> {
  if (kind === 'time') return compileTimeTest(operator, value, clock)
  const number = kind === 'duration' ? millisecondsOf(value) : numberOf(value)
  if (number !== undefined) return ok(compareWith(operator, number))
  const expected = kind === 'duration' ? 'a duration such as 5m' : 'a number'
  return mismatch(value, expected)
}

function mismatch(value: FilterValue, expected: string): Result<never, FilterError> {
  return err({ message: `"${value.text}" is not ${expected}.`, ...value.span, expected: [expected] })
}

/** A plain number has no unit: it is read as seconds, which is also what a script logs as `epoch_seconds`. */
function millisecondsOf(value: FilterValue): number | undefined {
  if (value.kind === 'duration') return value.milliseconds
  if (value.kind === 'number') return value.value * SECOND
  return value.kind === 'string' ? parseDuration(value.text) : undefined
}

function numberOf(value: FilterValue): number | undefined {
  if (value.kind === 'number') return value.value
  if (value.kind === 'duration') return value.milliseconds / SECOND
  if (value.kind === 'boolean') return value.value ? 1 : 0
  return value.kind === 'string' ? parseNumber(value.text.trim()) : undefined
}

function compileTimeTest(
  operator: ComparisonOperator,
  value: FilterValue,
  clock: FilterClock,
): Result<NumberTest, FilterError> {
  const moment = value.kind === 'moment' ? value.moment : parseMoment(value.text)
  if (moment !== undefined) {
    const range = rangeOfMoment(moment, clock)
    return ok(compareWithRange(operator, range.from, range.to))
  }
  if (value.kind === 'duration') {
    const message = `${value.text} is a length of time; write "${value.text} ago" for a moment.`
    return err({ message, ...value.span, expected: [`${value.text} ago`] })
  }
  const epoch = numberOf(value)
  return epoch === undefined
    ? mismatch(value, 'a date such as 2026-11-01, today or 7d ago')
    : ok(compareWith(operator, epoch))
}

/** Comparison as IEEE 754 has it, but that `= nan` finds NaN. */
export function compareWith(operator: ComparisonOperator, other: number): NumberTest {
  const nan = Number.isNaN(other)
  switch (operator) {
    case '=':
      return nan ? (value) => Number.isNaN(value) : (value) => value === other
    case '!=':
      return nan ? (value) => !Number.isNaN(value) : (value) => value !== other
    case '<':
      return (value) => value < other
    case '<=':
      return (value) => value <= other
    case '>':
      return (value) => value > other
    case '>=':
      return (value) => value >= other
    default:
      return assertNever(operator, 'operator')
  }
}

/** Comparison with a stretch of time, `to` exclusive: before it, in it, after it. */
export function compareWithRange(operator: ComparisonOperator, from: number, to: number): NumberTest {
  switch (operator) {
    case '=':
      return (value) => value >= from && value < to
    case '!=':
      return (value) => value < from || value >= to
    case '<':
      return (value) => value < from
    case '<=':
      return (value) => value < to
    case '>':
      return (value) => value >= to
    case '>=':
      return (value) => value >= from
    default:
      return assertNever(operator, 'operator')
  }
}
