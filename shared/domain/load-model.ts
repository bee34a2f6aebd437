export type ModelToLoad = {
  readonly trackingUri: string
  readonly name: string
  readonly version: number
  readonly aliases: readonly string[]
  /** Where the version's files are. */
  readonly location: string
}

/**
 * What MLflow's client loads a version by: its first alias where it has one, for what is behind it may then change without the script; otherwise its number.
 * A name with a question mark can't be asked for, as the client takes the rest for a query: then where the files are.
 */
export function addressOfModel({ name, version, aliases, location }: Omit<ModelToLoad, 'trackingUri'>): string {
  if (name.includes('?')) return location
  const [alias] = aliases
  return `models:/${name}${alias === undefined ? `/${version}` : `@${alias}`}`
}

/** Python that loads a version into a fresh interpreter: which server it is on, and which model it is. */
export function loadModelSnippet(model: ModelToLoad): string {
  // A JSON text is a Python one too.
  return [
    'import mlflow',
    '',
    `mlflow.set_tracking_uri(${JSON.stringify(model.trackingUri)})`,
    `model = mlflow.pyfunc.load_model(${JSON.stringify(addressOfModel(model))})`,
  ].join('\n')
}
