import { Agent, type IncomingMessage, request } from 'node:http'
import type { Caller } from '#shared/rpc/client.ts'
import { decodeText, encodeText } from '#shared/rpc/codec.ts'
import { appError } from '#shared/rpc/app-error.ts'

export type PostAddress = {
  /** `http://127.0.0.1:5080`, without a trailing slash. */
  readonly url: string
  readonly token?: string
}

/**
 * Speaks the contract over `POST /rpc`, calls and streams. Throws the backend's own AppError; `unavailable` when it does not answer, with the
 * socket's error as its cause. By `node:http`, because loading `fetch` costs more than all else that a command does.
 */
export function postCaller(address: PostAddress): Caller {
  // Its idle sockets don't keep the process.
  const agent = new Agent({ keepAlive: true })
  return {
    call: async (method, input, { signal }) => {
      const response = await post(address, agent, method, input, signal)
      const value = decodeText(await textOf(response, signal))
      if (response.statusCode !== 200) throw await refusal(value)
      return value
    },
    stream: async function* (method, input, { signal }) {
      const response = await post(address, agent, method, input, signal)
      if (response.statusCode !== 200) throw await refusal(decodeText(await textOf(response, signal)))
      try {
        let rest = ''
        response.setEncoding('utf8')
        for await (const piece of response as AsyncIterable<string>) {
          const lines = (rest + piece).split('\n')
          rest = lines.pop() ?? ''
          for (const line of lines) {
            const value = decodeText(line) as { readonly event?: unknown; readonly error?: unknown }
            if (value.error !== undefined) throw await refusal(value)
            yield value.event
          }
        }
      } finally {
        // Hanging up is how a stream is cancelled.
        response.destroy()
      }
    },
  }
}

function post(
  address: PostAddress,
  agent: Agent | false,
  method: string,
  input: unknown,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const { url, token } = address
  const body = encodeText(input)
  return new Promise((resolve, reject) => {
    const call = request(`${url}/rpc/${method}`, {
      method: 'POST',
      agent,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
      ...(signal === undefined ? {} : { signal }),
    })
    call.on('response', resolve)
    call.on('error', (cause: NodeJS.ErrnoException) => {
      // The other side closed an idle connection just as it was taken up again: nothing was asked yet.
      const stale = call.reusedSocket && cause.code === 'ECONNRESET' && signal?.aborted !== true
      if (stale) resolve(post(address, false, method, input, signal))
      else reject(gone(cause, signal))
    })
    call.end(body)
  })
}

async function textOf(response: IncomingMessage, signal: AbortSignal | undefined): Promise<string> {
  const pieces: Buffer[] = []
  try {
    for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece)
  } catch (cause) {
    throw gone(cause, signal)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function gone(cause: unknown, signal: AbortSignal | undefined): Error {
  return signal?.aborted === true
    ? appError('cancelled', 'Cancelled.')
    : appError('unavailable', 'The backend does not answer.', { cause, retry: true })
}

async function refusal(value: unknown): Promise<Error> {
  // Its schema is loaded when there is one to read.
  const { fromWireError, WireError } = await import('#shared/rpc/errors.ts')
  const parsed = WireError.safeParse((value as { readonly error?: unknown } | null)?.error)
  return parsed.success
    ? fromWireError(parsed.data)
    : appError('unavailable', 'The backend answered something else than was asked.')
}
