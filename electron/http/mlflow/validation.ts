import { invalid } from './errors.ts'

/** Limits and rules of mlflow/utils/validation.py. */
export const LIMITS = {
  key: 250,
  paramValue: 6_000,
  tagValue: 8_000,
  experimentTagValue: 5_000,
  experimentName: 500,
  batchMetrics: 1_000,
  batchParams: 100,
  batchTags: 100,
  batchTotal: 1_000,
  historyPage: 25_000,
  searchRuns: 50_000,
} as const

const KEY = /^[\w./: -]+$/u
const KEY_UNICODE = /^[\p{L}\p{N}_./: -]+$/u

/** A key of a metric, parameter or tag: allowed characters, not too long, and equal to its own normalised path. */
export function checkKey(key: string, what: 'metric' | 'param' | 'tag', path = 'key'): void {
  if (key.length > LIMITS.key)
    throw invalid(
      `'${path}' exceeds the maximum length of ${LIMITS.key} characters: ${what} name '${key.slice(0, LIMITS.key)}'`,
    )
  if (!KEY.test(key) && !KEY_UNICODE.test(key)) {
    throw invalid(
      `Invalid value "${key}" for parameter '${path}' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`,
    )
  }
  if (!isNormalised(key))
    throw invalid(
      `Invalid value "${key}" for parameter '${path}' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such.`,
    )
}

function isNormalised(key: string): boolean {
  return (
    !key.startsWith('/') &&
    !key.endsWith('/') &&
    !key.split('/').some((part) => part === '' || part === '.' || part === '..')
  )
}

/** What MLflow does by default with a value that is too long: it is cut. */
export function truncate(value: string, limit: number): string {
  return value.length > limit ? value.slice(0, limit) : value
}

/** A run id as clients may send it. */
export function checkRunId(id: string): string {
  if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(id)) throw invalid(`Invalid run ID: '${id.slice(0, 300)}'`)
  return id
}

/** An experiment id as clients may send it. */
export function checkExperimentId(id: string): string {
  if (!/^[a-zA-Z0-9][\w-]{0,63}$/.test(id)) throw invalid(`Invalid experiment ID: '${id.slice(0, 300)}'`)
  return id
}

/** A page size between 1 and a limit; absent is the default. */
export function checkPageSize(given: number | undefined, limit: number, fallback: number | undefined): number {
  const size = given ?? fallback
  if (size === undefined || size < 1 || size > limit) {
    throw invalid(
      `Invalid value ${String(given)} for parameter 'max_results' supplied. It must be a positive integer no greater than ${limit}.`,
    )
  }
  return size
}

/** The offset in a page token: base64 of `{"offset": N}`. An empty token is the first page. */
export function offsetOf(token: string | undefined): number {
  if (token === undefined || token === '') return 0
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'))
    const offset = (value as { readonly offset?: unknown }).offset
    if (Number.isSafeInteger(offset) && (offset as number) >= 0) return offset as number
  } catch {
    // Refused below.
  }
  throw invalid('Invalid page token, could not base64-decode')
}

export function pageToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64')
}

/** One page of what is at hand, and the token of the next when there is a next. */
export function page<Item>(
  items: readonly Item[],
  offset: number,
  size: number,
): { readonly items: readonly Item[]; readonly next: { readonly next_page_token?: string } } {
  return {
    items: items.slice(offset, offset + size),
    next: offset + size < items.length ? { next_page_token: pageToken(offset + size) } : {},
  }
}
