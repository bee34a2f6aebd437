import type { RunBundle } from '#electron/features/runs/index.ts'
import { rawJson } from '#shared/lib/raw-json.ts'
import { wireDouble } from './fields.ts'
import { mlflowStatus } from './run-status.ts'
import type { ArtifactRoots } from './artifact-roots.ts'
import { wireWhole } from './whole-numbers.ts'

/** RunInfo of MLflow's service.proto. */
export function wireInfo(run: RunBundle['run'], roots: ArtifactRoots): unknown {
  return {
    run_uuid: run.id,
    run_id: run.id,
    run_name: run.name,
    experiment_id: run.experiment,
    user_id: run.user ?? '',
    status: mlflowStatus(run),
    ...(run.startedAt === null ? {} : { start_time: wireWhole(Math.round(run.startedAt), run.rest?.startedAt ?? 0) }),
    ...(run.endedAt === null ? {} : { end_time: wireWhole(Math.round(run.endedAt), run.rest?.endedAt ?? 0) }),
    artifact_uri: roots.run(run),
    lifecycle_stage: run.lifecycle === 'deleted' ? 'deleted' : 'active',
  }
}

/**
 * Run of MLflow's service.proto: the logged namespace only, as the script itself wrote it. `outputs: false` leaves out the models that it
 * made, as the answer to `runs/create` does.
 */
export function wireRun(
  bundle: RunBundle,
  roots: ArtifactRoots,
  options: { readonly outputs?: boolean } = {},
): unknown {
  const { run, params, metrics, tags } = bundle
  return {
    info: wireInfo(run, roots),
    data: {
      ...(metrics.length === 0 ? {} : { metrics: metrics.map(wireMetric) }),
      ...(params.length === 0 ? {} : { params }),
      ...(tags.length === 0 ? {} : { tags }),
    },
    inputs: wireInputs(bundle),
    ...(options.outputs === false ? {} : { outputs: wireOutputs(bundle) }),
  }
}

function wireMetric({ key, value, time, step, rest }: RunBundle['metrics'][number]): unknown {
  return {
    key,
    value: wireDouble(value),
    timestamp: wireWhole(Math.round(time), rest?.time ?? 0),
    step: wireWhole(step, rest?.step ?? 0),
  }
}

function wireInputs({ datasets, models }: RunBundle): unknown {
  const read = models.filter(({ direction }) => direction === 'input')
  return {
    ...(datasets.length === 0 ? {} : { dataset_inputs: datasets.map(wireDataset) }),
    ...(read.length === 0 ? {} : { model_inputs: read.map(({ model }) => ({ model_id: model })) }),
  }
}

function wireOutputs({ models }: RunBundle): unknown {
  const made = models.filter(({ direction }) => direction === 'output')
  return made.length === 0
    ? {}
    : {
        model_outputs: made.map(({ model, step }) => ({
          model_id: model,
          step: typeof step === 'bigint' ? rawJson(String(step)) : step,
        })),
      }
}

function wireDataset(dataset: RunBundle['datasets'][number]): unknown {
  const tags = Object.entries(dataset.tags).map(([key, value]) => ({ key, value }))
  return {
    ...(tags.length === 0 ? {} : { tags }),
    dataset: {
      name: dataset.name,
      digest: dataset.digest,
      source_type: dataset.sourceType,
      source: dataset.source,
      ...(dataset.schema === null ? {} : { schema: dataset.schema }),
      ...(dataset.profile === null ? {} : { profile: dataset.profile }),
    },
  }
}
