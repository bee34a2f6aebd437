import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalWhole, wholeOf } from '#shared/lib/whole-number.ts'
import type { Pair } from '#electron/features/models/index.ts'
import type { SourceRun } from './source.ts'

/** Beyond 2^53 a text, which JSON does not round. */
const Time = z
  .union([z.number(), z.string()])
  .nullable()
  .transform((kept) => (typeof kept === 'number' ? canonicalWhole(kept) : wholeOf(kept ?? '')) ?? null)

/** What came with a run last: what a person has changed here since is told from it. Long values are kept as hashes. */
const Came = z.object({
  status: z.string(),
  startedAt: Time,
  endedAt: Time,
  deleted: z.boolean(),
  /** When it was deleted there, and since when it lies in the trash here because of it, which may be later. */
  deletedAt: z.number().nullish(),
  trashedAt: z.number().nullish(),
  tags: z.record(z.string(), z.string()),
})
export type Came = z.infer<typeof Came>

/** What came with a run. */
export function parseCame(text: string | undefined): Came | undefined {
  return parseKept(Came, text)
}

/** What `parseCame` reads. */
export function keptCame(came: Came): string {
  return JSON.stringify(came, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

/** What was kept as JSON. What is damaged is as none: then nothing here is overwritten. */
export function parseKept<T>(kind: z.ZodType<T>, text: string | null | undefined): T | undefined {
  if (text === null || text === undefined) return undefined
  try {
    return kind.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** @param trashedAt Since when it lies in the trash here; null where it does not. */
export function cameOf(run: SourceRun, deleted: boolean, trashedAt: number | null, tags: readonly Pair[]): Came {
  return {
    status: run.status,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    deleted,
    ...(deleted ? { deletedAt: run.deletedAt, trashedAt } : {}),
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, mark(value)])),
  }
}

const LONG = 40

/** A value that is short, or stands for a long one. */
export function mark(value: string): string {
  if (value.length <= LONG) return `=${value}`
  return `#${createHash('sha256').update(value).digest('base64url').slice(0, 22)}`
}

export type TagChange = {
  readonly set: readonly Pair[]
  readonly removed: readonly string[]
  /** Keys that changed in the source, and were changed here too. */
  readonly kept: readonly string[]
}

/**
 * Which tags of a run follow its source: those that are new there, and those that nobody has changed here since they came. A tag that was
 * taken away here stays away.
 */
export function mergeTags(
  here: ReadonlyMap<string, string>,
  there: readonly Pair[],
  came: Readonly<Record<string, string>>,
): TagChange {
  const set: Pair[] = []
  const kept: string[] = []
  for (const { key, value } of there) {
    const own = here.get(key)
    if (own === value) continue
    const before = Object.hasOwn(came, key) ? came[key] : undefined
    const isUntouched = own === undefined ? before === undefined : before === mark(own)
    if (isUntouched) set.push({ key, value })
    else if (before !== mark(value)) kept.push(key)
  }
  const keys = new Set(there.map(({ key }) => key))
  const removed = [...here].flatMap(([key, value]) =>
    !keys.has(key) && Object.hasOwn(came, key) && came[key] === mark(value) ? [key] : [],
  )
  return { set, removed, kept }
}
