import type { Change, ParamOrigin, SeriesOrigin } from '#shared/contract/common.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { ExperimentRecord } from './experiment-queries.ts'
import {
  ensureExperiment,
  insertExperiment,
  type NewExperiment,
  removeExperimentTag,
  renameExperiment,
  setExperimentLifecycle,
  setExperimentTags,
} from './experiment-writes.ts'
import {
  type NewDatasetUse,
  type NewWrittenFile,
  putDatasets,
  putDiff,
  putFact,
  putWrittenFiles,
} from './fact-writes.ts'
import type { Fact, FactKind } from './facts.ts'
import { batchOf, type MetricPoint } from './metric-points.ts'
import type { Tag } from './queries.ts'
import type { RunChange, RunRecord } from './records.ts'
import {
  activeRun,
  changeRun,
  insertRun,
  type NewRun,
  type ParamEntry,
  putParams,
  removeRunTag,
  setRunTags,
  type Touch,
} from './run-writes.ts'

/** What can be written inside one write: see the functions of the same names of RunsService. All of it lands, or none. */
export type RunWrites = {
  readonly createRun: (run: NewRun) => RunRecord
  readonly updateRun: (id: string, change: RunChange) => RunRecord
  readonly logParams: (
    id: string,
    entries: readonly ParamEntry[],
    origin: ParamOrigin,
    source: string | null,
    inBatch?: boolean,
  ) => void
  readonly setTags: (id: string, tags: readonly Tag[]) => void
  readonly deleteTag: (id: string, key: string) => void
  readonly logMetrics: (id: string, points: readonly MetricPoint[], origin?: SeriesOrigin) => void
  readonly setFact: <Kind extends FactKind>(id: string, kind: Kind, value: Fact<Kind> | null) => void
  readonly setDiff: (id: string, diff: string | null) => void
  readonly setWrittenFiles: (id: string, files: readonly NewWrittenFile[]) => void
  readonly recordDatasets: (id: string, datasets: readonly NewDatasetUse[]) => void
  readonly createExperiment: (experiment: NewExperiment) => ExperimentRecord
  readonly ensureExperiment: (name: string) => ExperimentRecord
  readonly renameExperiment: (id: string, name: string) => void
  readonly setExperimentLifecycle: (id: string, lifecycle: ExperimentRecord['lifecycle']) => void
  readonly setExperimentTags: (id: string, tags: readonly Tag[]) => void
  readonly deleteExperimentTag: (id: string, key: string) => void
  /** Says that something changed that was written by other means. */
  readonly touch: Touch
}

/** The functions for one write, called from inside it. What they touch is told once the write is on disk. */
export function createWrites(project: ProjectContext, makeName: () => string): RunWrites {
  const touched = new Map<Change['entity'], Set<string>>()
  const tell = (): void => {
    for (const [entity, ids] of touched) project.changed({ project: project.id, entity, ids: [...ids] })
  }
  const touch: Touch = (entity, id) => {
    if (touched.size === 0) project.commits.afterCommit(tell)
    const ids = touched.get(entity) ?? new Set<string>()
    touched.set(entity, ids.add(id))
  }
  return {
    createRun: (run) => insertRun(project, run, makeName, touch),
    updateRun: (id, change) => changeRun(project, id, change, touch),
    logParams: (id, entries, origin, source, inBatch) =>
      putParams(project, id, entries, origin, source, touch, inBatch),
    setTags: (id, tags) => setRunTags(project, id, tags, touch),
    deleteTag: (id, key) => removeRunTag(project, id, key, touch),
    logMetrics: (id, points, origin = 'logged') => {
      project.metrics.write(batchOf(project, activeRun(project, id).number, points, origin))
      touch('metric', id)
    },
    setFact: (id, kind, value) => putFact(project, id, kind, value, touch),
    setDiff: (id, diff) => putDiff(project, id, diff, touch),
    setWrittenFiles: (id, files) => putWrittenFiles(project, id, files, touch),
    recordDatasets: (id, datasets) => putDatasets(project, id, datasets, touch),
    createExperiment: (experiment) => insertExperiment(project, experiment, touch),
    ensureExperiment: (name) => ensureExperiment(project, name, touch),
    renameExperiment: (id, name) => renameExperiment(project, id, name, touch),
    setExperimentLifecycle: (id, lifecycle) => setExperimentLifecycle(project, id, lifecycle, touch),
    setExperimentTags: (id, tags) => setExperimentTags(project, id, tags, touch),
    deleteExperimentTag: (id, key) => removeExperimentTag(project, id, key, touch),
    touch,
  }
}
