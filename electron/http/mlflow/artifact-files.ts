import { randomBytes } from 'node:crypto'
import { constants, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { basename, dirname, join, normalize } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Transform } from 'node:stream'
import {
  checkReference,
  DRAFT,
  findArtifact,
  placesOf,
  mimeOf,
  placeToWrite,
  removeArtifact,
} from '#electron/features/artifacts/index.ts'
import { type ArtifactPlace, artifactsChanged, checkOwner } from './artifact-place.ts'
import type { ClientCall, StreamCall } from './call.ts'
import { byteRange } from './byte-range.ts'
import { invalid, missing, MlflowError } from './errors.ts'

export type ListedFile = { readonly name: string; readonly folder: boolean; readonly size: number }

const AT_ONCE = 256

/**
 * The entries of a folder by name: all of them, as a client that downloads a folder needs. A file, or nothing, has none. Throws 404 where files were
 * left in a folder that is gone: a part of them would pass for the whole.
 */
export async function listFiles({ roots, path }: ArtifactPlace): Promise<readonly ListedFile[]> {
  const folders = inside(await placesOf(roots, path))
  await checkReference(roots)
  const found = new Map<string, ListedFile>()
  // The own folder comes first, and its entries hide others of their name.
  for (const folder of folders.toReversed()) for (const file of await filesIn(folder)) found.set(file.name, file)
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1))
}

async function filesIn(folder: string): Promise<readonly ListedFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found: ListedFile[] = []
  for (let start = 0; start < entries.length; start += AT_ONCE) {
    const portion = entries.slice(start, start + AT_ONCE).map(async (entry) => {
      if (entry.isDirectory()) return { name: entry.name, folder: true, size: 0 }
      if (!entry.isFile() || DRAFT.test(entry.name)) return undefined
      const size = (await stat(join(folder, entry.name)).catch(() => undefined))?.size
      return size === undefined ? undefined : { name: entry.name, folder: false, size }
    })
    found.push(...(await Promise.all(portion)).filter((entry) => entry !== undefined))
  }
  return found
}

function inside<Place>(place: Place | undefined): Place {
  if (place === undefined) throw invalid('Invalid path')
  return place
}

/** The `files` of a listing; `prefix` stands before the names. */
export function wireFiles(files: readonly ListedFile[], prefix: string): { readonly files?: readonly unknown[] } {
  if (files.length === 0) return {}
  const under = prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`
  return {
    files: files.map(({ name, folder, size }) =>
      folder
        ? { path: under + name, is_dir: true }
        : { path: under + name, is_dir: false, ...(size === 0 ? {} : { file_size: size }) },
    ),
  }
}

/** Streams a file to the client, or the part of it that is asked for, as something to keep, never to show: artifacts are hostile. */
export async function sendFile({ request, response }: StreamCall, { roots, path }: ArtifactPlace): Promise<void> {
  const file = inside(await findArtifact(roots, path))
  // Not waiting for a writer, should it be a pipe.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined)
  try {
    const found = await handle?.stat()
    if (handle === undefined || found?.isFile() !== true)
      throw missing(`No such file or directory: '${basename(file)}'`)
    const { size, mtime, mtimeMs } = found
    const etag = `"${mtimeMs.toString(36)}-${size.toString(36)}"`
    const range = byteRange(rangeAsked(request, etag), size)
    if (range === 'beyond')
      return void response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 }).end()
    const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range
    const length = end + 1 - start
    response.writeHead(range === 'whole' ? 200 : 206, {
      'content-type': mimeOf(file),
      'content-length': length,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(basename(file)).replaceAll("'", '%27')}`,
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag,
      'last-modified': mtime.toUTCString(),
      ...(range === 'whole' ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
    })
    if (request.method === 'HEAD' || size === 0) return void response.end()
    // Just what was said, though the file grows meanwhile; one that shrinks cuts the answer off, or the client would wait for the rest.
    const bytes = handle.createReadStream({ autoClose: false, start, end })
    await pipeline(bytes, response, { end: false })
    if (bytes.bytesRead < length) response.destroy()
    else response.end()
  } finally {
    await handle?.close()
  }
}

/** The `Range` of a request; none where it may hold for another state of the file (`If-Range`), whose first part the client has. */
function rangeAsked({ method, headers }: IncomingMessage, etag: string): string | undefined {
  const state = headers['if-range']
  return method === 'GET' && (state === undefined || state === etag) ? headers.range : undefined
}

/** Takes a file from the client. It streams to a draft beside the target, so that a cut-off upload leaves what was there before. */
export async function takeFile(call: StreamCall, place: ArtifactPlace, most = Infinity): Promise<void> {
  writable(call)
  const file = inside(await placeToWrite(place.roots, place.path))
  // The folder of all the artifacts is listed and emptied, never a file.
  if (normalize(place.path).replace(/\/+$/, '') === '.') throw invalid('Invalid path')
  const folder = dirname(file)
  const draft = join(folder, `.${randomBytes(6).toString('hex')}.part`)
  try {
    await mkdir(folder, { recursive: true })
    if ((await stat(file).catch(() => undefined))?.isDirectory() === true)
      throw invalid(`A folder of that name is there already: '${basename(file)}'`)
    await pipeline(call.request, bounded(most), createWriteStream(draft, { flags: 'wx' }))
    const handle = await open(draft, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
    // Moved to another project, or deleted, while the file came: it is in neither, and must not be called kept.
    checkOwner(call, place)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw refusal(error, file)
  }
  artifactsChanged(call.project, place)
}

/** Removes a file, or a folder with all in it. What was left elsewhere is refused. */
export async function removeFile(call: ClientCall, place: ArtifactPlace): Promise<void> {
  writable(call)
  await removeArtifact(place.roots, place.path)
  artifactsChanged(call.project, place)
}

function writable({ project }: ClientCall): void {
  if (project.readOnly) throw new MlflowError('PERMISSION_DENIED', `${project.name} can only be read.`)
}

function bounded(most: number): Transform {
  let size = 0
  return new Transform({
    transform(piece: Buffer, _, done) {
      size += piece.length
      if (size > most) done(invalid(`Artifact size is too large. Max size is ${Math.floor(most / (1 << 20))}MB.`))
      else done(null, piece)
    },
  })
}

function refusal(error: unknown, file: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new MlflowError('INSUFFICIENT_STORAGE', 'The disk is full: the artifact was not kept.')
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST')
    return invalid(`A file and a folder cannot have the same name: '${basename(file)}'`)
  if (code === 'ENAMETOOLONG') return invalid('The name of the artifact is too long for this disk.')
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new MlflowError('PERMISSION_DENIED', 'The artifacts of this project cannot be written.')
  return error
}
