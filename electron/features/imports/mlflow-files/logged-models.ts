import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { restOf } from '#shared/lib/whole-number.ts'
import type { ModelMetric } from '#electron/features/models/index.ts'
import type { SourceLoggedModel } from '../source.ts'
import type { ArtifactFinder } from './artifacts.ts'
import type { ExperimentFolder } from './experiments.ts'
import { textOf, timeOf, wordOf } from './fields.ts'
import { entriesOf, type Place, readText, skip } from './files.ts'
import { fingerprintOf, keyedFiles, keyedValues } from './keyed-files.ts'
import { pythonNumber } from './metric-lines.ts'
import { readMeta } from './read-meta.ts'

const STATUS: Readonly<Record<string, SourceLoggedModel['status']>> = {
  1: 'pending',
  2: 'ready',
  3: 'failed',
  PENDING: 'pending',
  READY: 'ready',
  FAILED: 'failed',
}
const PARTS = ['params', 'metrics', 'tags']
const LARGEST_METRIC = 64 << 20

/** Paths of an experiment's folders of logged models. */
export function loggedModelFolders(place: Place, experiment: ExperimentFolder): readonly string[] {
  return entriesOf(place, join(experiment.path, 'models'), 'folders').flatMap(({ path, kind }) =>
    kind === 'folder' && lstatSync(join(path, 'meta.yaml'), { throwIfNoEntry: false }) !== undefined ? [path] : [],
  )
}

/** A logged model (MLflow 3); undefined where it can't be read, which is told. */
export function readLoggedModel(
  place: Place,
  finder: ArtifactFinder,
  experiment: ExperimentFolder,
  path: string,
): SourceLoggedModel | undefined {
  const meta = readMeta(place, path)
  if (meta === undefined || meta === 'damaged') return undefined
  const id = wordOf(meta, 'model_id')
  const owner = textOf(meta, 'experiment_id')
  const name = wordOf(meta, 'name')
  if (id === null || name === null || !path.endsWith(id)) return skip(place, path, 'its meta.yaml is not of this model')
  if (owner !== experiment.about.id) return skip(place, path, `its meta.yaml is of experiment ${owner ?? 'none'}`)
  const deleted = experiment.about.deleted || textOf(meta, 'lifecycle_stage') === 'deleted'
  const created = timeOf(meta, 'creation_timestamp') ?? fileTime(path)
  return {
    id,
    experiment: experiment.about.id,
    name,
    type: wordOf(meta, 'model_type'),
    status: STATUS[textOf(meta, 'status') ?? ''] ?? 'ready',
    statusMessage: wordOf(meta, 'status_message'),
    sourceRun: wordOf(meta, 'source_run_id'),
    lifecycle: deleted ? 'deleted' : 'active',
    createdAt: created,
    updatedAt: timeOf(meta, 'last_updated_timestamp') ?? created,
    params: keyedValues(place, join(path, 'params')),
    tags: keyedValues(place, join(path, 'tags')),
    metrics: readModelMetrics(place, path),
    artifacts: finder.find(path, id, wordOf(meta, 'artifact_location')),
    fingerprint: fingerprintOf(place, path, PARTS, deleted ? 'deleted' : 'active'),
  }
}

/** When a meta was last written, for those too old to say it themselves. */
export function fileTime(path: string): number {
  return Math.round(lstatSync(join(path, 'meta.yaml'), { throwIfNoEntry: false })?.mtimeMs ?? 0)
}

/** Lines of `<time> <value> <step> <run> [<dataset> <digest>]`, each once. A dataset's name may have spaces, its digest has none. */
const LINE = /^(\d{1,19}) (\S+) ([+-]?\d{1,19}) (\S+)(?: (.+) (\S+))?$/

function readModelMetrics(place: Place, path: string): readonly ModelMetric[] {
  return keyedFiles(place, join(path, 'metrics')).flatMap((file) => {
    const lines = new Set((readText(place, file.path, LARGEST_METRIC) ?? '').split(/\r?\n/))
    lines.delete('')
    return [...lines].flatMap((line) => {
      const metric = metricOf(file.key, line)
      if (metric === undefined) skip(place, file.path, `a line of it is no point: “${line.slice(0, 60)}”`)
      return metric ?? []
    })
  })
}

function metricOf(key: string, line: string): ModelMetric | undefined {
  const [, time, word, step, run, datasetName, datasetDigest] = LINE.exec(line.trim()) ?? []
  const value = word === undefined ? undefined : pythonNumber(word)
  if (time === undefined || value === undefined || step === undefined || run === undefined) return undefined
  const dataset = { datasetName: datasetName ?? null, datasetDigest: datasetDigest ?? null }
  const metric = { key, value, time: Number(time), step: Number(step), run, ...dataset }
  const rest = { step: restOf(step, metric.step), time: restOf(time, metric.time) }
  return rest.step === 0 && rest.time === 0 ? metric : { ...metric, rest }
}
