/** A logged model as stored: MLflow 3's, made by `log_model`. Times are milliseconds since 1970. */
export type LoggedModelRecord = {
  /** `m-` and 32 hexadecimal digits. */
  readonly id: string
  /** The experiment's id. */
  readonly experiment: string
  readonly name: string
  readonly type: string | null
  readonly status: 'pending' | 'ready' | 'failed'
  readonly statusMessage: string | null
  /** The id of the run that logged it. */
  readonly sourceRun: string | null
  readonly lifecycle: 'active' | 'deleted'
  readonly artifactLocation: string
  readonly createdAt: number
  readonly updatedAt: number
}

export type Pair = { readonly key: string; readonly value: string }

/** A value that a model was measured at, perhaps on a dataset. */
export type ModelMetric = {
  readonly key: string
  readonly value: number
  readonly time: number
  readonly step: number
  /** By how much its step and its time are more than these doubles: where those are beyond 2^53. */
  readonly rest?: { readonly step: number; readonly time: number }
  /** The id of the run that measured it. */
  readonly run: string
  readonly datasetName: string | null
  readonly datasetDigest: string | null
}

/** A logged model with all that hangs on it. */
export type LoggedModelBundle = {
  readonly model: LoggedModelRecord
  readonly params: readonly Pair[]
  readonly tags: readonly Pair[]
  readonly metrics: readonly ModelMetric[]
}
