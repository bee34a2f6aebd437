import { invalid, type MlflowError } from './errors.ts'
import { pythonJson, pythonType } from './python-text.ts'

/** A request's fields: the JSON body, or the query with repeated keys as lists. */
export type Fields = Readonly<Record<string, unknown>>

const GUIDE = ' See the API docs for more information about request parameters.'

/** A field that has to be there and is not. */
export const absent = (name: string): MlflowError => invalid(`Missing value for required parameter '${name}'.${GUIDE}`)

/** A field of another type than it should be. */
export const wrong = (name: string, value: unknown): MlflowError =>
  invalid(
    `Invalid value ${pythonJson(value)} for parameter '${name}' supplied:  Hint: Value was of type '${pythonType(value)}'.${GUIDE}`,
  )

/** A refusal in words of our own about one field, with the hint that the real server adds. */
export const guided = (message: string): MlflowError => invalid(message + GUIDE)

/** Query fields: one value as a text, several of a key as a list. */
export function queryFields(query: string): Fields {
  const fields: Record<string, unknown> = {}
  for (const [key, value] of new URLSearchParams(query)) {
    const before = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (before === undefined) set(fields, key, value)
    else if (Array.isArray(before)) before.push(value)
    else set(fields, key, [before, value])
  }
  return fields
}

/** Sets a property of any name, `__proto__` too. */
function set(fields: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true })
}

/** An optional text. Numbers and booleans are taken as MLflow's protobuf reader takes them: not at all. */
export function optionalText(fields: Fields, name: string, path = name): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw wrong(path, value)
  return value
}

/** A text that must be there and not be empty. `path` names it in messages: `params[0].key`. */
export function text(fields: Fields, name: string, path = name): string {
  const value = optionalText(fields, name, path)
  if (value === undefined || value === '') throw absent(path)
  return value
}

/** A double: a number, a numeric text, or `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export function double(fields: Fields, name: string, path = name): number {
  const value = fields[name]
  if (value === undefined || value === null || value === '') throw absent(path)
  const number = wireNumber(value)
  if (number === undefined) throw wrong(path, value)
  return number
}

/** The number of a wire double; undefined when it is none. */
export function wireNumber(value: unknown): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string') return undefined
  switch (value) {
    case 'NaN':
    case 'nan':
      return Number.NaN
    case 'Infinity':
    case 'inf':
      return Infinity
    case '-Infinity':
    case '-inf':
      return -Infinity
  }
  return /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(value) ? Number(value) : undefined
}

/** A list of objects; absent is empty. */
export function objects(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name] ?? []
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'object' || item === null || Array.isArray(item)))
    throw wrong(name, value)
  return value as readonly Fields[]
}

/** A list of texts; one text alone is a list of one, as in a query. */
export function texts(fields: Fields, name: string): readonly string[] {
  const value = fields[name] ?? []
  const list = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list) || list.some((item) => typeof item !== 'string')) throw wrong(name, value)
  return list as readonly string[]
}

/** An object; absent is empty. */
export function object(fields: Fields, name: string): Fields {
  const value = fields[name] ?? {}
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong(name, value)
  return value as Fields
}

/** The meaning of an enum's name or number; undefined when the field is absent. */
export function optionalEnum<Meaning>(
  fields: Fields,
  name: string,
  meanings: ReadonlyMap<string, Meaning>,
): Meaning | undefined {
  const value = fields[name]
  if (value === undefined || value === null || value === '') return undefined
  const meaning = typeof value === 'string' || typeof value === 'number' ? meanings.get(String(value)) : undefined
  if (meaning === undefined) throw wrong(name, value)
  return meaning
}

export function flag(fields: Fields, name: string): boolean {
  const value = fields[name]
  if (value === undefined || value === null) return false
  const word = typeof value === 'string' ? value.toLowerCase() : value
  if (word === true || word === 'true') return true
  if (word === false || word === 'false') return false
  throw wrong(name, value)
}

/** The first of these fields that is set: clients send both `run_uuid` and `run_id`. */
export function runId(fields: Fields): string {
  const value = optionalText(fields, 'run_id') || optionalText(fields, 'run_uuid')
  if (value === undefined || value === '') throw absent('run_id')
  return value
}

/** A double on the wire: JSON has no NaN and no infinities, so these go as texts. */
export function wireDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}
