import type { IncomingMessage, ServerResponse } from 'node:http'
import { wholeJson } from '#shared/lib/whole-json.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { clientAddress, type ClientAddress } from './address.ts'
import { isArtifactPath, serveArtifact } from './artifact-routes.ts'
import { errorAnswer, MlflowError } from './errors.ts'
import { type Fields, queryFields } from './fields.ts'
import { jsonBody } from './json-body.ts'
import { routeTable } from './match-route.ts'
import { routes } from './routes/index.ts'
import type { ClientServices } from './services.ts'

export { isClientPath } from './address.ts'
export type { ClientServices } from './services.ts'

/** Of the server that we answer like. Below 3.4 the client sends traces by its older way, which a 404 ends quietly. */
const VERSION = '3.3.2'

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
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
    const matched = find(method, route)
    if (matched === undefined)
      throw new MlflowError('ENDPOINT_NOT_FOUND', `There is no ${request.method ?? ''} ${path} here.`)
    const { project, launch } = scopeOf(address, services)
    const text = method === 'GET' ? undefined : await jsonBody(request)
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
