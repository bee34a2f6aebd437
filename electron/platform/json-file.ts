import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
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

/**
 * The same for what a person would miss: a file that cannot be used is kept as `<file>.damaged`, or under the next free name of that kind, where the next
 * writing would replace it.
 */
export function readOrSetAside<S extends z.ZodType>(file: string, schema: S): z.output<S> | undefined {
  const value = readJsonFile(file, schema)
  if (value !== undefined || !existsSync(file)) return value
  try {
    renameSync(file, freeName(`${file}.damaged`))
  } catch {
    // A folder that cannot be written keeps it where it is.
  }
  return undefined
}

/** Copies of a file that were set aside as damaged, and are still there. */
export function setAside(file: string): readonly string[] {
  const beginning = `${basename(file)}.damaged`
  const folder = dirname(file)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(
      (name) => name === beginning || /^-\d+$/.test(name.startsWith(beginning) ? name.slice(beginning.length) : ''),
    )
    .map((name) => join(folder, name))
    .toSorted()
}

function freeName(file: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? file : `${file}-${count}`
    if (!existsSync(name)) return name
  }
}

/** Writes JSON in one step. */
export function writeJsonFile(file: string, value: unknown, mode = 0o644, options: AtomicOptions = {}): void {
  writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`, mode, options)
}
