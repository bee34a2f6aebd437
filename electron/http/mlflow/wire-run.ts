import type { RunStatus } from '#shared/contract/common.ts'
import type { RunBundle } from '#electron/features/runs/index.ts'
import { invalid } from './errors.ts'
import { type Fields, objects, optionalText, text, wireDouble } from './fields.ts'

const TO_MLFLOW: Readonly<Record<RunStatus, string>> = {
  queued: 'SCHEDULED',
  running: 'RUNNING',
  stopping: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  killed: 'KILLED',
  lost: 'KILLED',
}

/** Names and numbers of MLflow's RunStatus. */
const FROM_MLFLOW: Readonly<Record<string, RunStatus>> = {
  RUNNING: 'running',
  SCHEDULED: 'queued',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
  '1': 'running',
  '2': 'queued',
  '3': 'finished',
  '4': 'failed',
  '5': 'killed',
}

/** A status as the client names it; undefined when the request has none. */
export function statusIn(fields: Fields): RunStatus | undefined {
  const value = fields['status']
  if (value === undefined || value === null) return undefined
  const status = FROM_MLFLOW[String(value)]
  if (status === undefined) throw invalid(`Invalid value ${JSON.stringify(value)} for parameter 'status' supplied.`)
  return status
}

/** Where a run's artifacts are for a client: behind this server's proxy. */
export function artifactUri(experiment: string, run: string): string {
  return `mlflow-artifacts:/${experiment}/${run}/artifacts`
}

/** RunInfo of MLflow's service.proto. */
export function wireInfo({ run }: Pick<RunBundle, 'run'>): unknown {
  return {
    run_uuid: run.id,
    run_id: run.id,
    run_name: run.name,
    experiment_id: run.experiment,
    user_id: run.user ?? '',
    status: TO_MLFLOW[run.status],
    ...(run.startedAt === null ? {} : { start_time: Math.round(run.startedAt) }),
    ...(run.endedAt === null ? {} : { end_time: Math.round(run.endedAt) }),
    artifact_uri: artifactUri(run.experiment, run.id),
    lifecycle_stage: run.lifecycle === 'deleted' ? 'deleted' : 'active',
  }
}

/** Run of MLflow's service.proto: the logged namespace only, as the script itself wrote it. */
export function wireRun(bundle: RunBundle): unknown {
  const { run, params, metrics, tags, datasets, models } = bundle
  const inputs = models.filter(({ direction }) => direction === 'input').map(({ model }) => ({ model_id: model }))
  const outputs = models
    .filter(({ direction }) => direction === 'output')
    .map(({ model, step }) => ({ model_id: model, step }))
  return {
    info: wireInfo({ run }),
    data: {
      ...(metrics.length === 0
        ? {}
        : {
            metrics: metrics.map(({ key, value, time, step }) => ({
              key,
              value: wireDouble(value),
              timestamp: Math.round(time),
              step,
            })),
          }),
      ...(params.length === 0 ? {} : { params: params.map(({ key, value }) => ({ key, value })) }),
      ...(tags.length === 0 ? {} : { tags }),
    },
    inputs: {
      ...(datasets.length === 0
        ? {}
        : {
            dataset_inputs: datasets.map((dataset) => ({
              tags: Object.entries(dataset.tags).map(([key, value]) => ({ key, value })),
              dataset: {
                name: dataset.name,
                digest: dataset.digest,
                source_type: dataset.sourceType,
                source: dataset.source,
                ...(dataset.schema === null ? {} : { schema: dataset.schema }),
                ...(dataset.profile === null ? {} : { profile: dataset.profile }),
              },
            })),
          }),
      ...(inputs.length === 0 ? {} : { model_inputs: inputs }),
    },
    ...(outputs.length === 0 ? {} : { outputs: { model_outputs: outputs } }),
  }
}

/** A list of `{key, value}`. */
export function tagsIn(fields: Fields, name: string): readonly { readonly key: string; readonly value: string }[] {
  return objects(fields, name).map((tag) => ({ key: text(tag, 'key'), value: optionalText(tag, 'value') ?? '' }))
}
