import type { ParamOrigin, SeriesOrigin } from '#shared/contract/common.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { SeriesColumns } from '#electron/features/metrics/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import {
  bundleOf,
  bundleOfNew,
  type DatasetSummary,
  datasetSummaries,
  metricHistory,
  metricStretch,
  type RunBundle,
} from './bundles.ts'
import {
  allExperimentTags,
  type ExperimentRecord,
  experimentTagsOf,
  findExperimentByName,
  listExperiments,
} from './experiment-queries.ts'
import { existingExperiment, type NewExperiment } from './experiment-writes.ts'
import type { NewDatasetUse, NewWrittenFile } from './fact-writes.ts'
import type { Fact, FactKind } from './facts.ts'
import { batchOf, type MetricPoint } from './metric-points.ts'
import { diffOf, factOf, findRun, type Tag } from './queries.ts'
import type { RunChange, RunRecord } from './records.ts'
import { runRows, type RunRows } from './run-rows.ts'
import { existingRun, loggableRun, type NewRun, type ParamEntry } from './run-writes.ts'
import { createWrites, type RunWrites } from './writes.ts'

/**
 * How everything that a run tells or that is found out about it is written. Each function resolves once the write is on disk; it then says what
 * changed. Errors are AppErrors: `not_found` for an unknown run or experiment, `conflict` for what MLflow refuses, in its words.
 */
export type RunsService = {
  /** Several writes as one: all land or none. `work` must not wait. */
  readonly write: <Result>(project: ProjectContext, work: (writes: RunWrites) => Result) => Promise<Result>

  readonly createRun: (project: ProjectContext, run: NewRun) => Promise<RunRecord>
  /** The same with what its client is told of it, which is read before the commit: after it each statement would take the locks of the file anew. */
  readonly createBundle: (project: ProjectContext, run: NewRun) => Promise<RunBundle>
  readonly getRun: (project: ProjectContext, id: string) => RunRecord
  readonly findRun: (project: ProjectContext, id: string) => RunRecord | undefined
  readonly updateRun: (project: ProjectContext, id: string, change: RunChange) => Promise<RunRecord>
  readonly logParams: (
    project: ProjectContext,
    id: string,
    entries: readonly ParamEntry[],
    origin: ParamOrigin,
    source: string | null,
    inBatch?: boolean,
  ) => Promise<void>
  readonly setTags: (project: ProjectContext, id: string, tags: readonly Tag[]) => Promise<void>
  readonly deleteTag: (project: ProjectContext, id: string, key: string) => Promise<void>
  /**
   * Appends points, `logged` ones by default. Resolves when they are on disk. Throws `invalid` for a step or time that is not finite; then none
   * is kept. The same point again is kept once.
   */
  readonly logMetrics: (
    project: ProjectContext,
    id: string,
    points: readonly MetricPoint[],
    origin?: SeriesOrigin,
  ) => Promise<void>
  readonly setFact: <Kind extends FactKind>(
    project: ProjectContext,
    id: string,
    kind: Kind,
    value: Fact<Kind> | null,
  ) => Promise<void>
  readonly getFact: <Kind extends FactKind>(project: ProjectContext, id: string, kind: Kind) => Fact<Kind> | null
  readonly setDiff: (project: ProjectContext, id: string, diff: string | null) => Promise<void>
  readonly getDiff: (project: ProjectContext, id: string) => string | null
  readonly setWrittenFiles: (project: ProjectContext, id: string, files: readonly NewWrittenFile[]) => Promise<void>
  readonly recordDatasets: (project: ProjectContext, id: string, datasets: readonly NewDatasetUse[]) => Promise<void>
  /** Into the trash, also while they train: what MLflow's `delete` does. */
  readonly trash: (project: ProjectContext, ids: readonly string[]) => Promise<void>
  readonly untrash: (project: ProjectContext, ids: readonly string[]) => Promise<void>

  /** A run as MLflow's clients see it. */
  readonly bundle: (project: ProjectContext, id: string) => RunBundle
  /** Runs of experiments, to be searched as MLflow's clients search. */
  readonly rows: (
    project: ProjectContext,
    experiments: readonly string[],
    lifecycle: 'active' | 'deleted' | 'all',
  ) => RunRows
  readonly metricHistory: (project: ProjectContext, id: string, key: string) => SeriesColumns
  readonly metricStretch: typeof metricStretch
  readonly datasetsOf: (project: ProjectContext, experiments: readonly string[]) => readonly DatasetSummary[]

  readonly createExperiment: (project: ProjectContext, experiment: NewExperiment) => Promise<ExperimentRecord>
  /** The experiment of that name: made if it isn't there, restored if it was deleted. */
  readonly ensureExperiment: (project: ProjectContext, name: string) => Promise<ExperimentRecord>
  readonly getExperiment: (project: ProjectContext, id: string) => ExperimentRecord
  /** Deleted ones too. */
  readonly findExperimentByName: (project: ProjectContext, name: string) => ExperimentRecord | undefined
  readonly listExperiments: (project: ProjectContext) => readonly ExperimentRecord[]
  readonly renameExperiment: (project: ProjectContext, id: string, name: string) => Promise<void>
  readonly deleteExperiment: (project: ProjectContext, id: string) => Promise<void>
  readonly restoreExperiment: (project: ProjectContext, id: string) => Promise<void>
  readonly experimentTags: (project: ProjectContext, id: string) => readonly Tag[]
  /** Tags of all experiments in one reading, by experiment; one without tags is not in it. */
  readonly allExperimentTags: (project: ProjectContext) => ReadonlyMap<string, readonly Tag[]>
  readonly setExperimentTags: (project: ProjectContext, id: string, tags: readonly Tag[]) => Promise<void>
  readonly deleteExperimentTag: (project: ProjectContext, id: string, key: string) => Promise<void>
}

/** Numbers that are kept of a project's runs. */
const NUMBERS_KEPT = 10_000

/**
 * `loggableRun` of the runs that log, asked of the database once: while it is not written to, each question takes two locks of its file, which is a
 * tenth of what logging a value costs.
 */
function rememberedNumbers(): typeof loggableRun {
  const projects = new WeakMap<ProjectContext, Map<string, number>>()
  const numbersOf = (project: ProjectContext): Map<string, number> => {
    const known = projects.get(project)
    if (known !== undefined) return known
    const numbers = new Map<string, number>()
    projects.set(project, numbers)
    project.db.onChange('run', ['id', 'number', 'lifecycle'], () => numbers.clear())
    return numbers
  }
  return (project, id) => {
    const numbers = numbersOf(project)
    const known = numbers.get(id)
    if (known !== undefined) return known
    const number = loggableRun(project, id)
    // What a transaction sees may never have been.
    if (project.db.inTransaction()) return number
    if (numbers.size >= NUMBERS_KEPT) numbers.clear()
    numbers.set(id, number)
    return number
  }
}

/** Makes the service; `makeName` names a run that has no name. */
export function createRunsService(makeName: () => string): RunsService {
  const write: RunsService['write'] = async (project, work) => {
    if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
    return project.commits.enqueue(() => work(createWrites(project, makeName)))
  }
  const numberOf = rememberedNumbers()
  const both = (project: ProjectContext, work: (writes: RunWrites) => void): Promise<void> => write(project, work)

  return {
    write,
    createRun: (project, run) => write(project, (writes) => writes.createRun(run)),
    createBundle: (project, run) => write(project, (writes) => bundleOfNew(project, writes.createRun(run))),
    getRun: existingRun,
    findRun: (project, id) => findRun(project.db, id),
    updateRun: (project, id, change) => write(project, (writes) => writes.updateRun(id, change)),
    logParams: (project, id, entries, origin, source, inBatch) =>
      both(project, (writes) => writes.logParams(id, entries, origin, source, inBatch)),
    setTags: (project, id, tags) => both(project, (writes) => writes.setTags(id, tags)),
    deleteTag: (project, id, key) => both(project, (writes) => writes.deleteTag(id, key)),
    logMetrics: async (project, id, points, origin = 'logged') => {
      await project.metrics.append(batchOf(project, numberOf(project, id), points, origin))
      project.changed({ project: project.id, entity: 'metric', ids: [id] })
    },
    setFact: (project, id, kind, value) => both(project, (writes) => writes.setFact(id, kind, value)),
    getFact: (project, id, kind) => factOf(project.db, existingRun(project, id).number, kind),
    setDiff: (project, id, diff) => both(project, (writes) => writes.setDiff(id, diff)),
    getDiff: (project, id) => diffOf(project.db, existingRun(project, id).number),
    setWrittenFiles: (project, id, files) => both(project, (writes) => writes.setWrittenFiles(id, files)),
    recordDatasets: (project, id, datasets) => both(project, (writes) => writes.recordDatasets(id, datasets)),
    trash: (project, ids) =>
      both(project, (writes) => {
        for (const id of ids) writes.updateRun(id, { lifecycle: 'deleted', deletedAt: project.clock.now() })
      }),
    untrash: (project, ids) =>
      both(project, (writes) => {
        for (const id of ids) writes.updateRun(id, { lifecycle: 'active', deletedAt: null })
      }),

    bundle: bundleOf,
    rows: runRows,
    metricHistory,
    metricStretch,
    datasetsOf: (project, experiments) => datasetSummaries(project.db, experiments),

    createExperiment: (project, experiment) => write(project, (writes) => writes.createExperiment(experiment)),
    ensureExperiment: (project, name) => write(project, (writes) => writes.ensureExperiment(name)),
    getExperiment: existingExperiment,
    findExperimentByName: (project, name) => findExperimentByName(project.db, name),
    listExperiments: (project) => listExperiments(project.db),
    renameExperiment: (project, id, name) => both(project, (writes) => writes.renameExperiment(id, name)),
    deleteExperiment: (project, id) => both(project, (writes) => writes.setExperimentLifecycle(id, 'deleted')),
    restoreExperiment: (project, id) => both(project, (writes) => writes.setExperimentLifecycle(id, 'active')),
    experimentTags: (project, id) => experimentTagsOf(project.db, id),
    allExperimentTags: (project) => allExperimentTags(project.db),
    setExperimentTags: (project, id, tags) => both(project, (writes) => writes.setExperimentTags(id, tags)),
    deleteExperimentTag: (project, id, key) => both(project, (writes) => writes.deleteExperimentTag(id, key)),
  }
}
