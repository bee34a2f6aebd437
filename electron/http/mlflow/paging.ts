import { invalid } from './errors.ts'
import { type Fields, optionalText, wrong } from './fields.ts'
import { optionalInteger } from './whole-numbers.ts'

export type PageSize = { readonly most: number; readonly fallback: number | undefined; readonly bySchema?: boolean }

/** `max_results` between 1 and `most`. */
export function pageSize(fields: Fields, { most, fallback, bySchema = true }: PageSize): number {
  const given = optionalInteger(fields, 'max_results')
  const size = given ?? fallback
  if (size === undefined || size < 1)
    throw invalid(`Invalid value ${given ?? 0} for parameter 'max_results' supplied. It must be a positive integer`)
  // Two layers of the real server check this, with other words each.
  if (size > most)
    throw bySchema
      ? wrong('max_results', fields['max_results'])
      : invalid(`Invalid value ${size} for parameter 'max_results' supplied. It must be at most ${most}`)
  return size
}

/** The offset that `page_token` stands for: base64 of `{"offset": N}`. Absent or empty is the first page. */
export function pageOffset(fields: Fields): number {
  const token = optionalText(fields, 'page_token')
  if (token === undefined || token === '') return 0
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(token, 'base64').toString('utf8'))
  } catch {
    throw invalid('Invalid page token, could not base64-decode')
  }
  const offset = Number((value as { readonly offset?: unknown } | null)?.offset)
  if (Number.isSafeInteger(offset) && offset > 0) return offset
  throw invalid('Invalid page token, it holds no offset')
}

/** The token of the page that starts at `offset`, letter by letter as the real server writes it. */
export function pageToken(offset: number): string {
  return Buffer.from(`{"offset": ${offset}}`).toString('base64')
}

export type Page<Item> = { readonly items: readonly Item[]; readonly next: { readonly next_page_token?: string } }

/** One page of what is at hand, and the token of the next when there is a next. */
export function page<Item>(items: readonly Item[], offset: number, size: number): Page<Item> {
  return {
    items: items.slice(offset, offset + size),
    next: offset + size < items.length ? { next_page_token: pageToken(offset + size) } : {},
  }
}
