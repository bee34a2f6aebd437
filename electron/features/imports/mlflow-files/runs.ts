import { join } from 'node:path'
import type { RunStatus } from '#shared/contract/common.ts'
import type { SourceRun } from '../source.ts'
import { type ExperimentFolder, RESERVED } from './experiments.ts'
import { exactOf, integerOf, textOf, timeOf, wordOf } from './fields.ts'
import { entriesOf, named, type Place, readText, skip } from './files.ts'
import { fingerprintOf } from './keyed-files.ts'
import type { Meta } from './meta.ts'
import { readMeta } from './read-meta.ts'

/** A run without its fingerprint, where it lies, and where its record says its files are. */
export type RunFolder = {
  readonly about: Omit<SourceRun, 'fingerprint'>
  readonly path: string
  readonly artifacts: string | null
}

const ID = /^[a-zA-Z0-9][\w-]{0,255}$/
const STATUS: Readonly<Record<string, RunStatus>> = {
  1: 'running',
  2: 'queued',
  3: 'finished',
  4: 'failed',
  5: 'killed',
  RUNNING: 'running',
  SCHEDULED: 'queued',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
}
/** Folders of a run whose files are its own. */
const PARTS = ['params', 'metrics', 'tags', 'inputs', 'outputs']

/** The runs of an experiment by their start, then by id; those without one last. With `only`, of these ids alone. */
export function readRuns(place: Place, experiment: ExperimentFolder, only?: ReadonlySet<string>): readonly RunFolder[] {
  const runs: RunFolder[] = []
  for (const { name, path, kind } of entriesOf(place, experiment.path, 'folders')) {
    if (kind === 'file' || RESERVED.has(name) || (only !== undefined && !only.has(name))) continue
    const run = readRun(place, experiment, name, path)
    if (run !== undefined) runs.push(run)
  }
  const start = ({ about }: RunFolder): number | bigint => about.startedAt ?? Infinity
  return runs.toSorted((a, b) => ((start(a) === start(b) ? a.about.id < b.about.id : start(a) < start(b)) ? -1 : 1))
}

/** A run's folder; undefined where it is none or can't be read, which is told. */
export function readRun(place: Place, experiment: ExperimentFolder, name: string, path: string): RunFolder | undefined {
  const meta = readMeta(place, path)
  if (meta === undefined) {
    const inside = entriesOf(place, path, 'files').map((entry) => entry.name)
    // Folders of artifacts alone lie there too, where MLflow's server kept them in the same place.
    if (inside.includes('params') && inside.includes('metrics')) skip(place, path, 'this run has no meta.yaml')
    return undefined
  }
  if (meta === 'damaged') return undefined
  const id = wordOf(meta, 'run_id', 'run_uuid')
  if (id === null) return skip(place, path, 'its meta.yaml has no run id: it was cut off, or is still being written')
  // `user_id` is the last field that every MLflow has written: without it the rest may be missing as well.
  if (!meta.has('user_id')) return skip(place, path, 'its meta.yaml was cut off, or is still being written')
  if (id !== name || !ID.test(id)) return skip(place, path, `its meta.yaml is of run ${id}`)
  const owner = textOf(meta, 'experiment_id')
  if (owner !== experiment.about.id) return skip(place, path, `its meta.yaml is of experiment ${owner ?? 'none'}`)
  const trashed = experiment.about.deleted
  const deleted = trashed || textOf(meta, 'lifecycle_stage') === 'deleted'
  const about: RunFolder['about'] = {
    id,
    experiment: experiment.about.id,
    name: wordOf(meta, 'run_name', 'name') ?? (readText(place, join(path, 'tags', 'mlflow.runName'), 1 << 16) || null),
    status: statusOf(place, path, meta),
    deleted,
    deletedAt: deleted ? (timeOf(meta, 'deleted_time') ?? (trashed ? experiment.about.updatedAt : null)) : null,
    startedAt: exactOf(meta, 'start_time'),
    endedAt: exactOf(meta, 'end_time'),
    user: wordOf(meta, 'user_id'),
  }
  return { about, path, artifacts: wordOf(meta, 'artifact_uri') }
}

function statusOf(place: Place, path: string, meta: Meta): RunStatus {
  const word = textOf(meta, 'status')
  // MLflow takes a run without one as running.
  if (word === null) return 'running'
  const status = STATUS[word]
  if (status !== undefined) return status
  const over = integerOf(meta, 'end_time') !== null
  place.notice({ kind: 'changed', what: named(place, path), why: `its status “${word}” is none of MLflow's` })
  return over ? 'finished' : 'running'
}

export function withFingerprint(place: Place, { path, about }: RunFolder): SourceRun {
  const state = about.deleted ? 'deleted' : 'active'
  // Times of 64 bits did not come whole always: such runs are read once more.
  const isExact = typeof about.startedAt === 'bigint' || typeof about.endedAt === 'bigint'
  return { ...about, fingerprint: fingerprintOf(place, path, PARTS, isExact ? `${state}, exact` : state) }
}
