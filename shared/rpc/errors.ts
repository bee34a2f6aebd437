import { z } from 'zod'
import { AppError, ERROR_CODES, isAbort } from './app-error.ts'

// The error itself stands apart from its schemas, so that a command that only throws it need not load them.
export { AppError, appError, isAbort } from './app-error.ts'
export type { ErrorDetails } from './app-error.ts'

export const ErrorCode = z.enum(ERROR_CODES)
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
