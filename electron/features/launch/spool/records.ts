import { z } from 'zod'

/** The records of benchtop.py: see resources/python/SPOOL.md. Fields that we don't know are passed over. */

const NUMBER = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((text) => (text === 'NaN' ? NaN : Number(text))),
])

const Base = z.object({ run: z.string(), seq: z.number().int().min(0), time: z.number() })

const Process = z.object({
  pid: z.number().int(),
  started_ticks: z.number().nullish(),
  boot: z.string().nullish(),
  pid_namespace: z.string().nullish(),
  host: z.string().nullish(),
})
export type SpoolProcess = z.infer<typeof Process>

const Init = Base.extend({
  kind: z.literal('init'),
  format: z.number().int(),
  project: z.object({ selector: z.string().nullish(), folder: z.string().nullish() }).nullish(),
  experiment: z.string().nullish(),
  name: z.string().nullish(),
  launch: z.string().nullish(),
  process: Process,
  rank: z.record(z.string(), z.unknown()).nullish(),
  cwd: z.string().nullish(),
  argv: z.array(z.string()).nullish(),
  script: z.string().nullish(),
  notebook: z.string().nullish(),
  python: z.object({ executable: z.string().nullish() }).nullish(),
})
export type SpoolInit = z.infer<typeof Init>

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()])

const Known = z.discriminatedUnion('kind', [
  Init,
  Base.extend({ kind: z.literal('params'), values: z.record(z.string(), Value) }),
  Base.extend({ kind: z.literal('tags'), values: z.record(z.string(), z.string()) }),
  Base.extend({ kind: z.literal('metrics'), step: z.number(), values: z.record(z.string(), NUMBER) }),
  Base.extend({ kind: z.literal('artifact'), name: z.string().min(1), file: z.string().regex(/^\w{1,32}$/) }),
  Base.extend({
    kind: z.literal('finish'),
    status: z.enum(['finished', 'failed', 'killed']),
    reason: z.string().nullish(),
    error: z.string().nullish(),
    dropped: z.number().nullish(),
  }),
])
export type SpoolRecord = z.infer<typeof Known>

/** A line's record; undefined for a line that is damaged, or of a kind that a later client has. */
export function parseRecord(line: string): SpoolRecord | undefined {
  try {
    return Known.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
