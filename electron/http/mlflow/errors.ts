import { AppError, type ErrorCode } from '#shared/rpc/errors.ts'

/**
 * Error codes of MLflow with their status (mlflow/exceptions.py, `ERROR_CODE_TO_HTTP_STATUS`). The client retries 408, 429 and 5xx for
 * four minutes, so a user's mistake is never one of those.
 */
const STATUS = {
  BAD_REQUEST: 400,
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  INVALID_STATE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
  CANCELLED: 499,
  INTERNAL_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  INSUFFICIENT_STORAGE: 507,
} as const
export type MlflowErrorCode = keyof typeof STATUS

/** A refusal in MLflow's own form. */
export class MlflowError extends Error {
  readonly code: MlflowErrorCode
  constructor(code: MlflowErrorCode, message: string) {
    super(message)
    this.name = 'MlflowError'
    this.code = code
  }
}

/** A wrong or missing value, in the words that clients look for. */
export const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message)
/** Something that is not there. */
export const missing = (message: string): MlflowError => new MlflowError('RESOURCE_DOES_NOT_EXIST', message)

const CODES: Partial<Readonly<Record<ErrorCode, MlflowErrorCode>>> = {
  not_found: 'RESOURCE_DOES_NOT_EXIST',
  invalid: 'INVALID_PARAMETER_VALUE',
  conflict: 'INVALID_PARAMETER_VALUE',
  too_large: 'INVALID_PARAMETER_VALUE',
  read_only: 'PERMISSION_DENIED',
  forbidden: 'INVALID_PARAMETER_VALUE',
  unauthorized: 'UNAUTHENTICATED',
  unsupported: 'NOT_IMPLEMENTED',
  cancelled: 'CANCELLED',
  disk_full: 'INSUFFICIENT_STORAGE',
}

/** Our services end their sentences; the real server does not always, and its users' tests compare. */
function inTheirWords({ message }: Error): string {
  return /^(?:Run|No Experiment|No tag) with .*[^']\.$/s.test(message) ? message.slice(0, -1) : message
}

export type MlflowAnswer = { readonly status: number; readonly body: string; readonly unexpected: boolean }

/** An error as a response. `unexpected` ones belong in the log. */
export function errorAnswer(error: unknown): MlflowAnswer {
  const code =
    error instanceof MlflowError
      ? error.code
      : error instanceof AppError
        ? (CODES[error.code] ?? 'INTERNAL_ERROR')
        : 'INTERNAL_ERROR'
  const known = error instanceof MlflowError || error instanceof AppError
  const message = known ? inTheirWords(error) : 'Something went wrong inside Benchtop.'
  return {
    status: STATUS[code],
    body: JSON.stringify({ error_code: code === 'INSUFFICIENT_STORAGE' ? 'INTERNAL_ERROR' : code, message }),
    unexpected: !known,
  }
}
