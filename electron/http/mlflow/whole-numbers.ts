import { isRounded } from '#shared/lib/whole-json.ts'
import { isWide, joinWhole, splitWhole, type Whole } from '#shared/lib/whole-number.ts'
import { type Fields, wireNumber, wrong } from './fields.ts'
import { rawJson } from '#shared/lib/raw-json.ts'

/** The ends of int64, which MLflow's steps and times are. */
const LEAST = -(2n ** 63n)
const MOST = 2n ** 63n - 1n
/** Digits of the longest of them, with its sign and some zeros before. */
const LONGEST = 40

/**
 * An int64 as a number or a numeric text, as protobuf's JSON has it; also as a bigint, which stands for a number that a double would round
 * (`wholeJson`). One outside of int64, which the real server keeps as 0, is refused.
 */
export function optionalWhole(fields: Fields, name: string, path = name): Whole | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { near: value, rest: 0 }
  const whole = typeof value === 'bigint' ? value : typeof value === 'string' ? wholeIn(value) : wholeOf(value)
  if (whole === undefined || whole < LEAST || whole > MOST) throw wrong(path, value)
  return splitWhole(whole)
}

/** An int64 where the nearest double will do. */
export function optionalInteger(fields: Fields, name: string, path = name): number | undefined {
  return doubleOf(optionalWhole(fields, name, path))
}

/** A moment: a bigint where a double would round it. `exactly` gives the fields once more where JSON's reading may have rounded. */
export function optionalTime(fields: Fields, name: string, exactly: () => Fields): number | bigint | undefined {
  return exactOf(optionalMoment(isRounded(fields[name]) ? exactly() : fields, name))
}

/** An int64: a bigint where a double would round it. */
export function exactInteger(fields: Fields, name: string): number | bigint | undefined {
  return exactOf(optionalWhole(fields, name))
}

function exactOf(whole: Whole | undefined): number | bigint | undefined {
  return whole !== undefined && isWide(whole.near) ? joinWhole(whole.near, whole.rest) : whole?.near
}

/** The nearest double within int64: the one next to its end is not. */
function doubleOf(whole: Whole | undefined): number | undefined {
  return whole === undefined ? undefined : Math.min(whole.near, 2 ** 63 - 1024)
}

/** A moment in milliseconds, or in what a client takes for it: as an int64, and with a fraction that some clients send it with, which is dropped. */
export function optionalMoment(fields: Fields, name: string, path = name): Whole | undefined {
  const value = fields[name]
  return optionalWhole(typeof value === 'number' ? { [name]: Math.trunc(value) } : fields, name, path)
}

function wholeOf(value: unknown): bigint | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined
}

function wholeIn(text: string): bigint | undefined {
  if (text.length > LONGEST || /\s/.test(text)) return undefined
  if (/^[-+]?\d+$/.test(text)) return BigInt(text.replace('+', ''))
  // `3.0` and `3e2` are whole numbers for protobuf.
  return wholeOf(/\d/.test(text) ? wireNumber(text) : undefined)
}

/** A whole number for the wire: JSON writes a double beyond 2^53 with zeros where other digits are. */
export function wireWhole(near: number, rest: number): unknown {
  if (!isWide(near)) return near
  const whole = joinWhole(near, rest)
  return rawJson(String(whole < LEAST ? LEAST : whole > MOST ? MOST : whole))
}
