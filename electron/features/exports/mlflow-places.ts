import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where things lie in the export, once it has its name. Paths are absolute. */
export type MlflowPlaces = {
  readonly experiment: (experiment: string) => string
  readonly run: (experiment: string, run: string) => string
  readonly model: (experiment: string, model: string) => string
}

/** The folders of an export as MLflow lays them out under a local `mlruns`. Ids become names of folders only where they are plain. */
export function placesIn(target: string): MlflowPlaces {
  const experiment = (id: string): string => join(target, 'mlruns', folderName(id))
  return {
    experiment,
    run: (of, run) => join(experiment(of), folderName(run), 'artifacts'),
    model: (of, model) => join(experiment(of), 'models', folderName(model), 'artifacts'),
  }
}

function folderName(id: string): string {
  return /^[\w-][\w.-]*$/.test(id) ? id : encodeURIComponent(id).replaceAll('.', '%2E')
}

/**
 * A path as MLflow's clients read it. They take plain paths, but cut one at `#` as an address (`append_to_uri_path`); then it has to be a
 * `file:` address.
 */
export function addressOfPath(path: string): string {
  return path.includes('#') || process.platform === 'win32' ? pathToFileURL(path).href : path
}
