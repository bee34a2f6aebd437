import { z } from 'zod'
import { mutation, query, stream } from '../rpc/procedure.ts'
import { Nothing, ProjectId, Time, UndoableChange } from './common.ts'

/** What is taken in: a folder `mlruns`, a database `mlflow.db`, a tracking server's address. */
export const ImportKind = z.enum(['mlflow-files', 'mlflow-database', 'mlflow-server'])
export type ImportKind = z.infer<typeof ImportKind>

/** `copy` makes the project whole by itself; `reference` leaves files where they are and shows them from there. */
export const ImportArtifacts = z.enum(['copy', 'reference'])
export type ImportArtifacts = z.infer<typeof ImportArtifacts>

/** Something that a person should know of what came, or why something did not. */
export const ImportNote = z.object({
  /** `skipped`: it did not come. `changed`: it came otherwise than it stands in the source. `noticed`: it came, and is odd. */
  kind: z.enum(['skipped', 'changed', 'noticed']),
  /** `run 3f2a…`, `experiment churn`, a path inside the source. */
  what: z.string(),
  why: z.string(),
})
export type ImportNote = z.infer<typeof ImportNote>

/** A store that was found, and what taking it in would do. */
export const FoundSource = z.object({
  kind: ImportKind,
  /** The absolute path, or the address. */
  location: z.string(),
  /** How old the format is, in words: `file store with a registry`, `schema 7d34483879f0`, `MLflow 3.17.2`. */
  era: z.string(),
  experiments: z
    .array(z.object({ id: z.string(), name: z.string(), deleted: z.boolean(), runs: z.number().int() }))
    .readonly(),
  runs: z.object({
    /** Not in the project. */
    new: z.number().int(),
    /** In the project, and changed in the source since. */
    changed: z.number().int(),
    /** In the project as they are. */
    known: z.number().int(),
    /** In the project, from elsewhere, and too many to compare beforehand: what is new in them comes. */
    elsewhere: z.number().int(),
    /** In the project's trash: they stay so until restored. */
    inTrash: z.number().int(),
    /** Deleted here for good: they stay so until every source that they came from is forgotten. */
    erased: z.number().int(),
    /** Moved from here to the named projects. */
    moved: z.array(z.object({ project: z.string(), runs: z.number().int() })).readonly(),
  }),
  loggedModels: z.number().int(),
  registeredModels: z.number().int(),
  modelVersions: z.number().int(),
  /** How many of these are in the project as they are there, from whatever source. */
  modelsHere: z.object({
    logged: z.number().int(),
    registered: z.number().int(),
    versions: z.number().int(),
    /** Logged and registered models that were deleted here: they stay so. */
    deleted: z.number().int(),
  }),
  artifacts: z.object({
    files: z.number().int(),
    bytes: z.number(),
    /** Runs and models whose files were not found, neither where the record says nor beside it. */
    missing: z.number().int(),
    /** Runs and models whose files lie elsewhere (`s3://...`): their address is kept. */
    remote: z.number().int(),
    /** False where sizes are known only once files come: a server's. */
    counted: z.boolean(),
  }),
  /** The source that it was taken in as before, if it was. */
  source: z.number().int().nullable(),
  notes: z.array(ImportNote).readonly(),
})
export type FoundSource = z.infer<typeof FoundSource>

export const ImportPlan = z.object({
  location: z.string(),
  sources: z.array(FoundSource).readonly(),
  /** What can't be taken in, and why: all of it, or the stores that stand beside `sources`. Null when there is nothing of that kind. */
  problem: z.string().nullable(),
  /** Of the disk that holds the project; null where it can't be told. */
  freeBytes: z.number().nullable(),
})
export type ImportPlan = z.infer<typeof ImportPlan>

export const ImportProgress = z.object({
  phase: z.enum(['looking', 'runs', 'artifacts', 'models']),
  /** What is being read: a run's name, a path. */
  current: z.string(),
  done: z.number().int(),
  /** Null while it is not known. */
  total: z.number().int().nullable(),
  points: z.number(),
  bytes: z.number(),
})
export type ImportProgress = z.infer<typeof ImportProgress>

/** What came with one import of one source. */
export const ImportReport = z.object({
  startedAt: Time,
  endedAt: Time,
  outcome: z.enum(['done', 'cancelled', 'failed']),
  /** Why it failed. What had come until then stays, and importing again goes on from there. */
  problem: z.string().nullable(),
  came: z.object({
    experiments: z.number().int(),
    /** Experiments that were here, and were renamed, deleted or restored as there. Reports of before have none. */
    updatedExperiments: z.number().int().default(0),
    runs: z.number().int(),
    /** Runs that were here, and got something new. */
    updatedRuns: z.number().int(),
    points: z.number(),
    params: z.number().int(),
    tags: z.number().int(),
    datasets: z.number().int(),
    loggedModels: z.number().int(),
    registeredModels: z.number().int(),
    modelVersions: z.number().int(),
    copiedFiles: z.number().int(),
    copiedBytes: z.number(),
    referencedFolders: z.number().int(),
  }),
  /** Runs that were here already as they are in the source. */
  knownRuns: z.number().int(),
  notes: z.array(ImportNote).readonly(),
  /** Notes beyond those that are kept. */
  moreNotes: z.number().int(),
})
export type ImportReport = z.infer<typeof ImportReport>

/** A source that the project knows. */
export const ImportedSource = z.object({
  source: z.number().int(),
  kind: ImportKind,
  location: z.string(),
  artifacts: ImportArtifacts,
  /** Whether what is added there comes by itself. */
  watched: z.boolean(),
  addedAt: Time,
  readAt: Time.nullable(),
  /** Runs of the project that came from it. */
  runs: z.number().int(),
  /** Runs and models whose files stay there. */
  referenced: z.number().int(),
  /** Since when it can't be found; null while it is there. */
  missingSince: Time.nullable(),
  report: ImportReport.nullable(),
  /** How many imports from it the history holds. */
  imports: z.number().int(),
  /** A followed source that could not be read: when it is tried again by itself, and how often it failed in a row. Null while all is well. */
  retry: z.object({ at: Time, failures: z.number().int() }).nullable(),
  /** Whether the token that it wants is kept here. */
  tokenKept: z.boolean(),
  /** The import that is under way. */
  job: z.string().nullable(),
})
export type ImportedSource = z.infer<typeof ImportedSource>

/** One import of the past, or what came from a followed source in a row. */
export const ImportRecord = z.object({
  record: z.number().int(),
  source: z.number().int(),
  kind: ImportKind,
  location: z.string(),
  /** It came by itself, in so many rounds: they are added up for at most a day, while they end alike. Null for an import that somebody asked for. */
  rounds: z.number().int().nullable(),
  /** The sum of all rounds, from the begin of the first to the end of the last. */
  report: ImportReport,
})
export type ImportRecord = z.infer<typeof ImportRecord>

const InProject = z.object({ project: ProjectId })
const OfSource = InProject.extend({ source: z.number().int() })
const OfJob = InProject.extend({ job: z.string() })
const Location = z.string().trim().min(1).max(4096)
/** For a server that wants one: sent to it as a bearer token. It is kept while the source is followed, in a file that only the user can read, and never in a project. */
const Token = z.string().max(4096).optional()

/** Where files lie that records name in a place that is not here: the folder that a server was told by `--artifacts-destination`, say. Kept with the source. */
const FilesFolder = z.string().trim().min(1).max(4096).optional()

export const imports = {
  /** Says what an import of a path or an address would bring, and from where; writes nothing. Ends with the plan. */
  inspect: stream(
    InProject.extend({ location: Location, token: Token, filesFolder: FilesFolder }),
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('progress'), progress: ImportProgress }),
      z.object({ type: z.literal('plan'), plan: ImportPlan }),
    ]),
  ),
  /** Begins to take in all stores found at the location, or the named ones of them. It goes on when the caller leaves. */
  start: mutation(
    InProject.extend({
      location: Location,
      only: z.array(z.string()).readonly().optional(),
      artifacts: ImportArtifacts.default('copy'),
      watched: z.boolean().default(false),
      token: Token,
      filesFolder: FilesFolder,
    }),
    z.object({ job: z.string() }),
  ),
  /** Takes a known source in again: what is new there comes. */
  again: mutation(OfSource.extend({ token: Token }), z.object({ job: z.string() })),
  /** How an import goes, at most ten times a second; ends with a report a source. A job that has ended is still told for a while. */
  follow: stream(
    OfJob,
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('progress'), location: z.string(), progress: ImportProgress }),
      z.object({ type: z.literal('report'), location: z.string(), source: z.number().int(), report: ImportReport }),
    ]),
  ),
  /** Stops an import after the piece under way. What has come stays. */
  cancel: mutation(OfJob, Nothing),
  /** The sources that the project knows, newest first. */
  list: query(InProject, z.array(ImportedSource).readonly()),
  /** What came when, newest first; of one source or of all, forgotten ones too. The last forty of each source are kept. */
  history: query(
    InProject.extend({
      source: z.number().int().optional(),
      /** Only what is older than this record. */
      before: z.number().int().optional(),
      limit: z.number().int().min(1).max(200).default(20),
    }),
    z.object({ records: z.array(ImportRecord).readonly(), more: z.boolean() }),
  ),
  /** Begins or ends to follow a source. A server's token is kept while it is followed, and forgotten with the end of it. */
  setWatched: mutation(OfSource.extend({ watched: z.boolean(), token: Token }), Nothing),
  /**
   * Takes the source off the list. Its runs stay; files that were only referenced stay referenced. That runs and registered models of it were deleted here for
   * good is forgotten too: they come again with the next import, unless another source on the list brought them.
   */
  forget: mutation(OfSource, Nothing),
  /**
   * Puts the runs that this source alone brought into the trash, and deletes the registered models and versions that it alone brought and that are as they came. What
   * was changed or added here since stays, and so do the runs that hold the files of versions that stay: `kept` says what, and why.
   */
  takeBack: mutation(
    OfSource,
    UndoableChange.extend({
      runs: z.number().int(),
      registeredModels: z.number().int(),
      /** Those of the deleted models, too. */
      modelVersions: z.number().int(),
      kept: z.array(ImportNote).readonly(),
    }),
    { undoable: true },
  ),
}
