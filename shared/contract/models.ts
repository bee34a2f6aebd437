import { z } from 'zod'
import { mutation, query } from '../rpc/procedure.ts'
import { LoggedNumber, ProjectId, RunId, Time, UndoableChange } from './common.ts'
import { FilePlace } from './artifacts.ts'
import { Lifecycle } from './runs.ts'

export const ModelStage = z.enum(['none', 'staging', 'production', 'archived'])
export type ModelStage = z.infer<typeof ModelStage>

export const ModelTag = z.object({ key: z.string(), value: z.string() })
export type ModelTag = z.infer<typeof ModelTag>

/** The run that a version was made by; `lifecycle` null where it is gone for good, and its name and number with it. */
export const SourceRun = z.object({
  id: z.string(),
  name: z.string(),
  number: z.number().int(),
  lifecycle: Lifecycle.nullable(),
})
export type SourceRun = z.infer<typeof SourceRun>

/** A registered model as a list shows it. */
export const RegisteredModelRow = z.object({
  name: z.string(),
  description: z.string(),
  tags: z.array(ModelTag).readonly(),
  createdAt: Time,
  updatedAt: Time,
  versions: z.number().int(),
  /** By name. */
  aliases: z.array(z.object({ alias: z.string(), version: z.number().int() })).readonly(),
  /** The newest version in each stage that has one, `none` left out. */
  stages: z.array(z.object({ stage: ModelStage, version: z.number().int() })).readonly(),
  newest: z.object({ version: z.number().int(), createdAt: Time, run: SourceRun.nullable() }).nullable(),
})
export type RegisteredModelRow = z.infer<typeof RegisteredModelRow>

/** A version as a list shows it. */
export const ModelVersionRow = z.object({
  version: z.number().int(),
  stage: ModelStage,
  /** By name. */
  aliases: z.array(z.string()).readonly(),
  description: z.string(),
  tags: z.array(ModelTag).readonly(),
  createdAt: Time,
  updatedAt: Time,
  user: z.string().nullable(),
  run: SourceRun.nullable(),
  /** That of the logged model which it was made from; a version without one has its files when it is made. */
  state: z.enum(['pending', 'ready', 'failed']),
  /** The logged model's flavour, as its client says it. */
  type: z.string().nullable(),
})
export type ModelVersionRow = z.infer<typeof ModelVersionRow>

export const RegisteredModelDetail = RegisteredModelRow.extend({
  /** Newest first. */
  list: z.array(ModelVersionRow).readonly(),
})
export type RegisteredModelDetail = z.infer<typeof RegisteredModelDetail>

export const ModelVersionDetail = ModelVersionRow.extend({
  /** What it was made from, as its client said: `runs:/<run>/model`, `models:/m-...`, `s3://...`. */
  source: z.string(),
  /** Where its files are. */
  location: z.string(),
  /** Its files as `artifacts` finds them; null where they lie in no run and no logged model of the project. */
  files: z
    .object({ place: FilePlace, run: z.string().nullable(), model: z.string().nullable(), path: z.string() })
    .nullable(),
  /** Why the logged model failed. */
  why: z.string().nullable(),
  /** What the logged model was measured at: the latest value of each metric and dataset, by name, and the step that it is of. */
  metrics: z
    .array(z.object({ key: z.string(), value: LoggedNumber, step: z.number(), dataset: z.string().nullable() }))
    .readonly(),
})
export type ModelVersionDetail = z.infer<typeof ModelVersionDetail>

/** A version as the run that it came from shows it. */
export const RunVersion = z.object({
  name: z.string(),
  version: z.number().int(),
  stage: ModelStage,
  /** By name. */
  aliases: z.array(z.string()).readonly(),
  createdAt: Time,
  /** The logged model of the run that it was made from; null where it was made from files. */
  loggedModel: z.string().nullable(),
})
export type RunVersion = z.infer<typeof RunVersion>

const InProject = z.object({ project: ProjectId })
const OfModel = InProject.extend({ name: z.string().min(1).max(1_000) })
const OfVersion = OfModel.extend({ version: z.number().int().min(1) })
/** The model itself, or one of its versions. */
const OfEither = OfModel.extend({ version: z.number().int().min(1).optional() })
const Key = z.string().trim().min(1).max(250)

/** The model registry: what `registered_model_name=` and `mlflow.register_model` fill. Prompts, which lie beside, are left out. */
export const models = {
  /** By name. */
  list: query(InProject, z.array(RegisteredModelRow).readonly()),
  get: query(OfModel, RegisteredModelDetail),
  version: query(OfVersion, ModelVersionDetail),
  /** What was registered from a run, or from a model that it logged: by name, then the newest first. */
  ofRun: query(InProject.extend({ run: RunId }), z.array(RunVersion).readonly()),
  rename: mutation(OfModel.extend({ to: z.string().trim().min(1).max(256) }), UndoableChange, { undoable: true }),
  setDescription: mutation(OfEither.extend({ description: z.string().max(100_000) }), UndoableChange, {
    undoable: true,
  }),
  setTag: mutation(OfEither.extend({ key: Key, value: z.string().max(100_000) }), UndoableChange, { undoable: true }),
  removeTag: mutation(OfEither.extend({ key: z.string() }), UndoableChange, { undoable: true }),
  /** Gives the alias to the version, and takes it from the one that had it. */
  setAlias: mutation(OfVersion.extend({ alias: z.string().trim().max(255) }), UndoableChange, { undoable: true }),
  removeAlias: mutation(OfModel.extend({ alias: z.string() }), UndoableChange, { undoable: true }),
  /** `archiveOthers`: versions that are in the stage now go to the archive; only for `staging` and `production`. */
  setStage: mutation(
    OfVersion.extend({ stage: ModelStage, archiveOthers: z.boolean().default(false) }),
    UndoableChange,
    {
      undoable: true,
    },
  ),
  /** With its aliases; its number is never given again. Its run and its files stay. */
  removeVersion: mutation(OfVersion, UndoableChange, { undoable: true }),
  /** With all versions. Runs and files stay. */
  remove: mutation(OfModel, UndoableChange, { undoable: true }),
}
