import { readAddress } from './artifact-address.ts'

/** What of a source is here, and under which experiment. */
export type Here = {
  /** The id of the experiment of a run or a logged model that is here; undefined when it is not. */
  readonly ofRun: (run: string) => string | undefined
  readonly ofModel: (model: string) => string | undefined
}

export type RootedSource = { readonly source: string; readonly storageLocation: string }

const OWNED = /(?:^|\/)(?:models\/(m-[\w-]+)|([a-zA-Z0-9][\w-]*))\/artifacts(?:\/(.*))?$/s

/**
 * Where the files of a model version are now. A path or an address of whoever logged it becomes `runs:/<run>/<path>` or `models:/<model>` when that
 * run or model is here; what lies in a store of its own (`s3://...`) stays.
 *
 * @param source, storageLocation as the source has them.
 */
export function rootedSource(
  given: { readonly source: string; readonly storageLocation: string | null },
  here: Here,
): RootedSource {
  const { source, storageLocation } = given
  if (source.startsWith('runs:')) return { source, storageLocation: source }
  const found = rooted(source, here)
  if (found !== undefined) return found
  const stored = storageLocation === null ? undefined : rooted(storageLocation, here)
  return { source, storageLocation: stored?.storageLocation ?? storageLocation ?? source }
}

function rooted(address: string, here: Here): RootedSource | undefined {
  const named = /^models:\/+(m-[^/@]+)\/?$/.exec(address)?.[1]
  if (named !== undefined) return ofModel(named, here)
  const { kind, readings } = readAddress(address)
  if (kind !== 'local' && kind !== 'served') return undefined
  for (const parts of readings) {
    const match = OWNED.exec(parts.join('/'))
    if (match === null) continue
    const [, model, run, path = ''] = match
    const found = model === undefined ? ofRun(run ?? '', path, here) : path === '' ? ofModel(model, here) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function ofModel(model: string, here: Here): RootedSource | undefined {
  const experiment = here.ofModel(model)
  if (experiment === undefined) return undefined
  return { source: `models:/${model}`, storageLocation: `mlflow-artifacts:/${experiment}/models/${model}/artifacts` }
}

function ofRun(run: string, path: string, here: Here): RootedSource | undefined {
  if (here.ofRun(run) === undefined) return undefined
  const source = path === '' ? `runs:/${run}` : `runs:/${run}/${path}`
  return { source, storageLocation: source }
}
