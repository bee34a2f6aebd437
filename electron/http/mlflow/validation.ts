import { pythonRepr } from '#shared/lib/python-repr.ts'
import { invalid } from './errors.ts'
import { type Fields, objects, optionalText, text } from './fields.ts'
import { normalPath, pythonJson } from './python-text.ts'

/** Limits of mlflow/utils/validation.py, in characters or items. */
export const LIMITS = {
  key: 250,
  paramValue: 6_000,
  tagValue: 8_000,
  experimentTagValue: 20_000,
  experimentName: 500,
  batchMetrics: 1_000,
  batchParams: 100,
  batchTags: 100,
  batchTotal: 1_000,
  historyPage: 25_000,
  search: 50_000,
  registryTagValue: 100_000,
  alias: 255,
  registeredModels: 1_000,
  modelVersions: 200_000,
  datasetName: 500,
  datasetDigest: 36,
  datasetSource: 65_535,
  datasetSchema: 1_048_575,
  datasetProfile: 16_777_215,
  inputTagKey: 255,
  inputTagValue: 500,
} as const

const KEY = /^[\p{L}\p{N}_./: -]+$/u

/**
 * A key of a metric, parameter or tag: allowed characters, and equal to its own normalised path. Its length is checked apart, with
 * `checkLength`, because the real server says it in other words for each kind.
 */
export function checkKey(key: string, path: string): void {
  if (isPlainKey(key)) return
  if (!KEY.test(key)) {
    throw invalid(
      `Invalid value ${pythonJson(key)} for parameter '${path}' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`,
    )
  }
  checkPath(key, path)
}

/**
 * True for a key of plain letters, digits and the few signs that is its own path: what `checkKey` lets through of ASCII, without a regular
 * expression or a normalised copy. False says nothing.
 */
export function isPlainKey(key: string): boolean {
  let length = 0
  let points = 0
  for (let index = 0; index < key.length; index++) {
    const code = key.charCodeAt(index)
    if (code === SLASH) {
      if (length === 0 || (points === length && length < 3)) return false
      length = 0
      points = 0
    } else if (PLAIN[code] === 1) {
      length++
      if (code === POINT) points++
    } else return false
  }
  return length > 0 && !(points === length && length < 3) && !key.startsWith('..')
}

const SLASH = 47
const POINT = 46
/** Letters, digits and `_.:- ` by their codes. */
const PLAIN = Uint8Array.from({ length: 128 }, (_, code) => (/[\w.: -]/.test(String.fromCharCode(code)) ? 1 : 0))

/** A name that would be another one as a path is refused. */
export function checkPath(name: string, path: string): void {
  const normal = normalPath(name)
  if (normal !== name || normal === '.' || normal.startsWith('..') || normal.startsWith('/'))
    throw invalid(
      `Invalid value ${pythonJson(name)} for parameter '${path}' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to ${pythonRepr(normal)}`,
    )
}

/** At most `limit` characters, counted as Python does: by code points. */
export function checkLength(text: string, limit: number, what: string): void {
  if (text.length > limit && lengthOf(text) > limit)
    throw invalid(`'${what}' exceeds the maximum length of ${limit} characters`)
}

/** What MLflow does by default with a value that is too long: it is cut, between characters. */
export function truncate(value: string, limit: number): string {
  if (value.length <= limit) return value
  const cut = Array.from(value.slice(0, limit * 2)).slice(0, limit)
  return cut.join('')
}

function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length += 1
  return length
}

type Pair = { readonly key: string; readonly value: string }

/** A list of `{key, value}` with nothing checked but that each has a key. */
export function pairsIn(fields: Fields, name: string): readonly Pair[] {
  return objects(fields, name).map((pair, index) => ({
    key: text(pair, 'key', `${name}[${index}].key`),
    value: optionalText(pair, 'value', `${name}[${index}].value`) ?? '',
  }))
}

/** A tag of a run as it will be kept. `path` is that of the tag: `tags[0]`, or nothing. */
export function runTag({ key, value }: Pair, path = ''): Pair {
  const name = path === '' ? 'key' : `${path}.key`
  checkKey(key, name)
  checkLength(key, LIMITS.key, name)
  return { key, value: truncate(value, LIMITS.tagValue) }
}

/** A parameter as it will be kept. */
export function runParam({ key, value }: Pair, path = ''): Pair {
  checkKey(key, path === '' ? 'key' : `${path}.key`)
  checkLength(key, LIMITS.key, 'Param key')
  return { key, value: truncate(value, LIMITS.paramValue) }
}

/** A tag that is refused rather than cut when it is too long: of an experiment, a registered model or a version. */
export function strictTag({ key, value }: Pair, limit: number): Pair {
  checkKey(key, 'key')
  checkLength(key, LIMITS.key, 'key')
  checkLength(value, limit, 'value')
  return { key, value }
}

/** A run id as clients may send it. */
export function checkRunId(id: string): string {
  if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(id))
    throw invalid(`Invalid value ${pythonJson(id)} for parameter 'run_id' supplied.`)
  return id
}

/** An experiment id as clients may send it: an integer of however many digits. */
export function checkExperimentId(id: string): string {
  if (!/^-?\d{1,64}$/.test(id))
    throw invalid(`Invalid experiment ID '${id.slice(0, 300)}'. Experiment ID must be a valid integer.`)
  return id
}
