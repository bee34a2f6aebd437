import { existsSync, readFileSync, renameSync } from 'node:fs'
import type { z } from 'zod'
import { type AtomicOptions, writeFileAtomic } from './atomic-file.ts'

/** The parsed content of a JSON file; undefined when it is absent, damaged or of another shape. */
export function readJsonFile<S extends z.ZodType>(file: string, schema: S): z.output<S> | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** The same for what a person would miss: a file that cannot be used is kept as `<file>.damaged`, where the next writing would replace it. */
export function readOrSetAside<S extends z.ZodType>(file: string, schema: S): z.output<S> | undefined {
  const value = readJsonFile(file, schema)
  if (value !== undefined || !existsSync(file)) return value
  try {
    renameSync(file, `${file}.damaged`)
  } catch {
    // A folder that cannot be written keeps it where it is.
  }
  return undefined
}

/** Writes JSON in one step. */
export function writeJsonFile(file: string, value: unknown, mode = 0o644, options: AtomicOptions = {}): void {
  writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`, mode, options)
}
