import { setTimeout as wait } from 'node:timers/promises'
import { wholeJson } from '#shared/lib/whole-json.ts'
import { appError, isAbort } from '#shared/rpc/errors.ts'
import type { ServerAddress } from './address.ts'
import type { ServedBody } from '../source.ts'
import { connectionFailure, refusal } from './failures.ts'

export type Query = Readonly<Record<string, string | number | undefined>>

/** A request: a `body` is posted as JSON. */
export type Ask = {
  readonly path: string
  readonly query?: Query
  readonly body?: unknown
  /** The first answer is taken, a failure of the server's too. */
  readonly once?: boolean
}

/** What a server answered: JSON, or a refusal with MLflow's error code, where it gave one. */
export type Answer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string }

export type Connection = {
  readonly base: string
  readonly host: string
  /** Asks until there is an answer, or patience is at its end. Throws AppError. */
  readonly ask: (ask: Ask, signal: AbortSignal) => Promise<Answer>
  /** Where a route leads to instead of an answer; undefined when it leads nowhere else. Throws AppError. */
  readonly redirect: (path: string, signal: AbortSignal) => Promise<string | undefined>
  /** As text, of a few bytes; undefined when there is none. */
  readonly word: (path: string, signal: AbortSignal) => Promise<string | undefined>
  /** A file as it comes. Throws AppError when there is none. */
  readonly file: (path: string, query: Query, signal: AbortSignal) => Promise<ServedBody>
  /** When a file was changed, in the server's words; null where that can't be told. Throws only what `signal` aborts with. */
  readonly lastModified: (path: string, query: Query, signal: AbortSignal) => Promise<string | null>
  readonly close: () => void
}

export type Patience = {
  /** Milliseconds before each further try. */
  readonly waits: readonly number[]
  /** Until an answer begins, and until each further piece of it, milliseconds. */
  readonly answer: number
  /** Largest JSON that is taken, bytes. */
  readonly largest: number
}

export const USUAL: Patience = { waits: [500, 1_000, 2_000, 4_000, 8_000, 8_000], answer: 120_000, largest: 128 << 20 }

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])
const LONGEST_WAIT = 30_000

/** A way to ask a server. Nothing of what is asked or answered is kept. */
export function connect({ base, authorization }: ServerAddress, patience: Patience): Connection {
  const closed = new AbortController()
  const { host } = new URL(base)
  const headers = authorization === null ? {} : { authorization }

  const once = async (
    { path, query, body, method = 'GET' }: Ask & { readonly method?: 'GET' | 'HEAD' },
    signal: AbortSignal,
  ): Promise<Response> => {
    const more = body === undefined ? { method } : { method: 'POST', body: JSON.stringify(body) }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const patient = new AbortController()
    const timer = setTimeout(() => patient.abort(new DOMException('no answer', 'TimeoutError')), patience.answer)
    try {
      return await fetch(base + path + asQuery(query), {
        ...more,
        headers: { ...headers, ...type, accept: '*/*' },
        redirect: 'manual',
        signal: AbortSignal.any([signal, closed.signal, patient.signal]),
      })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Tries again where that may help. What `take` throws of a broken connection counts as such. */
  const patiently = async <T>(ask: Ask, signal: AbortSignal, take: (response: Response) => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries++) {
      const pause = patience.waits[tries]
      try {
        const response = await once(ask, signal)
        if (!PASSING.has(response.status) || pause === undefined || ask.once === true) return await take(response)
        await response.body?.cancel()
        await wait(pauseOf(response, pause), undefined, { signal: AbortSignal.any([signal, closed.signal]) })
      } catch (error) {
        if (signal.aborted) throw signal.reason
        if (closed.signal.aborted) throw appError('cancelled', `The connection to ${host} was closed.`)
        const failure = isAbort(error) ? undefined : connectionFailure(error, host)
        if (failure === undefined) throw error
        if (!failure.passing || pause === undefined) throw failure.error
        await wait(pause, undefined, { signal: AbortSignal.any([signal, closed.signal]) })
      }
    }
  }

  const letIn = (response: Response): void => {
    const refused = refusal(response.status, host, authorization !== null)
    if (refused !== undefined) throw refused
    if (response.status >= 300 && response.status < 400) {
      const to = response.headers.get('location')
      const place = to !== null && URL.canParse(to, base) ? new URL(to, base).origin : 'another place'
      throw appError('unavailable', `${host} sends us to ${place}.`, { hint: 'Give the address of the server itself.' })
    }
  }

  return {
    base,
    host,
    ask: (ask, signal) =>
      patiently(ask, signal, async (response) => {
        letIn(response)
        return answerOf(response, await textOf(response, patience, host), host)
      }),
    redirect: (path, signal) =>
      patiently({ path }, signal, async (response) => {
        await response.body?.cancel()
        const to = response.headers.get('location')
        const leads = response.status >= 300 && response.status < 400 && to !== null && URL.canParse(to, base + path)
        return leads ? new URL(to, base + path).href : undefined
      }),
    async word(path, signal) {
      const response = await once({ path }, signal).catch(() => undefined)
      if (response?.ok !== true) {
        await response?.body?.cancel()
        return undefined
      }
      return textOf(response, { ...patience, largest: 1 << 10 }, host).catch(() => undefined)
    },
    file: (path, query, signal) =>
      patiently({ path, query }, signal, async (response) => {
        letIn(response)
        if (response.ok && response.body !== null)
          return { body: response.body, lastModified: lastModifiedOf(response) }
        await response.body?.cancel()
        throw appError('not_found', `${host} does not give the file (${response.status}).`)
      }),
    async lastModified(path, query, signal) {
      try {
        const response = await once({ path, query, method: 'HEAD' }, signal)
        await response.body?.cancel()
        return response.ok ? lastModifiedOf(response) : null
      } catch {
        signal.throwIfAborted()
        return null
      }
    },
    close: () => closed.abort(),
  }
}

/** What a server fetches from a store of its own for each asking seems to be as new as the answer: so near, milliseconds, its time says nothing. */
const JUST_NOW = 10_000

function lastModifiedOf({ headers }: Response): string | null {
  const said = headers.get('last-modified')
  // The real server's two halves each say the date where only the head of an answer is asked for.
  const date = /^.*? GMT/.exec(headers.get('date') ?? '')?.[0] ?? ''
  return Date.parse(date) - Date.parse(said ?? '') > JUST_NOW ? said : null
}

function asQuery(query: Query = {}): string {
  const words = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) words.set(key, String(value))
  return words.size === 0 ? '' : `?${words.toString()}`
}

function pauseOf(response: Response, usual: number): number {
  const asked = Number(response.headers.get('retry-after') ?? Number.NaN) * 1000
  return Number.isFinite(asked) && asked >= 0 ? Math.min(asked, LONGEST_WAIT) : usual
}

async function textOf(response: Response, { largest, answer }: Patience, host: string): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  const pieces: Uint8Array[] = []
  let length = 0
  let late = false
  // A server that sends a byte a minute must not keep us for ever, nor one that sends no more.
  const giveUp = (): void => {
    late = true
    reader.cancel().catch(() => {})
  }
  const whole = setTimeout(giveUp, answer * 5)
  try {
    for (;;) {
      const piece = setTimeout(giveUp, answer)
      const { done, value } = await reader.read().finally(() => clearTimeout(piece))
      if (late) throw new DOMException('no further answer', 'TimeoutError')
      if (done) return Buffer.concat(pieces).toString('utf8')
      length += value.length
      pieces.push(value)
      if (length <= largest) continue
      await reader.cancel()
      throw appError('too_large', `${host} answers with more than can be taken at once (${largest >> 20} MiB).`)
    }
  } finally {
    clearTimeout(whole)
  }
}

/** A step or a time that a double may round: then all is read in full, which takes longer. */
const LONG = /"(?:step|timestamp)":\s*-?\d{16}/

function answerOf(response: Response, text: string, host: string): Answer {
  let body: unknown
  try {
    body = text === '' ? {} : LONG.test(text) ? wholeJson(text) : (JSON.parse(text) as unknown)
  } catch (error) {
    if (!response.ok) return { ok: false, status: response.status, code: '', message: '' }
    const what = /^\s*</.test(text) ? 'a web page' : 'something that is no JSON'
    throw appError('invalid', `${host} answers with ${what}, not as an MLflow server does.`, {
      hint: 'Look at the address: perhaps a log-in page or a proxy stands before the server.',
      cause: error,
    })
  }
  if (response.ok) return { ok: true, body }
  const { error_code: code, message } = (body ?? {}) as { error_code?: unknown; message?: unknown }
  const word = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 300) : '')
  return { ok: false, status: response.status, code: word(code), message: word(message) }
}
