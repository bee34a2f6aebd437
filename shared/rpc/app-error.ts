/** The closed set of error codes that may cross the contract. */
export const ERROR_CODES = [
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
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

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

/** True for what an AbortSignal throws. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
