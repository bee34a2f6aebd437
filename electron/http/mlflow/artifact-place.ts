import { type ArtifactOwner, type ArtifactRoots, rootsOf } from '#electron/features/artifacts/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { ClientCall } from './call.ts'
import { invalid, missing } from './errors.ts'

/** A file or folder among the artifacts of a run or a logged model, whether it is there or not. */
export type ArtifactPlace = {
  readonly roots: ArtifactRoots
  /** Without `..`, however often it is decoded; a link on the way may still lead out. Empty for the folder of all the artifacts. */
  readonly path: string
}

/** The place of a path in a run. Throws `Invalid path` for one that leads out, and what the run's lookup throws. */
export function runPlace({ services, project }: ClientCall, run: string, path: string): ArtifactPlace {
  const { id } = services.runs.getRun(project, run)
  return placeOf(project, { kind: 'run', id }, path)
}

export function modelPlace({ services, project }: ClientCall, model: string, path: string): ArtifactPlace {
  const found = services.models.find(project, model)
  if (found === undefined) throw missing(`Logged model with ID '${model}' not found.`)
  return placeOf(project, { kind: 'model', id: found.id }, path)
}

/**
 * The place of a path as clients compose it from an `mlflow-artifacts:` root: `<experiment>/<run>/artifacts/<path>` or
 * `<experiment>/models/<model>/artifacts/<path>`. The experiment is for them alone: runs move between experiments, their files stay.
 */
export function proxyPlace(call: ClientCall, path: string): ArtifactPlace {
  checkSafe(path)
  const [, owner, ...rest] = path.split('/')
  const id = owner === 'models' ? rest.shift() : owner
  if (id === undefined || rest.shift() !== 'artifacts') throw invalid('Invalid path')
  return owner === 'models' ? modelPlace(call, id, rest.join('/')) : runPlace(call, id, rest.join('/'))
}

/** The place that an artifact address names: `mlflow-artifacts:/...` as above. Undefined for another kind of address. */
export function addressPlace(call: ClientCall, address: string, path: string): ArtifactPlace | undefined {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/s.exec(address)
  if (match === null) return undefined
  return proxyPlace(call, `${(match[1] ?? '').replace(/\/+$/, '')}/${path}`)
}

function placeOf(project: ProjectContext, owner: ArtifactOwner, path: string): ArtifactPlace {
  checkSafe(path)
  return { roots: rootsOf(project, owner), path }
}

/** Looks further down than the path as it is: `%2e%2e` must not become `..` for whoever decodes again. */
function checkSafe(path: string): void {
  for (let text = path, round = 0; round < 8; round++) {
    if (/(?:^|[/\\])\.\.(?:[/\\]|$)|\0|^\//.test(text)) throw invalid('Invalid path')
    const next = unquoted(text)
    if (next === text) return
    text = next
  }
}

/** A part of an address without its percent signs, or as it is when they are none. */
export function unquoted(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Throws as its lookup does when what the artifacts are of is not there any more. */
export function checkOwner(call: ClientCall, { roots: { owner } }: ArtifactPlace): void {
  if (owner.kind === 'run') runPlace(call, owner.id, '')
  else modelPlace(call, owner.id, '')
}

/** Says that artifacts have changed. */
export function artifactsChanged(project: ProjectContext, { roots: { owner } }: ArtifactPlace): void {
  project.changed(
    owner.kind === 'run'
      ? { project: project.id, entity: 'artifact', ids: [owner.id] }
      : { project: project.id, entity: 'model', ids: [owner.id] },
  )
}
