import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { appError } from '#shared/rpc/errors.ts'
import type { Notice } from '../source.ts'
import type { Answer, Ask, Connection } from './connection.ts'

/** Everything that the reading of one server shares. */
export type Server = { readonly connection: Connection; readonly notice: Notice }

type Refusal = Extract<Answer, { readonly ok: false }>

export type Listing<S extends z.ZodType> = {
  /** As reports call it: `runs of experiment churn`. */
  readonly what: string
  /** The request for a page. */
  readonly ask: (token: string | undefined) => Ask
  /** The field that holds the items. */
  readonly field: string
  readonly item: S
  /** Is asked when the server refuses: true ends the list there, otherwise it is an error. */
  readonly refused?: (answer: Refusal) => boolean
}

/** Pages without anything new, after which a server is no longer believed. */
const MOST_REPEATED = 3
/** Pages of one list: of a thousand runs each, ten million. */
const MOST_PAGES = 10_000

/**
 * All items of a list, page by page. What can't be read of a page is told and left out. A server that repeats a page's token, or gives the same page
 * again and again, ends the list with a note; one that refuses it throws an AppError.
 */
export async function* listed<S extends z.ZodType>(
  { connection, notice }: Server,
  { what, ask, field, item, refused }: Listing<S>,
  signal: AbortSignal,
): AsyncGenerator<z.infer<S>> {
  const tokens = new Set<string>()
  let token: string | undefined
  let before = ''
  let repeated = 0
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const answer = await connection.ask(ask(token), signal)
    if (!answer.ok && refused?.(answer) === true) return
    const body = bodyOf(answer, connection, what)
    const items = body[field] ?? []
    if (!Array.isArray(items)) throw appError('invalid', `${connection.host} gives no list of ${what}.`)
    yield* readable(item, items, what, notice)
    const next = body['next_page_token']
    if (typeof next !== 'string' || next === '') return
    const page = createHash('sha1').update(inText(items)).digest('base64')
    repeated = page === before ? repeated + 1 : 0
    if (tokens.has(next) || repeated >= MOST_REPEATED) {
      notice({
        kind: 'noticed',
        what,
        why: `${connection.host} gives the same page of them again: the list ends there`,
      })
      return
    }
    tokens.add(next)
    before = page
    token = next
  }
  notice({ kind: 'noticed', what, why: `${connection.host} has no end of them: the list was broken off` })
}

/** JSON, with what it can't write, whole numbers beyond 2^53, as texts. */
export function inText(items: unknown): string {
  return JSON.stringify(items, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

/** Those that are as they should be. */
function* readable<S extends z.ZodType>(
  item: S,
  items: readonly unknown[],
  what: string,
  notice: Notice,
): Generator<z.infer<S>> {
  let bad = 0
  for (const one of items) {
    const read = item.safeParse(one)
    if (read.success) yield read.data
    else bad++
  }
  if (bad > 0)
    notice({ kind: 'skipped', what: `${bad} ${what}`, why: 'the server gives them in a form that is not MLflow’s' })
}

/** The body of an answer that must be one. Throws AppError in words. */
export function bodyOf(answer: Answer, { host }: Connection, what: string): Readonly<Record<string, unknown>> {
  if (answer.ok) {
    if (typeof answer.body === 'object' && answer.body !== null && !Array.isArray(answer.body)) {
      return answer.body as Readonly<Record<string, unknown>>
    }
    throw appError('invalid', `${host} does not answer for ${what} as an MLflow server does.`)
  }
  const { status, code, message } = answer
  const said = message === '' ? `${status}${code === '' ? '' : ` ${code}`}` : message
  const kind = status >= 500 || status === 429 ? 'unavailable' : 'invalid'
  throw appError(kind, `${host} does not give ${what}: ${said}`, { retry: status >= 500 })
}

/** True where a server is too old, or made otherwise, to know a route. */
export function isAbsent(answer: Answer): boolean {
  return !answer.ok && (answer.status === 404 || answer.status === 405 || answer.status === 501)
}
