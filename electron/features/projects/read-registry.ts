import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { readJsonFile, readOrSetAside } from '#electron/platform/json-file.ts'

export const Known = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  openedAt: z.number(),
  inbox: z.boolean().default(false),
})
export type Known = z.infer<typeof Known>

/** What of an entry has to be there: the rest is found again when its folder is opened. */
const Found = z
  .object({
    id: z.string().min(1),
    folder: z.string().min(1),
    name: z.string().optional().catch(undefined),
    openedAt: z.number().catch(0),
    inbox: z.boolean().catch(false),
  })
  .transform((found): Known => ({ ...found, name: found.name ?? basename(found.folder) }))

/**
 * The list of projects. A file that can't be read as one is set aside, and the list is put together from the entries in it that can, and from
 * the list as it was before its last change.
 *
 * @param previous That list's file.
 */
export function readRegistry(
  file: string,
  previous: string,
): { readonly known: readonly Known[]; readonly isMended: boolean } {
  const text = textOf(file)
  const whole = readOrSetAside(file, z.array(Known))
  if (whole !== undefined) return { known: whole, isMended: false }
  if (text === undefined) return { known: [], isMended: false }
  const found = new Map((readJsonFile(previous, z.array(Known)) ?? []).map((known) => [known.id, known]))
  for (const known of entriesIn(text)) found.set(known.id, known)
  return { known: [...found.values()], isMended: true }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Entries that are whole in a text, whatever is around them. */
function entriesIn(text: string): readonly Known[] {
  const entries: Known[] = []
  // Only before a name: what is made of braces alone would be read for minutes.
  const begins = /\{(?=\s*")/g
  for (let at = begins.exec(text)?.index; at !== undefined; at = begins.exec(text)?.index) {
    const end = endOf(text, at)
    const entry = end === undefined ? cutOff(text.slice(at, at + LONGEST)) : parsed(text.slice(at, end))
    if (entry !== undefined) entries.push(entry)
    // What is no entry may hold some.
    begins.lastIndex = entry === undefined ? at + 1 : (end ?? text.length)
  }
  return entries
}

/** The longest that an entry can be: paths have 4,096 bytes. */
const LONGEST = 64 * 1024

/** Behind the brace that closes the one at `start`, those in strings apart. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0
  let inString = false
  for (let at = start; at < Math.min(text.length, start + LONGEST); at++) {
    const sign = text[at]
    if (inString) {
      if (sign === '\\') at++
      else if (sign === '"') inString = false
    } else if (sign === '"') inString = true
    else if (sign === '{') depth++
    else if (sign === '}' && --depth === 0) return at + 1
  }
  return undefined
}

/** An entry that ends before its brace, as far as its values are whole. */
function cutOff(text: string): Known | undefined {
  return parsed(`${text}}`) ?? parsed(`${text.slice(0, Math.max(0, text.lastIndexOf(',')))}}`)
}

function parsed(text: string): Known | undefined {
  try {
    return Found.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
