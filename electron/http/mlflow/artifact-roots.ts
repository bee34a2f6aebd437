import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { ClientServices } from './services.ts'

type Owner = { readonly experiment: string; readonly id: string }

/** Where clients find the artifacts of runs and models. */
export type ArtifactRoots = {
  readonly run: (run: Owner) => string
  readonly model: (model: Owner) => string
  /** True for what lies behind this server's proxy, rather than where the experiment's maker wanted it. */
  readonly isOurs: (owner: Pick<Owner, 'experiment'>) => boolean
}

/**
 * The roots of a project: behind this server's proxy, unless the experiment was made with a place of its own (`s3://...`, a folder), which the
 * client reads and writes by itself.
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
  return {
    run: ({ experiment, id }) => `${placeOf(experiment) ?? `mlflow-artifacts:/${experiment}`}/${id}/artifacts`,
    model: ({ experiment, id }) => `${placeOf(experiment) ?? `mlflow-artifacts:/${experiment}`}/models/${id}/artifacts`,
    isOurs: ({ experiment }) => placeOf(experiment) === null,
  }
}

function plainPlace(location: string | null): string | null {
  return location === null || location.startsWith('mlflow-artifacts:') ? null : location.replace(/\/+$/, '')
}
