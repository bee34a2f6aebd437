import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { unzip } from 'node:zlib'
import { invalid, MlflowError } from './errors.ts'

const MAX_BODY = 64 << 20
/** So much more of a body that is too large is read to its end, for a client that is still sending hears no answer. */
const MAX_DISCARDED = 1 << 30

/** The text of a JSON body, unpacked where it came packed (gzip, deflate). Throws what is told the client: another type, too large, no packing that is known. */
export async function jsonBody(request: IncomingMessage): Promise<string> {
  const { 'content-type': type, 'content-encoding': packing = 'identity' } = request.headers
  const bytes = await bodyBytes(request)
  if (bytes.length === 0) return ''
  if (type?.startsWith('application/json') !== true)
    throw invalid('Bad Request. Content-Type must be application/json.')
  const text = (packing === 'identity' ? bytes : await unpacked(bytes, packing)).toString('utf8')
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text
}

const BYTE_ORDER_MARK = 0xfe_ff

/** The whole body. By events: an async iterator costs more than parsing a small body. */
function bodyBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let size = 0
    request.on('data', (piece: Buffer) => {
      size += piece.length
      if (size <= MAX_BODY) return void pieces.push(piece)
      pieces.length = 0
      if (size <= MAX_DISCARDED) return
      request.pause()
      reject(tooLarge())
    })
    request.once('end', () => {
      if (size > MAX_BODY) return reject(tooLarge())
      const [first] = pieces
      resolve(pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces))
    })
    request.once('error', reject)
  })
}

const unzipped = promisify(unzip) as (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

/** A few bytes can stand for gigabytes: no more is unpacked than a plain body may have. */
async function unpacked(bytes: Buffer, packing: string): Promise<Buffer> {
  if (!/^(?:x-)?gzip$|^deflate$/i.test(packing))
    throw new MlflowError(
      'BAD_REQUEST',
      `A body of Content-Encoding ${packing} can’t be read. Send it plain, or by gzip.`,
    )
  try {
    return await unzipped(bytes, { maxOutputLength: MAX_BODY })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw new MlflowError('BAD_REQUEST', `The body is not ${packing}.`)
  }
}

function tooLarge(): Error {
  return invalid('The request is larger than 64 MiB.')
}
