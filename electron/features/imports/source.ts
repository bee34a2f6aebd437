import type { ImportKind, ImportNote } from '#shared/contract/imports.ts'
import type { RunStatus } from '#shared/contract/common.ts'
import type { Rests } from '#electron/features/metrics/index.ts'
import type { LoggedModelRecord, ModelMetric, Pair, Stage } from '#electron/features/models/index.ts'

/** Times are milliseconds since 1970, ids are the source's own. */
export type SourceExperiment = {
  readonly id: string
  readonly name: string
  readonly deleted: boolean
  /** As the source has it: it is kept only where files really lie elsewhere (`s3://...`). */
  readonly artifactLocation: string | null
  readonly createdAt: number | null
  readonly updatedAt: number | null
  readonly tags: readonly Pair[]
}

/** A run without what hangs on it. */
export type SourceRun = {
  readonly id: string
  readonly experiment: string
  readonly name: string | null
  readonly status: RunStatus
  readonly deleted: boolean
  readonly deletedAt: number | null
  /** As `endedAt`, a bigint where a double would round it. */
  readonly startedAt: number | bigint | null
  readonly endedAt: number | bigint | null
  readonly user: string | null
  /** Grows or changes with anything of the run, its artifacts excepted. Two that are equal say that nothing has changed. */
  readonly fingerprint: string
}

/** A metric's points in the order of the source, some perhaps twice. Columns of one length; NaN and infinities as they are. */
export type SourceSeries = {
  readonly key: string
  readonly step: Float64Array
  readonly time: Float64Array
  readonly value: Float64Array
  readonly rest?: Rests
}

export type SourceDataset = {
  readonly name: string
  readonly digest: string
  readonly sourceType: string
  readonly source: string
  readonly schema: string | null
  readonly profile: string | null
  /** Of the use: `mlflow.data.context`. */
  readonly tags: readonly Pair[]
}

/**
 * Where files of a run or a model are. `folder`: on this disk, found. `server`: to be asked for. `remote`: in a store of its own, the address is
 * kept. `missing`: neither where the record says nor where it would be. `none`: the record never had any.
 */
export type SourceArtifacts =
  | { readonly at: 'folder'; readonly path: string }
  | { readonly at: 'server'; readonly files: ServerFiles }
  | { readonly at: 'remote'; readonly address: string }
  | { readonly at: 'missing'; readonly address: string }
  | { readonly at: 'none' }

/** Files behind a server. Paths are relative, with `/`. */
export type ServerFiles = {
  readonly list: (signal: AbortSignal) => AsyncIterable<{ readonly path: string; readonly size: number | null }>
  readonly read: (path: string, signal: AbortSignal) => Promise<ServedBody>
  /** As in `read`, without the file; null also where the server does not tell that alone. */
  readonly lastModified: (path: string, signal: AbortSignal) => Promise<string | null>
}

/** A file as it comes. `lastModified`: in the server's words when it was changed; null where it does not say so, or fetches it from elsewhere for each asking. */
export type ServedBody = { readonly body: ReadableStream<Uint8Array>; readonly lastModified: string | null }

/** All that hangs on a run. Tags are complete: with `mlflow.runName`, `mlflow.user`, `mlflow.note.content`, `mlflow.parentRunId` where there are. */
export type SourceRunContents = {
  readonly params: readonly Pair[]
  readonly tags: readonly Pair[]
  readonly datasets: readonly SourceDataset[]
  readonly models: readonly {
    readonly model: string
    readonly direction: 'input' | 'output'
    /** A bigint where a double would round it. */
    readonly step: number | bigint
  }[]
  /** One series in memory at a time. */
  readonly series: AsyncIterable<SourceSeries>
  readonly artifacts: SourceArtifacts
}

/** A logged model (`m-...`). Its experiment and run are ids of the source. */
export type SourceLoggedModel = Omit<LoggedModelRecord, 'artifactLocation'> & {
  readonly params: readonly Pair[]
  readonly tags: readonly Pair[]
  readonly metrics: readonly ModelMetric[]
  readonly artifacts: SourceArtifacts
  readonly fingerprint: string
}

export type SourceModelVersion = {
  readonly version: number
  readonly description: string | null
  readonly stage: Stage
  /** As the source has it: `runs:/...`, `models:/m-...`, `mlflow-artifacts:/...`, a path or `file:` address of the machine that logged. */
  readonly source: string
  readonly storageLocation: string | null
  readonly run: string | null
  readonly runLink: string
  readonly loggedModel: string | null
  readonly user: string | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly tags: readonly Pair[]
}

export type SourceRegisteredModel = {
  readonly name: string
  readonly description: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly tags: readonly Pair[]
  readonly aliases: readonly { readonly alias: string; readonly version: number }[]
  readonly versions: readonly SourceModelVersion[]
}

/** Is told of what is skipped, changed or odd while a source is read. */
export type Notice = (note: ImportNote) => void

/**
 * A store that is open for reading: it is never written to, not even a journal beside it. Everything is parsed when it leaves here: what can't be read
 * is told as a note and left out, never thrown, unless the store as a whole is gone (then the error is an AppError that says so).
 */
export type ImportSource = {
  readonly kind: ImportKind
  readonly location: string
  readonly era: string
  /** Where files are looked for that are not where a record says; none where that is not done. */
  readonly filesFolders?: readonly string[]
  /** Deleted ones too. */
  readonly experiments: (signal: AbortSignal) => Promise<readonly SourceExperiment[]>
  /**
   * Runs of an experiment, deleted ones too, in the order of their start. With `only`, those of these ids alone: what others there are is then not
   * even looked at, where the store allows it.
   */
  readonly runs: (experiment: string, signal: AbortSignal, only?: ReadonlySet<string>) => AsyncIterable<SourceRun>
  readonly contents: (run: SourceRun, signal: AbortSignal) => Promise<SourceRunContents>
  /** The same as in `contents`, for a store that can tell it without reading the rest: asked for every run, known ones too. */
  readonly artifacts?: (run: SourceRun, signal: AbortSignal) => Promise<SourceArtifacts>
  /**
   * For a store whose fingerprints can't see every point: whether a run that had so many points of each metric has others by now. True also where that
   * can't be told without reading all of them.
   */
  readonly hasOtherPoints?: (
    run: SourceRun,
    counts: ReadonlyMap<string, number>,
    signal: AbortSignal,
  ) => Promise<boolean>
  readonly loggedModels: (experiment: string, signal: AbortSignal) => AsyncIterable<SourceLoggedModel>
  /** How many there are, without reading them all. */
  readonly modelCounts: (signal: AbortSignal) => Promise<{
    readonly logged: number
    readonly registered: number
    readonly versions: number
  }>
  readonly registeredModels: (signal: AbortSignal) => AsyncIterable<SourceRegisteredModel>
  readonly close: () => Promise<void>
}
