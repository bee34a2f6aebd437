import {
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useState } from 'react'
import type { BenchtopContract } from '#shared/contract/index.ts'
import type { AppError } from '#shared/rpc/errors.ts'
import type { Client, Mutation, Query, Stream } from '#shared/rpc/procedure.ts'
import type { z } from 'zod'
import type { Backend } from './backend.ts'
import type { HostClient } from './host.ts'
import { type ChangeEvent, createPacer, isConcerned } from './invalidation.ts'

/** Reads of the local backend: always "online", fresh until a change says otherwise, never asked again by focus. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: false,
        staleTime: Infinity,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

type Services = { readonly backend: Backend; readonly host: HostClient }
const ServicesContext = createContext<Services | null>(null)

/** Gives the page its backend and its host. */
export function ServicesProvider({ backend, host, children }: Services & { readonly children: ReactNode }): ReactNode {
  const [services] = useState({ backend, host })
  return <ServicesContext value={services}>{children}</ServicesContext>
}

function useServices(): Services {
  const services = use(ServicesContext)
  if (services === null) throw new Error('The page has no ServicesProvider.')
  return services
}

export const useBackend = (): Backend => useServices().backend
export const useHost = (): HostClient => useServices().host
export const useClient = (): Client<BenchtopContract> => useServices().backend.client

type C = BenchtopContract
type MethodOf<Kind> = {
  [F in keyof C]: { [P in keyof C[F] & string]: C[F][P] extends Kind ? `${F}.${P}` : never }[keyof C[F] & string]
}[keyof C]
type ProcedureOf<M extends string> = M extends `${infer F}.${infer P}`
  ? F extends keyof C
    ? P extends keyof C[F]
      ? C[F][P]
      : never
    : never
  : never

export type QueryMethod = MethodOf<Query>
export type MutationMethod = MethodOf<Mutation>
export type StreamMethod = MethodOf<Stream>
type InputOf<M extends string> =
  ProcedureOf<M> extends { readonly input: infer I extends z.ZodType } ? z.input<I> : never
type OutputOf<M extends string> =
  ProcedureOf<M> extends { readonly output: infer O extends z.ZodType } ? z.output<O> : never
type EventOf<M extends string> =
  ProcedureOf<M> extends { readonly event: infer E extends z.ZodType } ? z.output<E> : never

type AnyCall = (input: unknown, options?: { readonly signal?: AbortSignal }) => Promise<unknown>

/** The client's function for a method's name. */
export function callOf(client: Client<C>, method: QueryMethod | MutationMethod): AnyCall {
  const [feature = '', name = ''] = method.split('.')
  const call = (client as unknown as Record<string, Record<string, AnyCall>>)[feature]?.[name]
  if (call === undefined) throw new Error(`There is no procedure ${method}.`)
  return call
}

export type ReadOptions = {
  readonly enabled?: boolean
  /** Shows the last answer, dimmed by whoever draws it, while a new one is on its way. */
  readonly keepPrevious?: boolean
}

/** Reads a query of the contract: `useRead('runs.get', {project, run})`. Asked again when a change concerns it. */
export function useRead<M extends QueryMethod>(
  method: M,
  input: InputOf<M>,
  options: ReadOptions = {},
): UseQueryResult<OutputOf<M>, AppError> {
  const client = useClient()
  return useQuery<OutputOf<M>, AppError>({
    queryKey: [method, input],
    queryFn: ({ signal }) => callOf(client, method)(input, { signal }) as Promise<OutputOf<M>>,
    enabled: options.enabled ?? true,
    ...(options.keepPrevious === true ? { placeholderData: (previous: unknown) => previous as never } : {}),
  })
}

/** A mutation of the contract: `const rename = useWrite('runs.rename'); rename.mutate({...})`. */
export function useWrite<M extends MutationMethod>(method: M): UseMutationResult<OutputOf<M>, AppError, InputOf<M>> {
  const client = useClient()
  return useMutation<OutputOf<M>, AppError, InputOf<M>>({
    mutationFn: (input) => callOf(client, method)(input) as Promise<OutputOf<M>>,
  })
}

/** Follows a stream while mounted, and again after each reconnection. `onEvent` may change from draw to draw. */
export function useFollow<M extends StreamMethod>(
  method: M,
  input: InputOf<M> | null,
  onEvent: (event: EventOf<M>) => void,
): void {
  const { client, onOnline } = useBackend()
  const key = JSON.stringify(input)
  const [handler] = useState(() => ({ current: onEvent }))
  useEffect(() => {
    handler.current = onEvent
  })
  useEffect(() => {
    if (key === 'null') return
    let controller = new AbortController()
    const follow = async (signal: AbortSignal): Promise<void> => {
      const [feature = '', name = ''] = method.split('.')
      const calls = client as unknown as Record<
        string,
        Record<string, (input: unknown, options: { signal: AbortSignal }) => AsyncIterable<unknown>>
      >
      const stream = calls[feature]?.[name]?.(JSON.parse(key), { signal })
      if (stream === undefined) return
      try {
        for await (const event of stream) handler.current(event as EventOf<M>)
      } catch {
        // The next connection follows anew.
      }
    }
    void follow(controller.signal)
    const off = onOnline(() => {
      controller.abort()
      controller = new AbortController()
      void follow(controller.signal)
    })
    return () => {
      off()
      controller.abort()
    }
  }, [client, onOnline, method, key, handler])
}

/** Milliseconds between two rounds of asking again because metrics have grown: runs that train say so many times a second. */
const GROWTH_PACE = 500
/** The same for everything else: what a person does answers at once. */
const PACE = 100

/** Asks again for what changed, and for everything after the connection was lost. Mounted once. */
export function useInvalidation(): void {
  const queries = useQueryClient()
  const { onOnline } = useBackend()
  const [take] = useState(() => {
    const askAgain = (changes: readonly ChangeEvent[]): void =>
      void queries.invalidateQueries({
        predicate: ({ queryKey: [method, input] }) =>
          typeof method === 'string' && changes.some((change) => isConcerned(change, method, input)),
      })
    const growth = createPacer(GROWTH_PACE, askAgain)
    const others = createPacer(PACE, askAgain)
    return (change: ChangeEvent): void => (change.entity === 'metric' ? growth : others).add(change)
  })
  useFollow('system.changes', {}, take)
  useEffect(() => onOnline(() => void queries.invalidateQueries()), [onOnline, queries])
}
