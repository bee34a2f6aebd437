import { z } from 'zod'
import { mutation, query, stream } from '../rpc/procedure.ts'
import { Nothing, ProjectId, RunId } from './common.ts'

/** `mlflow`: a folder with `mlflow.db` and the artifacts, which `mlflow server --backend-store-uri sqlite:///mlflow.db` opens. */
export const ExportFormat = z.enum(['mlflow'])
export type ExportFormat = z.infer<typeof ExportFormat>

export const ExportPlan = z.object({
  experiments: z.number().int(),
  runs: z.number().int(),
  points: z.number(),
  loggedModels: z.number().int(),
  registeredModels: z.number().int(),
  files: z.number().int(),
  bytes: z.number(),
  /** Of the disk of the target; null where it can't be told. */
  freeBytes: z.number().nullable(),
  /** Why it can't be done: the folder is not empty, can't be written, the disk is too small. */
  problem: z.string().nullable(),
  /** What the other format can't hold, in words. */
  losses: z.array(z.string()).readonly(),
})
export type ExportPlan = z.infer<typeof ExportPlan>

export const ExportReport = z.object({
  target: z.string(),
  experiments: z.number().int(),
  runs: z.number().int(),
  points: z.number(),
  loggedModels: z.number().int(),
  registeredModels: z.number().int(),
  files: z.number().int(),
  bytes: z.number(),
  /** What did not go along, and why: a file that can't be read, a value that the format has no place for. */
  notes: z.array(z.object({ what: z.string(), why: z.string() })).readonly(),
})
export type ExportReport = z.infer<typeof ExportReport>

const Wanted = z.object({
  project: ProjectId,
  format: ExportFormat,
  /** An absolute path; a new folder or an empty one. */
  target: z.string().min(1).max(4096),
  /** All runs that are not in the trash by default. */
  runs: z.array(RunId).readonly().optional(),
  artifacts: z.boolean().default(true),
})

export const exports = {
  /** What an export would write; writes nothing. */
  plan: query(Wanted, ExportPlan),
  /** Begins to write; it goes on when the caller leaves. Half an export is never left under the target's name. */
  start: mutation(Wanted, z.object({ job: z.string() })),
  /** How it goes, at most ten times a second; ends with the report, or throws what went wrong. */
  follow: stream(
    z.object({ project: ProjectId, job: z.string() }),
    z.discriminatedUnion('type', [
      z.object({
        type: z.literal('progress'),
        phase: z.enum(['runs', 'artifacts', 'models']),
        done: z.number().int(),
        total: z.number().int(),
        bytes: z.number(),
      }),
      z.object({ type: z.literal('report'), report: ExportReport }),
    ]),
  ),
  cancel: mutation(z.object({ project: ProjectId, job: z.string() }), Nothing),
}
