/** A value or the reason that there is none, for failures that the caller is expected to handle. */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure }

/** Wraps a success. */
export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value }
}

/** Wraps a failure. */
export function err<Failure>(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error }
}

/** Applies `change` to a success and passes a failure on. */
export function mapResult<Value, Next, Failure>(
  result: Result<Value, Failure>,
  change: (value: Value) => Next,
): Result<Next, Failure> {
  return result.ok ? ok(change(result.value)) : result
}

/** The value of a success, else `fallback`. */
export function valueOr<Value, Failure>(result: Result<Value, Failure>, fallback: Value): Value {
  return result.ok ? result.value : fallback
}
