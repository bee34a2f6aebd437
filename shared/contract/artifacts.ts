import { z } from 'zod'
import { mutation, query } from '../rpc/procedure.ts'
import { Nothing, ProjectId, RunId, Time } from './common.ts'

/** `artifact`: kept with the run. `written`: a file in the project's folder that the run wrote, listed and not copied. `model`: a logged model's file. */
export const FilePlace = z.enum(['artifact', 'written', 'model'])
export type FilePlace = z.infer<typeof FilePlace>

export const Entry = z.object({
  path: z.string(),
  name: z.string(),
  folder: z.boolean(),
  size: z.number(),
  modifiedAt: Time.nullable(),
})
export type Entry = z.infer<typeof Entry>

export const WrittenFile = z.object({
  path: z.string(),
  size: z.number(),
  modifiedAt: Time,
  /** True when a "keep" rule copied it to the run's artifacts. */
  kept: z.boolean(),
  /** What became of it since. */
  now: z.enum(['same', 'changed', 'gone']),
  overwrittenBy: z.object({ id: RunId, name: z.string() }).nullable(),
})
export type WrittenFile = z.infer<typeof WrittenFile>

/** A place outside of the project that files of a run or a model were left in. `remote`: only its own client reads it. */
export const Elsewhere = z.object({ location: z.string(), state: z.enum(['there', 'gone', 'remote']) })
export type Elsewhere = z.infer<typeof Elsewhere>

const Place = z.object({
  project: ProjectId,
  /** Absent where a logged model's files are meant, whichever run made it: a model may be of none. */
  run: RunId.optional(),
  place: FilePlace.default('artifact'),
  model: z.string().optional(),
})

export const artifacts = {
  /** A folder's entries: of the run's own folder, and of the one that its files were left in. `not_found` where that is gone and there is nothing else. */
  list: query(
    Place.extend({ path: z.string().default('') }),
    z.object({ entries: z.array(Entry).readonly(), truncated: z.boolean(), elsewhere: Elsewhere.optional() }),
  ),
  /** Counts the files below a path, up to 10,000. `folder` is false where the path is a file, and null where nothing is. */
  size: query(
    Place.extend({ path: z.string().default('') }),
    z.object({
      files: z.number().int(),
      bytes: z.number(),
      folder: z.boolean().nullable(),
      truncated: z.boolean(),
      elsewhere: Elsewhere.optional(),
    }),
  ),
  written: query(z.object({ project: ProjectId, run: RunId }), z.array(WrittenFile).readonly()),
  /** Up to `limit` bytes of a file from `offset`. Paths that leave the run's folder are refused with `forbidden`. */
  read: query(
    Place.extend({
      path: z.string(),
      offset: z.number().int().min(0).default(0),
      limit: z
        .number()
        .int()
        .min(0)
        .max(32 << 20)
        .default(4 << 20),
    }),
    z.object({ bytes: z.instanceof(Uint8Array), size: z.number(), mime: z.string() }),
  ),
  /** The file's absolute path on this machine, for "reveal". */
  locate: query(Place.extend({ path: z.string() }), z.object({ path: z.string() })),
  /** Deletes a file or folder for good. `forbidden` for what was left elsewhere: nothing is deleted there. */
  remove: mutation(Place.extend({ path: z.string() }), Nothing),
}
