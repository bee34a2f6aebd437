/** Whose files an address names, and the path in them; empty for all. */
export type FileOwner = { readonly kind: 'run' | 'model'; readonly id: string; readonly path: string }

/** Whose files an `mlflow-artifacts:` address names, and the path in them; undefined for another address. */
export function ownerOfAddress(address: string): FileOwner | undefined {
  const path = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/s.exec(address)?.[1]
  const [, kind, model, run, inside] =
    /^[^/]+\/(?:(models)\/([^/]+)|([^/]+))\/artifacts(?:\/(.*))?$/s.exec(path ?? '') ?? []
  const id = kind === 'models' ? model : run
  if (id === undefined) return undefined
  return { kind: kind === 'models' ? 'model' : 'run', id, path: plain(inside) }
}

/**
 * Whose files a version has, by where they are said to be: `mlflow-artifacts:/...`, `runs:/<run>/<path>` or `models:/<logged model>/<path>`. Undefined for
 * a place that is no run's or logged model's of ours (`s3://...`).
 */
export function ownerOfVersion(location: string): FileOwner | undefined {
  const [, scheme, id, inside] = /^(runs|models):\/+([^/@]+)(?:\/(.*))?$/s.exec(location) ?? []
  if (id === undefined) return ownerOfAddress(location)
  return { kind: scheme === 'runs' ? 'run' : 'model', id, path: plain(inside) }
}

function plain(path: string | undefined): string {
  return (path ?? '').replace(/\/+$/, '')
}
