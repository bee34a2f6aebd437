import { z } from 'zod'
import { mutation, query } from '../rpc/procedure.ts'
import {
  Columns,
  ExperimentId,
  LoggedNumber,
  ParamOrigin,
  ProjectId,
  RunId,
  RunStatus,
  SeriesOrigin,
  Time,
  UndoableChange,
} from './common.ts'

export const Aggregate = z.enum(['last', 'min', 'max', 'best'])
export type Aggregate = z.infer<typeof Aggregate>

/**
 * A column's id: `attribute:started`, `param:lr`, `tag:team`, `metric:val_acc:best`. The key may hold any character; the
 * aggregate is what follows the last colon.
 */
export const ColumnId = z.string().min(3).max(600)
export type ColumnId = z.infer<typeof ColumnId>

export const Column = z.object({
  id: ColumnId,
  kind: z.enum(['attribute', 'param', 'metric', 'tag']),
  key: z.string(),
  /** Runs that have a value. */
  count: z.number().int(),
  numeric: z.boolean(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Up to 20 of its values, the most frequent first; empty for metrics. */
  values: z.array(z.object({ value: z.string(), count: z.number().int() })).readonly(),
  /** Ten counts over min..max; empty when not numeric. */
  histogram: z.array(z.number().int()).readonly(),
})
export type Column = z.infer<typeof Column>

/** A cell: absent, a number (NaN and infinities survive), a text, or a group's mean with its spread. */
export const Cell = z.union([
  z.null(),
  LoggedNumber,
  z.string(),
  z.object({
    mean: LoggedNumber,
    sd: LoggedNumber.nullable(),
    count: z.number().int(),
    varies: z.boolean(),
  }),
])
export type Cell = z.infer<typeof Cell>

export const Lifecycle = z.enum(['active', 'archived', 'deleted'])
export type Lifecycle = z.infer<typeof Lifecycle>

export const RunRow = z.object({
  /** The run's id, or `group:<key>` for a group row. */
  id: z.string(),
  /** The run's number in the project, from 1: its colour and dash for life. A group's is that of its first run. */
  number: z.number().int(),
  name: z.string(),
  status: RunStatus,
  depth: z.number().int(),
  /** Number of runs in the group; 0 for a run. */
  members: z.number().int(),
  done: z.number().int(),
  /** The first 20 runs of a group, for its mean and band; absent for a run. */
  memberIds: z.array(RunId).max(20).readonly().optional(),
  expanded: z.boolean(),
  parent: z.string().nullable(),
  cells: z.array(Cell).readonly(),
})
export type RunRow = z.infer<typeof RunRow>

export const Sort = z.object({ column: ColumnId, direction: z.enum(['asc', 'desc']) })
export type Sort = z.infer<typeof Sort>

export const TableRequest = z.object({
  project: ProjectId,
  /** The filter language of `shared/domain/filter`; empty means all. */
  filter: z.string().max(20_000).default(''),
  sort: z.array(Sort).max(8).readonly().default([]),
  columns: z.array(ColumnId).max(2_000).readonly(),
  /** `seed`: one row for runs that are equal in everything but their seed. */
  group: z.enum(['none', 'seed']).default('none'),
  /** Group rows that stand open. */
  expanded: z.array(z.string()).max(10_000).readonly().default([]),
  lifecycle: Lifecycle.default('active'),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(0).max(1_000).default(100),
})
export type TableRequest = z.input<typeof TableRequest>

export const TablePage = z.object({
  /** Runs of this lifecycle. */
  total: z.number().int(),
  /** Runs that the filter lets through. */
  matched: z.number().int(),
  /** Rows that can be scrolled to: runs, or groups and the runs of open ones. */
  rowCount: z.number().int(),
  groups: z.number().int(),
  offset: z.number().int(),
  rows: z.array(RunRow).readonly(),
  revision: z.number().int(),
})
export type TablePage = z.infer<typeof TablePage>

export const Param = z.object({
  key: z.string(),
  value: z.string(),
  origin: ParamOrigin,
  source: z.string().nullable(),
})
export type Param = z.infer<typeof Param>

export const SeriesSummary = z.object({
  key: z.string(),
  origin: SeriesOrigin,
  count: z.number().int(),
  last: LoggedNumber.nullable(),
  lastStep: z.number().nullable(),
  lastTime: Time.nullable(),
  min: LoggedNumber.nullable(),
  minStep: z.number().nullable(),
  max: LoggedNumber.nullable(),
  maxStep: z.number().nullable(),
})
export type SeriesSummary = z.infer<typeof SeriesSummary>

export const GitFacts = z.object({
  root: z.string(),
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  remote: z.string().nullable(),
  /** Lines added and removed by what was not committed. */
  added: z.number().int(),
  removed: z.number().int(),
  files: z.number().int(),
  untracked: z.array(z.string()).readonly(),
  untrackedCount: z.number().int(),
  /** What was left out, and why: in words, one line each. */
  leftOut: z.array(z.string()).readonly(),
})
export type GitFacts = z.infer<typeof GitFacts>

export const Host = z.object({
  hostname: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.number().int(),
  memory: z.number(),
  gpus: z.array(z.string()).readonly(),
})

export const PythonFacts = z.object({
  version: z.string(),
  implementation: z.string(),
  executable: z.string(),
  packages: z.record(z.string(), z.string()),
})

export const ConfigFile = z.object({ path: z.string(), size: z.number(), artifact: z.string().nullable() })

export const LoggedModel = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string().nullable(),
  status: z.enum(['pending', 'ready', 'failed']),
  createdAt: Time,
  step: z.number().nullable(),
  bytes: z.number().nullable(),
})

export const RunDetail = z.object({
  id: RunId,
  number: z.number().int(),
  name: z.string(),
  project: ProjectId,
  experiment: z.object({ id: ExperimentId, name: z.string() }),
  status: RunStatus,
  lifecycle: Lifecycle,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  user: z.string().nullable(),
  /** How the run came: launched by us, from a terminal, by a client of its own, from the spool of benchtop.py, from another tracker. */
  source: z.enum(['launch', 'terminal', 'client', 'spool', 'import']),
  parent: z.object({ id: RunId, name: z.string() }).nullable(),
  children: z.array(z.object({ id: RunId, name: z.string(), number: z.number().int(), status: RunStatus })).readonly(),
  script: z.string().nullable(),
  command: z.array(z.string()).readonly().nullable(),
  folder: z.string().nullable(),
  exitCode: z.number().int().nullable(),
  exitSignal: z.string().nullable(),
  /** Why it ended as it did, where that is known: "Ended by its own error", "The process vanished". */
  ending: z.string().nullable(),
  attempts: z.number().int(),
  note: z.string(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).readonly(),
  params: z.array(Param).readonly(),
  metrics: z.array(SeriesSummary).readonly(),
  /** Done and total of whatever counts progress in its log or metrics; null when unknown. */
  progress: z.object({ done: z.number(), total: z.number(), unit: z.string() }).nullable(),
  git: GitFacts.nullable(),
  host: Host.nullable(),
  python: PythonFacts.nullable(),
  environment: z.record(z.string(), z.string()).nullable(),
  seeds: z.record(z.string(), z.string()),
  configFiles: z.array(ConfigFile).readonly(),
  models: z.array(LoggedModel).readonly(),
  datasets: z.array(z.object({ name: z.string(), digest: z.string(), context: z.string().nullable() })).readonly(),
  /** Another tracking server that the run logged to, when it did. */
  loggedElsewhere: z.string().nullable(),
  /** Where its files lie: in the project, or where they were left while nothing was added to them here. */
  artifactFolder: z.string(),
})
export type RunDetail = z.infer<typeof RunDetail>

/** What is compared between runs; the comparison itself is in `shared/domain/compare`. */
export const RunFacts = z.object({
  id: RunId,
  number: z.number().int(),
  name: z.string(),
  status: RunStatus,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  params: z.record(z.string(), z.string()),
  metrics: z.array(SeriesSummary).readonly(),
  tags: z.record(z.string(), z.string()),
  packages: z.record(z.string(), z.string()),
  environment: z.record(z.string(), z.string()),
  /** Commit, branch, lines changed, Python version, host: by name. */
  facts: z.record(z.string(), z.string()),
  /** Standard deviation of each metric's last value over runs that differ only in their seed, where there are two or more. */
  seedSpread: z.record(z.string(), z.number()),
})
export type RunFacts = z.infer<typeof RunFacts>

export const CodeDifference = z.object({
  /** A unified diff from the first run's code to the second's, uncommitted changes included; null when it can't be known. */
  diff: z.string().nullable(),
  added: z.number().int(),
  removed: z.number().int(),
  files: z.number().int(),
  why: z.string().nullable(),
})
export type CodeDifference = z.infer<typeof CodeDifference>

export const Changed = z.object({
  previous: z
    .object({ id: RunId, name: z.string(), number: z.number().int(), startedAt: Time.nullable(), status: RunStatus })
    .nullable(),
  params: z.array(z.object({ key: z.string(), before: z.string().nullable(), now: z.string().nullable() })).readonly(),
  sameParams: z.number().int(),
  code: CodeDifference.omit({ diff: true }).nullable(),
  packages: z
    .array(z.object({ name: z.string(), before: z.string().nullable(), now: z.string().nullable() }))
    .readonly(),
  samePackages: z.number().int(),
  /** Data files named in arguments or configuration whose content differs. */
  dataFiles: z.array(z.object({ path: z.string(), what: z.enum(['changed', 'added', 'removed']) })).readonly(),
  sameDataFiles: z.number().int(),
  /** Both runs' values at the latest step that both have. */
  metrics: z
    .array(
      z.object({
        key: z.string(),
        step: z.number(),
        before: LoggedNumber,
        now: LoggedNumber,
        goal: z.enum(['up', 'down', 'neutral']),
      }),
    )
    .readonly(),
})
export type Changed = z.infer<typeof Changed>

const Runs = z.object({ project: ProjectId, runs: z.array(RunId).min(1).max(100_000).readonly() })

export const Experiment = z.object({
  id: ExperimentId,
  name: z.string(),
  runs: z.number().int(),
  createdAt: Time.nullable(),
  lifecycle: z.enum(['active', 'deleted']),
})

export const runs = {
  table: query(TableRequest, TablePage),
  /**
   * Ids of all runs that a filter lets through, in the table's order: for "select all" and exports. With `group: 'seed'` and
   * `groups`, those of these group rows alone.
   */
  ids: query(
    TableRequest.omit({ columns: true, offset: true, limit: true, expanded: true }).extend({
      groups: z.array(z.string().max(100)).max(10_000).readonly().optional(),
    }),
    z.array(RunId).readonly(),
  ),
  columns: query(z.object({ project: ProjectId, lifecycle: Lifecycle.default('active') }), z.array(Column).readonly()),
  /**
   * Two columns' numbers for every matching run, by the runs' numbers: for the scatter. NaN where absent. Who the runs are is asked of `named`, of
   * those that someone points at: ids and names of 100,000 runs are forty times as many bytes.
   */
  scatter: query(
    z.object({ project: ProjectId, filter: z.string().default(''), x: ColumnId, y: ColumnId }),
    z.object({ numbers: Columns, x: Columns, y: Columns }),
  ),
  /** Ids and names of runs by their numbers, in that order; both empty for a run that is gone. */
  named: query(
    z.object({ project: ProjectId, numbers: Columns }),
    z.object({ ids: z.array(z.string()).readonly(), names: z.array(z.string()).readonly() }),
  ),
  get: query(z.object({ project: ProjectId, run: RunId }), RunDetail),
  facts: query(
    z.object({ project: ProjectId, runs: z.array(RunId).min(1).max(50).readonly() }),
    z.array(RunFacts).readonly(),
  ),
  changed: query(z.object({ project: ProjectId, run: RunId }), Changed),
  /** What was not committed when the run started, as a unified diff. */
  uncommitted: query(z.object({ project: ProjectId, run: RunId }), z.object({ diff: z.string().nullable() })),
  codeDifference: query(z.object({ project: ProjectId, from: RunId, to: RunId }), CodeDifference),
  /** Runs by words of their name, id or number, newest first: those of the trash, or all others. */
  find: query(
    z.object({
      project: ProjectId,
      text: z.string().max(500),
      limit: z.number().int().min(1).max(100).default(20),
      trashed: z.boolean().default(false),
    }),
    z
      .array(
        z.object({
          id: RunId,
          name: z.string(),
          number: z.number().int(),
          status: RunStatus,
          startedAt: Time.nullable(),
        }),
      )
      .readonly(),
  ),
  experiments: query(z.object({ project: ProjectId }), z.array(Experiment).readonly()),

  rename: mutation(
    z.object({ project: ProjectId, run: RunId, name: z.string().trim().min(1).max(500) }),
    UndoableChange,
    {
      undoable: true,
    },
  ),
  setNote: mutation(z.object({ project: ProjectId, run: RunId, note: z.string().max(1_000_000) }), UndoableChange, {
    undoable: true,
  }),
  setTag: mutation(
    Runs.extend({ key: z.string().trim().min(1).max(250), value: z.string().max(8_000) }),
    UndoableChange,
    {
      undoable: true,
    },
  ),
  removeTag: mutation(Runs.extend({ key: z.string().min(1).max(250) }), UndoableChange, { undoable: true }),
  /** Moves runs to the experiment of that name, which is made if it isn't there. */
  setExperiment: mutation(Runs.extend({ name: z.string().trim().min(1).max(500) }), UndoableChange, { undoable: true }),
  renameExperiment: mutation(
    z.object({ project: ProjectId, experiment: ExperimentId, name: z.string().trim().min(1).max(500) }),
    UndoableChange,
    { undoable: true },
  ),
  /** Moves runs, their points and files to another project. */
  moveToProject: mutation(Runs.extend({ target: ProjectId }), z.object({ moved: z.number().int() })),
  archive: mutation(Runs, UndoableChange, { undoable: true }),
  unarchive: mutation(Runs, UndoableChange, { undoable: true }),
  /** Puts runs into the trash, from where they vanish after 30 days. Runs that still train are refused with `busy`. */
  remove: mutation(Runs, UndoableChange, { undoable: true }),
  restore: mutation(Runs, UndoableChange, { undoable: true }),
  /** What deleting for good would free. */
  deletionPreview: query(
    Runs,
    z.object({ runs: z.number().int(), points: z.number(), files: z.number().int(), bytes: z.number() }),
  ),
  /** Deletes trashed runs for good, with their points and files. */
  deleteForever: mutation(Runs, z.object({ runs: z.number().int(), bytes: z.number() })),
}
