import { z } from 'zod'
import { Time } from '#shared/contract/common.ts'
import { ConfigFile, GitFacts, Host, PythonFacts } from '#shared/contract/runs.ts'

/** A data file that an argument or a configuration names. `hash` is null where the file was too large to read. */
export const DataFile = z.object({
  /** Relative to the project's folder where it lies inside, else absolute. */
  path: z.string(),
  size: z.number(),
  modifiedAt: Time,
  /** Of the content: `md5:<hex>` or `sha256:<hex>`. Two files are the same when hash, or without one size and time, agree. */
  hash: z.string().nullable(),
})
export type DataFile = z.infer<typeof DataFile>

export const Progress = z.object({ done: z.number(), total: z.number(), unit: z.string() })
export type Progress = z.infer<typeof Progress>

const Texts = z.record(z.string(), z.string())

/** What each kind of captured fact holds. The uncommitted diff is plain text and has functions of its own. */
export const FACTS = {
  git: GitFacts,
  host: Host,
  python: PythonFacts,
  environment: Texts,
  seeds: Texts,
  'config-files': z.array(ConfigFile).readonly(),
  'data-files': z.array(DataFile).readonly(),
  progress: Progress,
} as const

export type FactKind = keyof typeof FACTS
export type Fact<Kind extends FactKind> = z.output<(typeof FACTS)[Kind]>

/** Reads a stored fact. A damaged or older one counts as unknown: a page with a gap is better than none. */
export function parseFact<Kind extends FactKind>(kind: Kind, text: string): Fact<Kind> | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = FACTS[kind].safeParse(value)
  return parsed.success ? (parsed.data as Fact<Kind>) : null
}
