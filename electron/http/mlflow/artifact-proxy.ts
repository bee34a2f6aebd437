import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileInside, mimeOf } from '#electron/features/artifacts/index.ts'
import type { StreamCall } from './call.ts'
import { invalid, missing, MlflowError } from './errors.ts'
import { optionalText, text } from './fields.ts'

const PROXY = /^\/(?:ajax-)?api\/2\.0\/mlflow-artifacts\/(artifacts|mpu|presigned)(?:\/(.*))?$/s

/**
 * The artifact proxy (`mlflow-artifacts:/...`): list, stream up and down, delete. Multipart uploads answer 501, at which the client
 * streams the file in one PUT instead; so does a local MLflow server.
 */
export async function serveArtifact(call: StreamCall): Promise<void> {
  const { path, fields, request } = call
  if (path.endsWith('/get-artifact'))
    return download(call, `_/${text(fields, 'run_id')}/artifacts/${text(fields, 'path')}`)
  if (path.endsWith('/upload-artifact'))
    return upload(call, `_/${text(fields, 'run_uuid')}/artifacts/${text(fields, 'path')}`)
  const match = PROXY.exec(path)
  const inside = decoded(match?.[2] ?? '')
  if (match?.[1] !== 'artifacts')
    throw new MlflowError('NOT_IMPLEMENTED', 'Multipart uploads are not needed here: send the file in one request.')
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return inside === '' ? list(call, optionalText(fields, 'path') ?? '') : download(call, inside)
    case 'PUT':
      return upload(call, inside)
    case 'DELETE':
      return remove(call, inside)
    default:
      throw new MlflowError('ENDPOINT_NOT_FOUND', `There is no ${request.method ?? ''} for artifacts.`)
  }
}

/** The file of `<experiment>/<run>/artifacts/<path>` or `<experiment>/models/<model>/artifacts/<path>`. Traversal is 400 "Invalid path". */
export async function artifactFile(call: Pick<StreamCall, 'project'>, path: string): Promise<string> {
  const [, owner, second = '', third, ...rest] = path.split('/')
  const isModel = owner === 'models'
  const [folder, inside] = isModel
    ? [join('models', second, 'artifacts'), [...(third === 'artifacts' ? [] : [third ?? '']), ...rest]]
    : [join(owner ?? '', 'artifacts'), [...(third === undefined ? [] : [third]), ...rest]]
  const id = isModel ? second : owner
  if (
    id === undefined ||
    !/^[a-zA-Z0-9][\w-]{0,255}$/.test(id) ||
    (!isModel && second !== '' && second !== 'artifacts')
  )
    throw invalid('Invalid path')
  const root = join(call.project.artifactsFolder, folder)
  const file = await fileInside(root, inside.join('/'))
  if (file === undefined) throw invalid('Invalid path')
  return file
}

async function list(call: StreamCall, path: string): Promise<void> {
  const folder = await artifactFile(call, path)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() || entry.isFile())
      .map(async (entry) =>
        entry.isDirectory()
          ? { path: entry.name, is_dir: true }
          : {
              path: entry.name,
              is_dir: false,
              file_size: (await stat(join(folder, entry.name)).catch(() => ({ size: 0 }))).size,
            },
      ),
  )
  const body = JSON.stringify(files.length === 0 ? {} : { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) })
  call.response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  call.response.end(body)
}

async function download(call: StreamCall, path: string): Promise<void> {
  const file = await artifactFile(call, path)
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || !found.isFile()) throw missing(`No such artifact: '${path}'`)
  call.response.writeHead(200, {
    'content-type': mimeOf(file),
    'content-length': found.size,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(basename(file))}`,
    'x-content-type-options': 'nosniff',
  })
  if (call.request.method === 'HEAD') return void call.response.end()
  await pipeline(createReadStream(file), call.response)
}

/** Streams to a draft beside the target, so that a cut-off upload leaves what was there before. */
async function upload(call: StreamCall, path: string): Promise<void> {
  const file = await artifactFile(call, path)
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  const draft = join(folder, `.${randomBytes(6).toString('hex')}.part`)
  try {
    await pipeline(call.request, createWriteStream(draft, { flags: 'wx' }))
    const handle = await open(draft, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    if ((await stat(file).catch(() => undefined))?.isDirectory() === true)
      throw invalid(`A folder of that name is there already: '${path}'`)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    if (isCode(error, 'ENOSPC'))
      throw new MlflowError('INSUFFICIENT_STORAGE', 'The disk is full: the artifact was not kept.')
    if (isCode(error, 'EISDIR') || isCode(error, 'ENOTDIR'))
      throw invalid(`A file and a folder cannot have the same name: '${path}'`)
    throw error
  }
  const [, owner] = path.split('/')
  call.project.changed({
    project: call.project.id,
    entity: 'artifact',
    ids: owner === undefined || owner === 'models' ? [] : [owner],
  })
  call.response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 })
  call.response.end('{}')
}

async function remove(call: StreamCall, path: string): Promise<void> {
  const file = await artifactFile(call, path)
  await rm(file, { recursive: true, force: true })
  call.project.changed({ project: call.project.id, entity: 'artifact', ids: [] })
  call.response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 })
  call.response.end('{}')
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}

/** Decodes until nothing changes: `%252e%252e` must not become `..` one layer further down. */
function decoded(path: string): string {
  let text = path
  for (let round = 0; round < 5; round++) {
    let next: string
    try {
      next = decodeURIComponent(text)
    } catch {
      return text
    }
    if (next === text) return text
    if (/(^|\/)\.\.(\/|$)|\0|\\/.test(next)) throw invalid('Invalid path')
    if (round > 0) return text
    text = next
  }
  return text
}
