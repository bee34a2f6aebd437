import { z } from 'zod'
import { canonicalWhole, restOf } from '#shared/lib/whole-number.ts'

/** What is read of MLflow's answers. Numbers of 64 bits come as numbers or as words, unset fields do not come at all. */
const Integer = z.union([
  z.number(),
  z.bigint().transform(Number),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
])
/** One that is kept in all its digits: a bigint beyond 2^53. */
const Whole = z.union([
  z.number(),
  z.bigint(),
  z
    .string()
    .regex(/^-?\d{1,40}$/)
    .transform((digits) => (Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits))),
])
const Double = z.union([
  z.number(),
  z.bigint().transform(Number),
  z
    .string()
    .regex(/^-?(NaN|Infinity)$/)
    .transform(Number),
])
const Id = z.union([z.string(), z.number().int().transform(String), z.bigint().transform(String)])
const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? null)
/** When a run began or ended, in all its digits. */
const RunTime = Whole.nullish().transform((time) =>
  time === null || time === undefined ? null : (canonicalWhole(time) ?? null),
)
const Step = Whole.default(0).transform((step) => canonicalWhole(step) ?? 0)
const Time = Integer.nullish().transform((time) => (time === null || time === undefined || time < 0 ? null : time))

export const WireTag = z.object({ key: z.string(), value: z.string().default('') })
const Tags = z
  .array(WireTag)
  .nullish()
  .transform((tags) => tags ?? [])

export const WireMetric = z.object({
  key: z.string(),
  value: Double.default(0),
  timestamp: Whole.default(0),
  step: Whole.default(0),
  run_id: Text,
  dataset_name: Text,
  dataset_digest: Text,
})

/** A step or time as a double, and what it is more; 0 beyond int64. */
export const nearOf = (whole: number | bigint): number => Number(whole)
export const moreOf = (whole: number | bigint): number =>
  typeof whole === 'number' ? 0 : restOf(String(whole), Number(whole))

export const WireExperiment = z.object({
  experiment_id: Id,
  name: z.string(),
  artifact_location: Text,
  lifecycle_stage: Text,
  creation_time: Time,
  last_update_time: Time,
  tags: Tags,
})

export const WireRun = z.object({
  info: z.object({
    run_id: Text,
    run_uuid: Text,
    run_name: Text,
    name: Text,
    experiment_id: Id,
    user_id: Text,
    status: Text,
    start_time: RunTime,
    end_time: RunTime,
    artifact_uri: Text,
    lifecycle_stage: Text,
  }),
  data: z
    .object({
      metrics: z.array(WireMetric).default([]),
      params: z.array(WireTag).default([]),
      tags: z.array(WireTag).default([]),
    })
    .default({ metrics: [], params: [], tags: [] }),
  inputs: z
    .object({
      dataset_inputs: z
        .array(
          z.object({
            dataset: z.object({
              name: z.string(),
              digest: z.string().default(''),
              source_type: z.string().default(''),
              source: z.string().default(''),
              schema: Text,
              profile: Text,
            }),
            tags: Tags,
          }),
        )
        .default([]),
      model_inputs: z.array(z.object({ model_id: z.string() })).default([]),
    })
    .default({ dataset_inputs: [], model_inputs: [] }),
  outputs: z
    .object({ model_outputs: z.array(z.object({ model_id: z.string(), step: Step })).default([]) })
    .default({ model_outputs: [] }),
})
export type WireRun = z.infer<typeof WireRun>

export const WireModel = z.object({
  info: z.object({
    model_id: z.string(),
    experiment_id: Id,
    name: z.string(),
    creation_timestamp_ms: Time,
    last_updated_timestamp_ms: Time,
    artifact_uri: Text,
    status: z.union([z.string(), z.number()]).nullish(),
    model_type: Text,
    source_run_id: Text,
    status_message: Text,
    tags: Tags,
  }),
  data: z.object({ params: Tags, metrics: z.array(WireMetric).default([]) }).default({ params: [], metrics: [] }),
})
export type WireModel = z.infer<typeof WireModel>

export const WireRegistered = z.object({
  name: z.string().min(1),
  description: Text,
  creation_timestamp: Time,
  last_updated_timestamp: Time,
  tags: Tags,
  aliases: z
    .array(z.object({ alias: z.string(), version: Integer }))
    .nullish()
    .transform((aliases) => aliases ?? []),
})

export const WireVersion = z.object({
  name: z.string(),
  version: Integer,
  description: Text,
  current_stage: Text,
  source: Text,
  run_id: Text,
  run_link: Text,
  model_id: Text,
  user_id: Text,
  creation_timestamp: Time,
  last_updated_timestamp: Time,
  tags: Tags,
})
export type WireVersion = z.infer<typeof WireVersion>

export const WireFile = z.object({ path: z.string().min(1), is_dir: z.boolean().default(false), file_size: Time })
