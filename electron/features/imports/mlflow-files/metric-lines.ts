import { restOf } from '#shared/lib/whole-number.ts'
import { type SeriesColumns } from '#electron/features/metrics/index.ts'

/** Columns of one length. */
export type Points = SeriesColumns

export type ParsedLines = {
  readonly points: Points
  /** Lines that are none, and the first of them. */
  readonly bad: number
  readonly firstBad: string | null
  /** Points of lines with two fields: they have no step, and got their order as one. */
  readonly stepless: number
  /** Of those, the ones whose time was in seconds. */
  readonly inSeconds: number
  /** Lines that name a dataset. */
  readonly onDataset: number
}

export type LineParser = {
  /** Takes whole lines, each with its end, or the last one without. */
  readonly take: (bytes: Buffer, start: number, end: number) => void
  readonly parsed: () => ParsedLines
}

const SPACE = 32
const TAB = 9
const RETURN = 13
const NEWLINE = 10
const DOT = 46
const MINUS = 45
/** Integers up to here, and powers of ten up to 10^22, are exact in a double: their quotient is rounded once, and so correctly. */
const EXACT = Number.MAX_SAFE_INTEGER
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))

/**
 * A parser of metric lines, `<time in ms> <value> [<step> [<dataset> <digest>]]`, by bytes: a million of them become columns, and no strings.
 * `startedAt`, milliseconds, tells seconds from milliseconds where a line has two fields, which is how MLflow wrote before 1.0.
 */
export function lineParser(startedAt: number | null, expected: number): LineParser {
  let columns = room(Math.max(4, expected))
  const rests: Rest[] = []
  let count = 0
  let bad = 0
  let firstBad: string | null = null
  let stepless = 0
  let inSeconds = 0
  let onDataset = 0

  const reject = (bytes: Buffer, from: number, to: number): void => {
    bad++
    firstBad ??= printable(bytes.toString('latin1', from, Math.min(to, from + 60)))
  }

  const takeLine = (bytes: Buffer, from: number, to: number): void => {
    while (to > from && isBlank(bytes[to - 1])) to--
    while (from < to && isBlank(bytes[from])) from++
    if (from === to) return reject(bytes, from, to)
    const timeEnd = wordEnd(bytes, from, to)
    const valueFrom = wordStart(bytes, timeEnd, to)
    const valueEnd = wordEnd(bytes, valueFrom, to)
    const stepFrom = wordStart(bytes, valueEnd, to)
    const stepEnd = wordEnd(bytes, stepFrom, to)
    let time = numberAt(bytes, from, timeEnd)
    const value = numberAt(bytes, valueFrom, valueEnd)
    const hasStep = stepFrom < to
    let step = hasStep ? numberAt(bytes, stepFrom, stepEnd) : stepless
    if (time === undefined || value === undefined || step === undefined || !Number.isFinite(time + step)) {
      return reject(bytes, from, to)
    }
    if (!hasStep) {
      stepless++
      if (isInSeconds(time, startedAt)) {
        time *= 1000
        inSeconds++
      }
    } else if (stepEnd < to) onDataset++
    step = Math.trunc(step)
    if (count === columns.step.length) columns = resized(columns, count * 2)
    columns.step[count] = step
    columns.time[count] = Math.round(time)
    columns.value[count] = value
    // Of 64 bits, as `time.time_ns()` is: its last digits are more than the doubles hold.
    if (Math.abs(step) + Math.abs(time) > EXACT) {
      const rest = {
        at: count,
        step: restOf(bytes.toString('latin1', stepFrom, stepEnd), step),
        time: restOf(bytes.toString('latin1', from, timeEnd), time),
      }
      if (rest.step !== 0 || rest.time !== 0) rests.push(rest)
    }
    count++
  }

  return {
    take(bytes, start, end) {
      for (let from = start; from < end;) {
        const newline = bytes.indexOf(NEWLINE, from)
        const to = newline === -1 || newline >= end ? end : newline
        takeLine(bytes, from, to)
        from = to + 1
      }
    },
    parsed: () => ({
      points: withRests(resized(columns, count), rests),
      bad,
      firstBad,
      stepless,
      inSeconds,
      onDataset,
    }),
  }
}

/** What the step and the time of point `at` are more than the doubles. */
type Rest = { readonly at: number; readonly step: number; readonly time: number }

function withRests(points: Points, rests: readonly Rest[]): Points {
  if (rests.length === 0) return points
  const { length } = points.step
  const rest = { step: new Int16Array(length), time: new Int16Array(length) }
  for (const { at, step, time } of rests) {
    rest.step[at] = step
    rest.time[at] = time
  }
  return { ...points, rest }
}

/** True where a time is a thousand times smaller than the run's start, give or take what a run lasts. */
function isInSeconds(time: number, startedAt: number | null): boolean {
  if (startedAt === null || startedAt < 1e11) return time > 1e8 && time < 1e10
  const ratio = startedAt / time
  return ratio > 500 && ratio < 2000
}

function room(length: number): Points {
  return { step: new Float64Array(length), time: new Float64Array(length), value: new Float64Array(length) }
}

/** The same columns, longer or shorter. The old ones are empty afterwards: a hundred megabytes are moved, not copied. */
function resized({ step, time, value }: Points, length: number): Points {
  const moved = (column: Float64Array): Float64Array =>
    new Float64Array((column.buffer as ArrayBuffer).transfer(length * 8))
  return { step: moved(step), time: moved(time), value: moved(value) }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN
}

function wordEnd(bytes: Buffer, from: number, to: number): number {
  while (from < to && !isBlank(bytes[from])) from++
  return from
}

function wordStart(bytes: Buffer, from: number, to: number): number {
  while (from < to && isBlank(bytes[from])) from++
  return from
}

/** A number as Python reads it; undefined for any other word. */
function numberAt(bytes: Buffer, from: number, to: number): number | undefined {
  const negative = bytes[from] === MINUS
  let at = negative ? from + 1 : from
  if (at >= to) return undefined
  let digits = 0
  let mantissa = 0
  let point = -1
  for (; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (byte >= 48 && byte <= 57) {
      mantissa = mantissa * 10 + (byte - 48)
      digits++
    } else if (byte === DOT && point === -1) point = at
    else return slowNumber(bytes, from, to)
  }
  const fraction = point === -1 ? 0 : to - point - 1
  if (digits === 0 || to - from > LONGEST_NUMBER) return undefined
  // Python writes up to 17 digits, of which a double holds nearly 16: these go the usual way.
  if (mantissa > EXACT || fraction > 22) return Number(bytes.toString('latin1', from, to))
  const number = mantissa / (POWERS[fraction] ?? 1)
  return negative ? -number : number
}

const LONGEST_NUMBER = 400
const NUMBER = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+)?$/i
const NOT_FINITE = /^([+-]?)(nan|inf|infinity)$/i

function slowNumber(bytes: Buffer, from: number, to: number): number | undefined {
  return to - from > LONGEST_NUMBER ? undefined : pythonNumber(bytes.toString('latin1', from, to))
}

/** A word as Python's `float` reads it; undefined for one that is no number. */
export function pythonNumber(word: string): number | undefined {
  if (NUMBER.test(word)) return Number(word.replaceAll('_', ''))
  const [, sign, name] = NOT_FINITE.exec(word) ?? []
  if (name === undefined) return undefined
  return name.toLowerCase() === 'nan' ? NaN : sign === '-' ? -Infinity : Infinity
}

function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '�')
}
