import type { IncomingMessage, ServerResponse } from 'node:http'
import { wholeJson } from '#shared/lib/whole-json.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { clientAddress, type ClientAddress } from './address.ts'
import { isArtifactPath, serveArtifact } from './artifact-routes.ts'
import { errorAnswer, invalid, MlflowError } from './errors.ts'
import { type Fields, queryFields } from './fields.ts'
import { routeTable } from './match-route.ts'
import { routes } from './routes/index.ts'
import type { ClientServices } from './services.ts'

export { isClientPath } from './address.ts'
export type { ClientServices } from './services.ts'

/** Of the server that we answer like. Below 3.4 the client sends traces by its older way, which a 404 ends quietly. */
const VERSION = '3.3.2'
const MAX_BODY = 64 << 20
/** So much more of a body that is too large is read to its end, for a client that is still sending hears no answer. */
const MAX_DISCARDED = 1 << 30

const find = routeTable(routes)

/** Answers a request of an MLflow client. Unknown routes are 404 in MLflow's form, so that the client falls back rather than retries. */
export async function serveClient(
  request: IncomingMessage,
  response: ServerResponse,
  services: ClientServices,
): Promise<void> {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const address = clientAddress(mark < 0 ? url : url.slice(0, mark))
  const query = mark < 0 ? '' : url.slice(mark + 1)
  const { path } = address
  if (path === '/health') return send(response, 200, 'OK', 'text/plain')
  if (path === '/version') return send(response, 200, VERSION, 'text/plain')
  try {
    if (!(await services.mayLog(request))) {
      throw new MlflowError(
        'UNAUTHENTICATED',
        'This address needs a token: set MLFLOW_TRACKING_TOKEN to the content of the file tracking-token in Benchtop’s data folder.',
      )
    }
    if (/^\/(?:ajax-)?api\/3\.0\/mlflow\/server-info$/.test(path)) {
      return send(response, 200, '{"store_type":"SqlStore","workspaces_enabled":false}')
    }
    if (isArtifactPath(path)) {
      const { project, launch } = scopeOf(address, services)
      const fields = queryFields(query)
      const exactly = (): Fields => fields
      return await serveArtifact({ project, launch, services, request, response, path, fields, exactly })
    }
    // Clients before 2.0 ask for the registry as a preview.
    const route = path.replace(/^\/(?:ajax-)?api\/2\.0\/(?:preview\/)?mlflow\//, '')
    const matched = find(request.method ?? 'GET', route)
    if (matched === undefined)
      throw new MlflowError('ENDPOINT_NOT_FOUND', `There is no ${request.method ?? ''} ${path} here.`)
    const { project, launch } = scopeOf(address, services)
    const text = request.method === 'GET' ? undefined : await jsonBody(request)
    const fieldsBy = (parse: (text: string) => unknown): Fields => ({
      ...(text === undefined ? queryFields(query) : fieldsOf(text, parse)),
      ...matched.parameters,
    })
    const answer = await matched.route.handle({
      project,
      launch,
      fields: fieldsBy(JSON.parse),
      exactly: () => fieldsBy(wholeJson),
      services,
      request,
    })
    send(response, 200, JSON.stringify(answer ?? {}))
  } catch (error) {
    // The client has gone, in the middle of a file perhaps: there is nobody to answer.
    if (request.socket.destroyed) return
    const { status, body, unexpected } = errorAnswer(error)
    if (unexpected) services.log.error('client request failed', { path, error })
    // What was not read of a body must not be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close')
    if (response.headersSent) response.destroy()
    else send(response, status, body)
  }
}

function scopeOf(
  { scope }: ClientAddress,
  services: ClientServices,
): { readonly project: ProjectContext; readonly launch: string | null } {
  switch (scope.kind) {
    case 'root':
      return { project: services.projects.inbox(), launch: null }
    case 'project':
      return { project: services.projects.require(scope.id), launch: null }
    case 'launch': {
      const project = services.launches.projectOf(scope.id)
      if (project === undefined) throw appError('not_found', `There is no launch ${scope.id}.`)
      return { project, launch: scope.id }
    }
  }
}

async function jsonBody(request: IncomingMessage): Promise<string> {
  const text = await bodyText(request)
  if (text !== '' && request.headers['content-type']?.startsWith('application/json') !== true)
    throw invalid('Bad Request. Content-Type must be application/json.')
  return text
}

function fieldsOf(text: string, parse: (text: string) => unknown): Fields {
  if (text.trim() === '') return {}
  const value = parsed(text, parse)
  // Old clients encode their JSON twice.
  const object = typeof value === 'string' ? parsed(value, parse) : value
  if (object === null) return {}
  if (typeof object !== 'object' || Array.isArray(object))
    throw new MlflowError('BAD_REQUEST', 'The body is not an object.')
  return object as Fields
}

/** The whole body as text. By events: an async iterator costs more than parsing a small body. */
function bodyText(request: IncomingMessage): Promise<string> {
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
      resolve((pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces)).toString('utf8'))
    })
    request.once('error', reject)
  })
}

function tooLarge(): Error {
  return invalid('The request is larger than 64 MiB.')
}

function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text)
  } catch {
    throw new MlflowError('BAD_REQUEST', 'The body is not JSON.')
  }
}

function send(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
