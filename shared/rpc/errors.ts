import { z } from 'zod'

/** The closed set of error codes that may cross the contract. */
export const ErrorCode = z.enum([
  'not_found',
  'invalid',
  'conflict',
  'corrupt',
  'read_only',
  'disk_full',
  'schema_too_new',
  'busy',
  'cancelled',
  'unauthorized',
  'forbidden',
  'unavailable',
  'too_large',
  'unsupported',
  'version_mismatch',
  'internal',
])
export type ErrorCode = z.infer<typeof ErrorCode>

/** An error as it travels: words for a person, never a stack. */
export const WireError = z.object({
  code: ErrorCode,
  message: z.string(),
  hint: z.string().optional(),
  field: z.string().optional(),
  retry: z.boolean().optional(),
  logId: z.string(),
})
export type WireError = z.infer<typeof WireError>

export type ErrorDetails = {
  readonly hint?: string
  readonly field?: string
  readonly retry?: boolean
  readonly cause?: unknown
}

/** An error with a message meant for a person. Anything else that is thrown becomes `internal` at the edge. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly field: string | undefined
  readonly retry: boolean
  readonly logId: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails & { readonly logId?: string } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = details.hint
    this.field = details.field
    this.retry = details.retry ?? false
    this.logId = details.logId
  }
}

/** Makes an AppError; `throw appError('not_found', 'There is no run 3f2a.')`. */
export function appError(code: ErrorCode, message: string, details: ErrorDetails = {}): AppError {
  return new AppError(code, message, details)
}

/** The error's form on the wire. What is not an AppError keeps its words to the log, found by `logId`. */
export function toWireError(error: unknown, logId: string): WireError {
  if (!(error instanceof AppError)) {
    if (isAbort(error)) return { code: 'cancelled', message: 'Cancelled.', logId }
    return {
      code: 'internal',
      message: 'Something went wrong inside Benchtop.',
      hint: `See ${logId} in the log.`,
      logId,
    }
  }
  return {
    code: error.code,
    message: error.message,
    logId: error.logId ?? logId,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.retry ? { retry: true } : {}),
  }
}

/** Rebuilds the error on the caller's side. */
export function fromWireError(wire: WireError): AppError {
  return new AppError(wire.code, wire.message, {
    logId: wire.logId,
    ...(wire.hint === undefined ? {} : { hint: wire.hint }),
    ...(wire.field === undefined ? {} : { field: wire.field }),
    ...(wire.retry === undefined ? {} : { retry: wire.retry }),
  })
}

/** True for what an AbortSignal throws. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
