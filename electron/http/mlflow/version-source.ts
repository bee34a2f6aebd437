import { AppError } from '#shared/rpc/errors.ts'
import type { ModelVersion } from '#electron/features/models/index.ts'
import { stageOf } from '#electron/features/models/index.ts'
import type { ArtifactRoots } from './artifact-roots.ts'
import type { ClientCall } from './call.ts'
import { invalid, type MlflowError } from './errors.ts'

/** What a version is made from, as a client says it; empty texts are absent. */
export type AskedSource = { readonly source: string; readonly run: string | null; readonly loggedModel: string | null }
/** The same with what follows from it. */
export type VersionSource = AskedSource & { readonly storageLocation: string }

/**
 * Checks a version's source and finds its files. What lies on this machine or behind this server can only be registered by who names the run
 * or the logged model that it belongs to, so that nobody reaches other files through a version. Throws as the real server refuses.
 */
export function versionSource(call: ClientCall, roots: ArtifactRoots, asked: AskedSource): VersionSource {
  const version = registeredSource(call, asked.source)
  if (version !== undefined) {
    const { name, version: number, run, loggedModel } = version
    if ((asked.run ?? run) !== run || (asked.loggedModel ?? loggedModel) !== loggedModel)
      throw invalid(
        `Invalid model version source: '${asked.source}'. The run_id and model_id request parameters must match the referenced model version.`,
      )
    return { source: `models:/${name}/${number}`, run, loggedModel, storageLocation: version.storageLocation }
  }
  if (asked.loggedModel !== null) return ofLoggedModel(call, roots, asked, asked.loggedModel)
  checkRunSource(call, roots, asked)
  return { ...asked, storageLocation: asked.source }
}

const PLAIN = /^[a-zA-Z][a-zA-Z0-9+.-]*:/

function ofLoggedModel(call: ClientCall, roots: ArtifactRoots, asked: AskedSource, id: string): VersionSource {
  const { source } = asked
  const model = call.services.models.find(call.project, id)
  const root = model === undefined || model.lifecycle === 'deleted' ? undefined : roots.model(model)
  if (isLocal(source)) {
    if (root === undefined || !isWithin(source, root))
      throw invalid(
        `Invalid model version source: '${localPath(source)}'. To use a local path as a model version source, the model_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the model_id.`,
      )
  } else checkDots(source)
  const named = loggedModelIn(source)
  const isOther = named !== undefined ? named !== id : source.startsWith('runs:')
  const isOutside = isProxied(source) && (root === undefined || !isWithin(source, root))
  if (isOther || isOutside) throw unidentified(source, 'model_id')
  if (model === undefined || root === undefined) throw unidentified(source, 'model_id')
  return { ...asked, run: asked.run ?? model.sourceRun, storageLocation: named === undefined ? source : root }
}

function checkRunSource({ services, project }: ClientCall, roots: ArtifactRoots, { source, run }: AskedSource): void {
  const record = run === null ? undefined : services.runs.findRun(project, run)
  const root = record === undefined ? undefined : roots.run(record)
  if (isLocal(source)) {
    if (root !== undefined && isLocal(root) && isWithin(source, root)) return
    throw invalid(
      `Invalid model version source: '${localPath(source)}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.`,
    )
  }
  checkDots(source)
  if (source.startsWith('runs:')) {
    const [, named] = /^runs:\/([^/]+)(?:\/|$)/.exec(source) ?? []
    if (named !== undefined && named === run) return
    throw unidentified(source, 'run_id')
  }
  if (loggedModelIn(source) !== undefined) throw unidentified(source, 'model_id')
  if (isProxied(source) && (root === undefined || !isWithin(source, root))) throw unidentified(source, 'run_id')
}

/** The registered version that `models:/<name>/<version>`, `/<stage>`, `/latest` or `@<alias>` names; undefined for another source. */
function registeredSource({ services, project }: ClientCall, source: string): ModelVersion | undefined {
  const path = /^models:\/+(.+)$/s.exec(source)?.[1]
  if (path === undefined) return undefined
  const [name = '', suffix, ...rest] = path.split('/')
  if (rest.length > 0 || name.trim() === '' || suffix?.trim() === '') throw unidentified(source, 'model_id')
  const { registry } = services
  if (suffix === undefined) {
    const at = name.lastIndexOf('@')
    return at < 0 ? undefined : registry.versionByAlias(project, name.slice(0, at), name.slice(at + 1))
  }
  if (/^\d+$/.test(suffix)) {
    registry.model(project, name)
    return registry.version(project, name, suffix)
  }
  if (suffix.toLowerCase() === 'latest') return registry.versionByAlias(project, name, 'latest')
  const stage = stageOf(suffix)
  const newest = registry.model(project, name).latest.find((version) => version.stage === stage)
  if (newest === undefined)
    throw new AppError('not_found', `No versions of model with name '${name}' and stage '${suffix}' found`)
  return newest
}

function loggedModelIn(source: string): string | undefined {
  return /^models:\/+([^/@]+)$/.exec(source)?.[1]
}

function isLocal(source: string): boolean {
  return !PLAIN.test(source) || source.startsWith('file:')
}

function localPath(source: string): string {
  return unquoted(source.replace(/^file:(?:\/\/[^/]*)?/, ''))
}

/** True for addresses that this server, or another MLflow server, stands before. */
function isProxied(source: string): boolean {
  return (
    /^mlflow-artifacts:/i.test(source) ||
    /^https?:\/\/[^?]*\/api\/2\.0\/mlflow-artifacts\/artifacts(?:\/|$)/i.test(source)
  )
}

function isWithin(source: string, root: string): boolean {
  const [given, outer] = [partsOf(source), partsOf(root)]
  return (
    given.scheme === outer.scheme &&
    outer.parts.length > 0 &&
    !given.parts.includes('..') &&
    outer.parts.every((part, index) => part === given.parts[index])
  )
}

function partsOf(address: string): { readonly scheme: string; readonly parts: readonly string[] } {
  const [, scheme = 'file', host = '', path = ''] =
    /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/]*))?(.*)$/s.exec(address) ?? []
  return {
    scheme: `${scheme.toLowerCase()}//${host.toLowerCase()}`,
    parts: path.split('/').flatMap((part) => (part === '' || part === '.' ? [] : [unquoted(part)])),
  }
}

/** A path with `..`, `.` or a zero byte in it, however often it is quoted, would lead elsewhere. */
function checkDots(source: string): void {
  const plain = unquoted(source)
  const path = plain.replace(/^[a-zA-Z][\w+.-]*:(?:\/\/[^/]*)?/, '')
  if (!plain.includes('\0') && !plain.split('/').includes('..') && !path.split('/').includes('.')) return
  throw invalid(
    `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.`,
  )
}

function unquoted(text: string): string {
  for (let round = 0; round < 10; round++) {
    let next: string
    try {
      next = decodeURIComponent(text)
    } catch {
      return text
    }
    if (next === text) return text
    text = next
  }
  return text
}

function unidentified(source: string, field: 'run_id' | 'model_id'): MlflowError {
  return invalid(
    `Invalid model version source: '${source}'. The ${field} request parameter must identify the resource that contains the source.`,
  )
}
