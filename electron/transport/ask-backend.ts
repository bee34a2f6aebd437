import { z } from 'zod'
import { decodeText, encodeText } from '#shared/rpc/codec.ts'
import { appError, fromWireError, WireError } from '#shared/rpc/errors.ts'

const Refusal = z.object({ error: WireError })

/**
 * One call of the contract over `POST /rpc`, for programs that make few: the desktop shell, `npm start`. Throws the backend's own AppError, or
 * `unavailable` when it does not answer within `patience` milliseconds.
 */
export async function askBackend<S extends z.ZodType>(
  address: { readonly url: string; readonly token: string },
  method: string,
  input: unknown,
  output: S,
  patience = 10_000,
): Promise<z.output<S>> {
  let value: unknown
  let ok: boolean
  try {
    const response = await fetch(`${address.url}/rpc/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${address.token}`, 'content-type': 'application/json' },
      body: encodeText(input),
      signal: AbortSignal.timeout(patience),
    })
    ok = response.ok
    value = decodeText(await response.text())
  } catch (cause) {
    throw appError('unavailable', 'The backend does not answer.', { cause, retry: true })
  }
  const refusal = ok ? undefined : Refusal.safeParse(value).data
  if (refusal !== undefined) throw fromWireError(refusal.error)
  const parsed = output.safeParse(value)
  if (!ok || !parsed.success) throw appError('unavailable', 'The backend answered something else than was asked.')
  return parsed.data
}
