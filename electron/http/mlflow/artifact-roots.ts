import { rootsOf } from '#electron/features/artifacts/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { ClientServices } from './services.ts'

type Owner = { readonly experiment: string; readonly id: string }

/** Where clients find the artifacts of runs and models. */
export type ArtifactRoots = {
  readonly run: (run: Owner) => string
  readonly model: (model: Owner) => string
  /** True for a root behind this server's proxy, rather than where the experiment's maker wanted it or the files were left. */
  readonly isOurs: (root: string) => boolean
}

/**
 * The roots of a project: behind this server's proxy, unless files lie in a store of their own (`s3://...`) or the experiment was made with a place
 * of its own (`s3://...`, a folder), which the client reads and writes by itself. A folder of this disk that files were left in is behind the proxy.
 */
export function artifactRoots(services: Pick<ClientServices, 'runs'>, project: ProjectContext): ArtifactRoots {
  const places = new Map<string, string | null>()
  const placeOf = (experiment: string): string | null => {
    const known = places.get(experiment)
    if (known !== undefined) return known
    const place = plainPlace(services.runs.getExperiment(project, experiment).artifactLocation)
    places.set(experiment, place)
    return place
  }
  let someElsewhere: boolean | undefined
  const rootOf = (kind: 'run' | 'model', { experiment, id }: Owner): string => {
    const inside = kind === 'run' ? `${id}/artifacts` : `models/${id}/artifacts`
    // Most projects have no such row, and a search asks for the roots of thousands of runs.
    someElsewhere ??= project.db.value<number>('SELECT 1 FROM artifact_root LIMIT 1') === 1
    if (someElsewhere) {
      const { address, reference } = rootsOf(project, { kind, id })
      if (address !== null) return address
      if (reference !== null) return `mlflow-artifacts:/${experiment}/${inside}`
    }
    return `${placeOf(experiment) ?? `mlflow-artifacts:/${experiment}`}/${inside}`
  }
  return {
    run: (run) => rootOf('run', run),
    model: (model) => rootOf('model', model),
    isOurs: (root) => /^mlflow-artifacts:\/(?!\/)/.test(root),
  }
}

function plainPlace(location: string | null): string | null {
  return location === null || location.startsWith('mlflow-artifacts:') ? null : location.replace(/\/+$/, '')
}
