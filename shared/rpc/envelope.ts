import { z } from 'zod'
import { WireError } from './errors.ts'

/**
 * What travels. One connection carries many calls, each with the caller's id.
 * A stream sends `event`s, and the caller grants room for more with `more`, so that a slow page never makes the
 * backend's memory grow.
 */
export const FromCaller = z.discriminatedUnion('t', [
  z.object({ t: z.literal('call'), id: z.number().int(), method: z.string(), input: z.unknown().optional() }),
  z.object({ t: z.literal('cancel'), id: z.number().int() }),
  z.object({ t: z.literal('more'), id: z.number().int(), count: z.number().int().min(1).max(10_000) }),
])
export type FromCaller = z.infer<typeof FromCaller>

export const FromBackend = z.discriminatedUnion('t', [
  z.object({ t: z.literal('hello'), build: z.string(), protocol: z.number().int() }),
  z.object({ t: z.literal('ok'), id: z.number().int(), value: z.unknown() }),
  z.object({ t: z.literal('err'), id: z.number().int(), error: WireError }),
  z.object({ t: z.literal('event'), id: z.number().int(), value: z.unknown() }),
  z.object({ t: z.literal('end'), id: z.number().int() }),
])
export type FromBackend = z.infer<typeof FromBackend>

/** Raised with any change of the envelope or the codec. */
export const PROTOCOL = 1

/** Events that may be on their way before the caller has granted more. */
export const STREAM_WINDOW = 64

/** The two directions of a connection, whatever carries it. */
export type Link<Out, In> = {
  readonly send: (message: Out) => void
  readonly onMessage: (listener: (message: In) => void) => void
  readonly onClose: (listener: () => void) => void
  readonly close: () => void
}
export type CallerLink = Link<FromCaller, FromBackend>
export type BackendLink = Link<FromBackend, FromCaller>
