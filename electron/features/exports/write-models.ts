import { isWide, joinWhole } from '#shared/lib/whole-number.ts'
import type { ModelsService } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { datasetId } from './dataset-id.ts'
import { noteLimits } from './mlflow-limits.ts'
import type { MlflowWriter } from './mlflow-writer.ts'
import type { Notes } from './notes.ts'
import type { MlflowRow } from './writer-messages.ts'

/** `LoggedModelStatus` of MLflow's service.proto. */
const STATUS = { pending: 1, ready: 2, failed: 3 } as const

export type ModelWriting = {
  readonly models: ModelsService
  readonly project: ProjectContext
  readonly writer: MlflowWriter
  readonly notes: Notes
  readonly experiments: ReadonlyMap<string, bigint>
  /** Ids of runs that go along. */
  readonly runs: ReadonlySet<string>
}

/** Writes a logged model without its files, as `create_logged_model` and `log_metric` of MLflow's SQL store would have. */
export async function writeModel(writing: ModelWriting, id: string, artifactLocation: string): Promise<void> {
  const { writer, notes, experiments } = writing
  const { model, params, tags, metrics } = writing.models.bundle(writing.project, id, { deleted: true })
  const owner = `model ${model.name} (${id})`
  const experiment = experiments.get(model.experiment) ?? null
  await writer.rows('logged_models', MODEL, [
    [
      id,
      experiment,
      model.name,
      artifactLocation,
      model.createdAt,
      model.updatedAt,
      STATUS[model.status],
      model.lifecycle,
      model.type ?? '',
      model.sourceRun,
      model.statusMessage,
    ],
  ])
  for (const { key, value } of params) noteLimits(notes, owner, "model's parameter", key, value)
  for (const { key, value } of tags) noteLimits(notes, owner, "model's tag", key, value)
  await writer.rows(
    'logged_model_params',
    ['model_id', 'experiment_id', 'param_key', 'param_value'],
    params.map(({ key, value }) => [id, experiment, key, value]),
  )
  await writer.rows(
    'logged_model_tags',
    ['model_id', 'experiment_id', 'tag_key', 'tag_value'],
    tags.map(({ key, value }) => [id, experiment, key, value]),
  )
  const rows: MlflowRow[] = []
  const seen = new Set<string>()
  for (const { key, value, run, datasetName, datasetDigest, ...at } of metrics) {
    const what = `${owner}, metric ${key}`
    const [time, step] = [wholeOf(at.time, at.rest?.time ?? 0), wholeOf(at.step, at.rest?.step ?? 0)]
    const place = JSON.stringify([key, String(time), String(step), run])
    const problem = !writing.runs.has(run)
      ? 'The run that measured it does not go along, so neither does the value.'
      : Number.isNaN(value)
        ? 'It is NaN, which MLflow’s database would turn into 0 for a model: it is left out.'
        : seen.has(place)
          ? 'MLflow keeps one value of a run at a step and time: the first was written.'
          : null
    if (problem !== null) {
      notes.add(what, problem)
      continue
    }
    seen.add(place)
    const clamped = Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value))
    if (clamped !== value)
      notes.add(what, 'It is infinite, and MLflow’s database has no infinities: the largest number stands for it.')
    const dataset =
      datasetName === null || datasetDigest === null ? null : datasetId(model.experiment, datasetName, datasetDigest)
    rows.push([id, key, time, step, clamped, experiment, run, dataset, datasetName, datasetDigest])
  }
  await writer.rows('logged_model_metrics', METRIC, rows)
}

/** As the database takes it. */
function wholeOf(near: number, rest: number): number | bigint {
  return isWide(near) ? joinWhole(near, rest) : near
}

const MODEL = [
  'model_id',
  'experiment_id',
  'name',
  'artifact_location',
  'creation_timestamp_ms',
  'last_updated_timestamp_ms',
  'status',
  'lifecycle_stage',
  'model_type',
  'source_run_id',
  'status_message',
] as const
const METRIC = [
  'model_id',
  'metric_name',
  'metric_timestamp_ms',
  'metric_step',
  'metric_value',
  'experiment_id',
  'run_id',
  'dataset_uuid',
  'dataset_name',
  'dataset_digest',
] as const
