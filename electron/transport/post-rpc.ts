import type { IncomingMessage, ServerResponse } from 'node:http'
import { decodeText, encodeText } from '#shared/rpc/codec.ts'
import { AppError, appError, isAbort, type ErrorCode } from '#shared/rpc/errors.ts'
import type { Dispatcher } from './dispatcher.ts'

const MAX_BODY = 64 << 20

const STATUS: Readonly<Record<ErrorCode, number>> = {
  not_found: 404,
  invalid: 400,
  conflict: 409,
  corrupt: 422,
  read_only: 409,
  disk_full: 507,
  schema_too_new: 409,
  busy: 409,
  cancelled: 499,
  unauthorized: 401,
  forbidden: 403,
  unavailable: 503,
  too_large: 413,
  unsupported: 501,
  version_mismatch: 409,
  internal: 500,
}

/**
 * `POST /rpc/runs.table` for scripts and curl: queries and mutations answer as JSON, streams as NDJSON. Cancel is the client hanging
 * up. A failing stream ends with a line `{"error": ...}`.
 */
export async function servePost(
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
  dispatcher: Dispatcher,
): Promise<void> {
  const controller = new AbortController()
  response.on('close', () => controller.abort())
  const context = { signal: controller.signal, actor: 'rpc' }
  try {
    const input = await readInput(request)
    if (dispatcher.kindOf(method) === 'stream') {
      for await (const event of dispatcher.stream(method, input, context)) {
        if (controller.signal.aborted) return
        if (!response.headersSent)
          response.writeHead(200, {
            'content-type': 'application/x-ndjson; charset=utf-8',
            'cache-control': 'no-store',
          })
        if (!response.write(`${encodeText({ event })}\n`)) await drained(response)
      }
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' })
      response.end()
      return
    }
    const value = await dispatcher.call(method, input, context)
    answer(response, 200, encodeText(value))
  } catch (error) {
    if (controller.signal.aborted && isAbort(error)) return
    const wire = dispatcher.wireError(error, method)
    if (response.headersSent) response.end(`${encodeText({ error: wire })}\n`)
    else answer(response, STATUS[wire.code], encodeText({ error: wire }))
  }
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  })
  response.end(body)
}

/** Resolves when more can be written, or when the peer is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

async function readInput(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  let size = 0
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      size += piece.length
      if (size > MAX_BODY) throw appError('too_large', 'The request is larger than 64 MiB.')
      pieces.push(piece)
    }
  } catch (error) {
    // A caller that hangs up amid its request is no fault of ours to look into.
    throw error instanceof AppError ? error : appError('cancelled', 'The request was cut off.', { cause: error })
  }
  const text = Buffer.concat(pieces).toString('utf8')
  if (text === '') return {}
  try {
    return decodeText(text)
  } catch {
    throw appError('invalid', 'The body is not JSON.')
  }
}
