import { z } from 'zod'
import type { ReadDb } from '#electron/db/connection.ts'
import { logRuleText } from './queries.ts'

export const LogRule = z.object({
  enabled: z.boolean(),
  ignore: z.array(z.string()).readonly(),
  rename: z.record(z.string(), z.string()),
})
/** How metrics are read from the log of one script: a person's corrections. */
export type LogRule = z.infer<typeof LogRule>

const PLAIN: LogRule = { enabled: true, ignore: [], rename: {} }

/** A script's rule; the plain one where a person has said nothing. */
export function logRuleOf(db: ReadDb, script: string | null): LogRule {
  const text = script === null ? undefined : logRuleText(db, script)
  if (text === undefined) return PLAIN
  try {
    return LogRule.safeParse(JSON.parse(text)).data ?? PLAIN
  } catch {
    return PLAIN
  }
}

/** The key under which a point is kept; undefined for one that is ignored. */
export function keyUnder(rule: LogRule, key: string): string | undefined {
  if (rule.ignore.includes(key)) return undefined
  const renamed = Object.hasOwn(rule.rename, key) ? rule.rename[key] : undefined
  return renamed === undefined || renamed === '' ? key : renamed
}
