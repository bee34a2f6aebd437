import { listFiles, removeFile, sendFile, takeFile, wireFiles } from './artifact-files.ts'
import { addressPlace, modelPlace, proxyPlace, runPlace, unquoted } from './artifact-place.ts'
import type { StreamCall } from './call.ts'
import { invalid, missing, MlflowError } from './errors.ts'
import { optionalText, runId, text } from './fields.ts'

const PROXY = /^\/(?:ajax-)?api\/2\.0\/mlflow-artifacts\/(artifacts|mpu|presigned)(?:\/(.*))?$/s
const MODEL_FILES = /^\/(?:ajax-)?api\/2\.0\/mlflow\/logged-models\/([^/]+)\/artifacts\/files$/
const UPLOAD = /^\/(?:ajax-)?api\/2\.0\/mlflow\/upload-artifact$/
/** What the upload of one file from a page may have. */
const MOST_FROM_PAGE = 10 << 20

/** True for paths whose body or answer is the bytes of a file, and for listings beside them. */
export function isArtifactPath(path: string): boolean {
  return (
    path === '/get-artifact' ||
    path === '/model-versions/get-artifact' ||
    PROXY.test(path) ||
    MODEL_FILES.test(path) ||
    UPLOAD.test(path)
  )
}

/**
 * The artifact proxy (`mlflow-artifacts:/...`): list, stream up and down, delete; and the single files that pages ask for. Multipart and presigned
 * transfers answer 501, at which the client streams the file in one request instead; so does a local MLflow server.
 */
export async function serveArtifact(call: StreamCall): Promise<void> {
  const { path, fields, request } = call
  const isReading = request.method === 'GET' || request.method === 'HEAD'
  if (path === '/get-artifact' && isReading) {
    return sendFile(call, runPlace(call, runId(fields), text(fields, 'path')))
  }
  if (path === '/model-versions/get-artifact' && isReading) return sendVersionFile(call)
  const model = MODEL_FILES.exec(path)?.[1]
  if (model !== undefined && isReading) {
    const file = optionalText(fields, 'artifact_file_path')
    if (file === undefined || file === '')
      throw new MlflowError('BAD_REQUEST', 'Request must include the "artifact_file_path" query parameter.')
    return sendFile(call, modelPlace(call, unquoted(model), file))
  }
  if (UPLOAD.test(path) && request.method === 'POST') return takeFromPage(call)
  const match = PROXY.exec(path)
  if (match === null) throw new MlflowError('ENDPOINT_NOT_FOUND', `There is no ${request.method ?? ''} ${path} here.`)
  if (match[1] !== 'artifacts') {
    // By these words the client knows that it may send or fetch the file in one request.
    const direction = match[1] === 'mpu' ? 'upload' : 'download'
    throw new MlflowError(
      'NOT_IMPLEMENTED',
      `Multipart ${direction} is not supported for the current artifact repository`,
    )
  }
  return serveProxy(call, unquoted(match[2] ?? ''))
}

async function serveProxy(call: StreamCall, path: string): Promise<void> {
  switch (call.request.method) {
    case 'GET':
    case 'HEAD': {
      if (path !== '') return sendFile(call, proxyPlace(call, path))
      const files = await listFiles(proxyPlace(call, optionalText(call.fields, 'path') ?? ''))
      return answer(call, wireFiles(files, ''))
    }
    case 'PUT':
      await takeFile(call, proxyPlace(call, path))
      return answer(call, {})
    case 'DELETE':
      await removeFile(call, proxyPlace(call, path))
      return answer(call, {})
    default:
      throw new MlflowError('ENDPOINT_NOT_FOUND', `There is no ${call.request.method ?? ''} for artifacts.`)
  }
}

/** The file of a version: that of the run or the logged model which the version was made from. */
async function sendVersionFile(call: StreamCall): Promise<void> {
  const { services, project, fields } = call
  const version = services.registry.version(project, text(fields, 'name'), text(fields, 'version'))
  const place = addressPlace(call, version.storageLocation, text(fields, 'path'))
  if (place === undefined)
    throw missing(`The files of this version are not kept here, but at ${version.storageLocation}`)
  return sendFile(call, place)
}

async function takeFromPage(call: StreamCall): Promise<void> {
  const { fields, request } = call
  const run = optionalText(fields, 'run_uuid')
  if (run === undefined || run === '') throw invalid('Request must specify run_uuid.')
  const path = optionalText(fields, 'path')
  if (path === undefined || path === '') throw invalid('Request must specify path.')
  const length = Number(request.headers['content-length'] ?? Number.NaN)
  if (length === 0) throw invalid('Request must specify data.')
  if (length > MOST_FROM_PAGE) throw invalid('Artifact size is too large. Max size is 10MB.')
  await takeFile(call, runPlace(call, run, path), MOST_FROM_PAGE)
  answer(call, {})
}

function answer({ response }: StreamCall, value: unknown): void {
  const body = JSON.stringify(value)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
