import { z } from 'zod'
import { wholeJson } from '#shared/lib/whole-json.ts'

/** The records of benchtop.py: see resources/python/SPOOL.md. Fields that we don't know are passed over. */

const NUMBER = z.union([
  z.number(),
  z.bigint().transform(Number),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((text) => (text === 'NaN' ? NaN : Number(text))),
])

/** Absent and null are one. */
const orNull = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? null)

const Base = z.object({
  run: z.string(),
  seq: z.number().int().min(0),
  time: z.union([z.number(), z.bigint().transform(Number)]),
})

const Process = z.object({
  pid: z.number().int(),
  started_ticks: orNull(z.number()),
  boot: orNull(z.string()),
  pid_namespace: orNull(z.string()),
  host: orNull(z.string()),
})
export type SpoolProcess = z.infer<typeof Process>

const Init = Base.extend({
  kind: z.literal('init'),
  format: z.number().int(),
  project: orNull(z.object({ selector: orNull(z.string()), folder: orNull(z.string()) })),
  experiment: orNull(z.string()),
  name: orNull(z.string()),
  launch: orNull(z.string()),
  process: Process,
  rank: orNull(z.record(z.string(), z.unknown())),
  cwd: orNull(z.string()),
  argv: orNull(z.array(z.string())),
  script: orNull(z.string()),
  notebook: orNull(z.string()),
  python: orNull(z.object({ executable: orNull(z.string()) })),
})
export type SpoolInit = z.infer<typeof Init>

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()])

const Known = z.discriminatedUnion('kind', [
  Init,
  Base.extend({ kind: z.literal('params'), values: z.record(z.string(), Value) }),
  Base.extend({ kind: z.literal('tags'), values: z.record(z.string(), z.string()) }),
  Base.extend({
    kind: z.literal('metrics'),
    step: z.union([z.number(), z.bigint()]),
    values: z.record(z.string(), NUMBER),
  }),
  Base.extend({ kind: z.literal('artifact'), name: z.string().min(1), file: z.string().regex(/^\w{1,32}$/) }),
  Base.extend({
    kind: z.literal('finish'),
    status: z.enum(['finished', 'failed', 'killed']),
    reason: orNull(z.string()),
    error: orNull(z.string()),
    dropped: orNull(z.number()),
  }),
])
export type SpoolRecord = z.infer<typeof Known>

/** A step that a double may round. */
const LONG = /"step":\s*-?\d{16}/

/**
 * A line's record; undefined for a line that is damaged, or of a kind that a later client has. A step beyond 2^53 is a bigint.
 */
export function parseRecord(line: string): SpoolRecord | undefined {
  try {
    const record = Known.safeParse(JSON.parse(line)).data
    return record?.kind === 'metrics' && LONG.test(line) ? (Known.safeParse(wholeJson(line)).data ?? record) : record
  } catch {
    return undefined
  }
}
