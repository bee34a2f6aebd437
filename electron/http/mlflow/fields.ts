import { invalid } from './errors.ts'

/** A request's fields: the JSON body, or the query with repeated keys as lists. */
export type Fields = Readonly<Record<string, unknown>>

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 200) ?? 'undefined'
const wrong = (name: string, value: unknown): Error =>
  invalid(`Invalid value ${shown(value)} for parameter '${name}' supplied.`)
const absent = (name: string): Error => invalid(`Missing value for required parameter '${name}'.`)

/** Query fields: one value as a text, several of a key as a list. */
export function queryFields(query: URLSearchParams): Fields {
  const fields: Record<string, unknown> = {}
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key)
    fields[key] = values.length === 1 ? values[0] : values
  }
  return fields
}

/** An optional text. Numbers and booleans are taken as MLflow's protobuf reader takes them: not at all. */
export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw wrong(name, value)
  return value
}

/** A text that must be there and not be empty. */
export function text(fields: Fields, name: string): string {
  const value = optionalText(fields, name)
  if (value === undefined || value === '') throw absent(name)
  return value
}

/** An int64 as a number or a numeric text, as protobuf's JSON has it. */
export function optionalInteger(fields: Fields, name: string): number | undefined {
  const value = fields[name]
  if (value === undefined || value === null || value === '') return undefined
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) throw wrong(name, value)
  return number
}

export function integer(fields: Fields, name: string): number {
  const value = optionalInteger(fields, name)
  if (value === undefined) throw absent(name)
  return value
}

/** A double: a number, a numeric text, or `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export function double(fields: Fields, name: string, path = name): number {
  const value = fields[name]
  if (value === undefined || value === null) throw absent(path)
  const number = wireNumber(value)
  if (number === undefined) throw wrong(path, value)
  return number
}

/** The number of a wire double; undefined when it is none. */
export function wireNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
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
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined
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

export function flag(fields: Fields, name: string): boolean {
  const value = fields[name]
  if (value === undefined || value === null) return false
  if (value === true || value === 'true' || value === 'True' || value === '1') return true
  if (value === false || value === 'false' || value === 'False' || value === '0') return false
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
