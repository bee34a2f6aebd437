import { assertNever } from '#shared/lib/assert-never.ts'
import { parseDuration, SECOND } from '#shared/lib/units.ts'
import type { ComparisonOperator, FilterValue } from './ast.ts'
import { compareWith, compareWithRange } from './compile-number.ts'
import { type FilterClock, parseMoment, rangeOfMoment } from './moments.ts'
import { parseNumber } from './parse-value.ts'

export type TextTest = (text: string) => boolean

/**
 * Compiles the comparison of a text (a parameter, a tag) with a value.
 *
 * A quoted value compares as text. An unquoted number compares as a number with every text that is one (`1e-3` equals
 * `0.001`), and likewise durations and dates; other texts can only equal it by their letters.
 */
export function compileTextTest(operator: ComparisonOperator, value: FilterValue, clock: FilterClock): TextTest {
  switch (value.kind) {
    case 'string':
      return compareTexts(operator, value.text)
    case 'number':
      return byReading(operator, value.text, parseNumber, compareWith(operator, value.value))
    case 'duration': {
      const read = (text: string) => parseDuration(text) ?? scaled(parseNumber(text), SECOND)
      return byReading(operator, value.text, read, compareWith(operator, value.milliseconds))
    }
    case 'moment': {
      const read = (text: string) => startOf(text, clock)
      const { from, to } = rangeOfMoment(value.moment, clock)
      return byReading(operator, value.text, read, compareWithRange(operator, from, to))
    }
    case 'boolean':
      return compareTruth(operator, String(value.value))
    default:
      return assertNever(value, 'value')
  }
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor
}

function startOf(text: string, clock: FilterClock): number | undefined {
  const moment = parseMoment(text)
  return moment === undefined ? undefined : rangeOfMoment(moment, clock).from
}

function byReading(
  operator: ComparisonOperator,
  written: string,
  read: (text: string) => number | undefined,
  test: (value: number) => boolean,
): TextTest {
  return (text) => {
    const value = read(text.trim())
    if (value !== undefined) return test(value)
    return operator === '=' ? text === written : operator === '!=' ? text !== written : false
  }
}

/** Python prints True, YAML and JSON true: all are the same truth. */
function compareTruth(operator: ComparisonOperator, truth: string): TextTest {
  return compareOrdered(operator, (text) => {
    const lower = text.toLowerCase()
    return lower < truth ? -1 : lower > truth ? 1 : 0
  })
}

function compareTexts(operator: ComparisonOperator, other: string): TextTest {
  const number = parseNumber(other)
  return compareOrdered(operator, (text) => {
    if (text === other) return 0
    const value = number === undefined || operator === '=' || operator === '!=' ? undefined : parseNumber(text)
    // Equal numbers in different spelling have an order only in name, so the letters decide.
    if (value !== undefined && number !== undefined && value !== number) return value < number ? -1 : 1
    return text < other ? -1 : 1
  })
}

function compareOrdered(operator: ComparisonOperator, order: (text: string) => number): TextTest {
  switch (operator) {
    case '=':
      return (text) => order(text) === 0
    case '!=':
      return (text) => order(text) !== 0
    case '<':
      return (text) => order(text) < 0
    case '<=':
      return (text) => order(text) <= 0
    case '>':
      return (text) => order(text) > 0
    case '>=':
      return (text) => order(text) >= 0
    default:
      return assertNever(operator, 'operator')
  }
}
