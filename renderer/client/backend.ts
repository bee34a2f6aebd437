import { create, type StoreApi, type UseBoundStore } from 'zustand'
import { contract, type BenchtopContract } from '#shared/contract/index.ts'
import { type Caller, clientOf, connect, type Connection } from '#shared/rpc/client.ts'
import { AppError, appError } from '#shared/rpc/errors.ts'
import { type CallOptions, type Client, findProcedure } from '#shared/rpc/procedure.ts'
import { openWebSocketLink } from './web-socket-link.ts'

/** How the page stands with the backend; `locked` means that the token is missing or refused. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online'; readonly build: string }
  | { readonly kind: 'lost'; readonly since: number }
  | { readonly kind: 'locked' }
  | { readonly kind: 'mismatch' }

export type BackendAddress = { readonly url: string; readonly token: string }

export type Backend = {
  readonly client: Client<BenchtopContract>
  readonly useConnection: UseBoundStore<StoreApi<ConnectionState>>
  /** Called with each new connection: what was watched must be watched again. */
  readonly onOnline: (listener: () => void) => () => void
  /** Tries at once instead of at the next turn. */
  readonly retry: () => void
  readonly close: () => void
}

const FIRST_WAIT = 150
const LONGEST_WAIT = 3_000
/** Milliseconds for a backend to greet: a port may be open and nobody at home. */
const PATIENCE = 10_000

/**
 * Keeps a connection to the backend and makes it again when it is lost. Calls made meanwhile wait for it; a call that was
 * under way when it was lost fails with `unavailable`, reads are asked again by whoever reads.
 */
export function createBackend(address: () => Promise<BackendAddress | null>): Backend {
  const useConnection = create<ConnectionState>(() => ({ kind: 'connecting' }))
  const listeners = new Set<() => void>()
  const closing = new AbortController()
  let current: Promise<Connection<BenchtopContract>> | undefined
  let hurry: (() => void) | undefined

  const rest = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const open = async (): Promise<Connection<BenchtopContract>> => {
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 1.6, LONGEST_WAIT)) {
      if (closing.signal.aborted) throw appError('cancelled', 'The page was closed.')
      // A host that cannot say is asked again: its backend may be on its way.
      const where = await address().catch(() => undefined)
      if (where === undefined) {
        if (useConnection.getState().kind !== 'lost') useConnection.setState({ kind: 'lost', since: Date.now() }, true)
        await rest(wait)
        continue
      }
      if (where === null) {
        useConnection.setState({ kind: 'locked' }, true)
        throw appError('unauthorized', 'This page needs its key.')
      }
      try {
        const { connection, build, onClose } = await greeted(where, closing.signal)
        // Not before it was greeted: until then this very loop tries again.
        onClose(() => {
          current = undefined
          if (closing.signal.aborted) return
          useConnection.setState({ kind: 'lost', since: Date.now() }, true)
          void ensure().catch(() => {})
        })
        useConnection.setState({ kind: 'online', build }, true)
        for (const listener of listeners) listener()
        return connection
      } catch (error) {
        if (error instanceof AppError && error.code === 'version_mismatch') {
          useConnection.setState({ kind: 'mismatch' }, true)
          throw error
        }
        if (await refused(where)) {
          useConnection.setState({ kind: 'locked' }, true)
          throw appError('unauthorized', 'The backend refused this page’s key.', { cause: error })
        }
        if (useConnection.getState().kind !== 'lost') useConnection.setState({ kind: 'lost', since: Date.now() }, true)
        await rest(wait)
      }
    }
  }
  const ensure = (): Promise<Connection<BenchtopContract>> =>
    (current ??= open().catch((error: unknown) => {
      current = undefined
      throw error
    }))

  const caller: Caller = {
    call: async (method, input, options) => {
      const { client } = await ensure()
      return invoke(client, method)(input, options)
    },
    stream: (method, input, options) => streamWhenOpen(ensure, method, input, options),
  }
  return {
    client: clientOf(contract, caller),
    useConnection,
    onOnline: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    retry: () => {
      hurry?.()
      void ensure().catch(() => {})
    },
    close: () => {
      closing.abort()
      hurry?.()
    },
  }
}

type Greeted = {
  readonly connection: Connection<BenchtopContract>
  readonly build: string
  readonly onClose: (listener: () => void) => void
}

/** A connection whose backend has said that it is there. Whatever is in the way of that, nothing of it is left open. */
async function greeted({ url, token }: BackendAddress, closing: AbortSignal): Promise<Greeted> {
  const attempt = new AbortController()
  const timer = setTimeout(() => attempt.abort(), PATIENCE)
  const silence = new Promise<never>((_, reject) => {
    attempt.signal.addEventListener('abort', () => reject(new Error('The backend does not greet.')), { once: true })
  })
  silence.catch(() => {})
  try {
    const link = await openWebSocketLink(url, token, AbortSignal.any([closing, attempt.signal]))
    const connection = connect(contract, link)
    return { connection, build: await Promise.race([connection.hello, silence]), onClose: link.onClose }
  } catch (error) {
    attempt.abort()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

async function* streamWhenOpen(
  ensure: () => Promise<Connection<BenchtopContract>>,
  method: string,
  input: unknown,
  options: CallOptions,
): AsyncIterable<unknown> {
  const { client } = await ensure()
  // Left while it waited: what followed it up has asked already.
  if (options.signal?.aborted === true) return
  yield* invoke(client, method)(input, options) as unknown as AsyncIterable<unknown>
}

type Invoke = (input: unknown, options: CallOptions) => Promise<unknown>

function invoke(client: Client<BenchtopContract>, method: string): Invoke {
  if (findProcedure(contract, method) === undefined) throw appError('not_found', `There is no procedure ${method}.`)
  const [feature = '', name = ''] = method.split('.')
  const call = (client as unknown as Record<string, Record<string, Invoke>>)[feature]?.[name]
  if (call === undefined) throw appError('not_found', `There is no procedure ${method}.`)
  return call
}

/** A WebSocket does not say why it failed: the same key on a plain call does. */
async function refused(where: BackendAddress): Promise<boolean> {
  try {
    const response = await fetch(`${where.url}/rpc/system.info`, {
      method: 'POST',
      headers: { authorization: `Bearer ${where.token}` },
      body: '{}',
      signal: AbortSignal.timeout(PATIENCE),
    })
    return response.status === 401
  } catch {
    return false
  }
}
