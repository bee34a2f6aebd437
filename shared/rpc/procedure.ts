import type { z } from 'zod'

export type Schema = z.ZodType

export type Query<I extends Schema = Schema, O extends Schema = Schema> = {
  readonly kind: 'query'
  readonly input: I
  readonly output: O
}
export type Mutation<I extends Schema = Schema, O extends Schema = Schema> = {
  readonly kind: 'mutation'
  readonly input: I
  readonly output: O
  readonly undoable: boolean
}
export type Stream<I extends Schema = Schema, E extends Schema = Schema> = {
  readonly kind: 'stream'
  readonly input: I
  readonly event: E
}
export type Procedure = Query | Mutation | Stream
export type Feature = Readonly<Record<string, Procedure>>
export type Contract = Readonly<Record<string, Feature>>

/** A read: no side effect that a person would notice. */
export function query<I extends Schema, O extends Schema>(input: I, output: O): Query<I, O> {
  return { kind: 'query', input, output }
}

/** A write. `undoable` says that the backend keeps its inverse in the undo log. */
export function mutation<I extends Schema, O extends Schema>(
  input: I,
  output: O,
  options: { readonly undoable?: boolean } = {},
): Mutation<I, O> {
  return { kind: 'mutation', input, output, undoable: options.undoable ?? false }
}

/** A sequence of events that ends by itself or when the caller cancels. */
export function stream<I extends Schema, E extends Schema>(input: I, event: E): Stream<I, E> {
  return { kind: 'stream', input, event }
}

/** Who calls and how to stop: given to each handler. */
export type CallContext = {
  readonly signal: AbortSignal
  /** The transport's word for the caller: `page`, `cli`, `test`. For the log only. */
  readonly actor: string
}

type Parsed<S extends Schema> = z.output<S>
type Given<S extends Schema> = z.input<S>

/** The backend's function for a procedure. */
export type Handler<P extends Procedure> = P extends Query<infer I, infer O> | Mutation<infer I, infer O>
  ? (input: Parsed<I>, context: CallContext) => Given<O> | Promise<Given<O>>
  : P extends Stream<infer I, infer E>
    ? (input: Parsed<I>, context: CallContext) => AsyncIterable<Given<E>>
    : never

/** One function for each procedure of a feature, or of the whole contract. */
export type FeatureHandlers<F extends Feature> = { readonly [K in keyof F]: Handler<F[K]> }
export type Handlers<C extends Contract> = { readonly [F in keyof C]: FeatureHandlers<C[F]> }

export type CallOptions = { readonly signal?: AbortSignal }

/** The caller's function for a procedure. */
export type ClientCall<P extends Procedure> = P extends Query<infer I, infer O> | Mutation<infer I, infer O>
  ? (input: Given<I>, options?: CallOptions) => Promise<Parsed<O>>
  : P extends Stream<infer I, infer E>
    ? (input: Given<I>, options?: CallOptions) => AsyncIterable<Parsed<E>>
    : never
export type FeatureClient<F extends Feature> = { readonly [K in keyof F]: ClientCall<F[K]> }
export type Client<C extends Contract> = { readonly [F in keyof C]: FeatureClient<C[F]> }

/** Finds `runs.table` in a contract. */
export function findProcedure(contract: Contract, method: string): Procedure | undefined {
  const dot = method.indexOf('.')
  if (dot < 0) return undefined
  const feature = method.slice(0, dot)
  const name = method.slice(dot + 1)
  if (!Object.hasOwn(contract, feature)) return undefined
  const procedures = contract[feature]
  return procedures !== undefined && Object.hasOwn(procedures, name) ? procedures[name] : undefined
}
