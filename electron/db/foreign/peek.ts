import { open, rm, stat } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { cutOff, readHeader, sizeBeside } from './header.ts'
import { newReadingFolder } from './reading-folder.ts'
import { copyDatabase } from './snapshot.ts'

/** A new database may still stand in its log alone; up to this size a copy is made to look. */
const SMALL = 64 * 2 ** 20
/** Of a damaged file, so many bytes are searched for its tables, a piece at a time. */
const SEARCHED = 512 * 2 ** 20
const PIECE = 4 * 2 ** 20
/** No name of a table with what stands before it is longer. */
const OVERLAP = 256

/** What a look at a file tells. */
export type Peeked =
  | { readonly kind: 'empty' }
  /** It can't be read. */
  | { readonly kind: 'closed' }
  /** Its beginning is not SQLite's; `tables` are those that stand further on as SQLite writes them. */
  | { readonly kind: 'other'; readonly tables: ReadonlySet<string> }
  | {
      readonly kind: 'sqlite'
      /** In lower case. Of a damaged file those that stand in its text: their rows may be gone. */
      readonly tables: ReadonlySet<string>
      /** What is wrong with it, in words, as far as that shows without reading it all; null for nothing. */
      readonly damage: string | null
      readonly applicationId: number
      /** It is written to by way of a log, and none is beside it. */
      readonly isWithoutLog: boolean
    }

/** Looks at a file without a lock and without a byte written beside it: another program's database may be in use. Never throws. */
export async function peek(file: string): Promise<Peeked> {
  try {
    const header = await readHeader(file)
    if (header.kind === 'empty') return header
    if (header.kind === 'other') return { kind: 'other', tables: await namesInText(file) }
    const [{ size }, log, journal] = [
      await stat(file),
      await sizeBeside(file, '-wal'),
      await sizeBeside(file, '-journal'),
    ]
    const found = await tablesIn(file)
    const { applicationId } = header
    const isWithoutLog = header.writeAhead && log === 0
    // What a log or a journal holds, a copy has to be put together with. Of a large one the text has to do.
    const isMended = (log > 0 && found.tables.size === 0) || ((log > 0 || journal > 0) && found.problem !== null)
    if (isMended && log + journal + size <= SMALL) {
      const tables = await tablesInCopy(file).catch(() => undefined)
      if (tables !== undefined) return { kind: 'sqlite', tables, damage: null, applicationId, isWithoutLog }
    }
    const damage = (await cutOff(file)) ?? found.problem
    return { kind: 'sqlite', tables: found.tables, damage, applicationId, isWithoutLog }
  } catch {
    return { kind: 'closed' }
  }
}

async function tablesInCopy(file: string): Promise<ReadonlySet<string>> {
  const folder = await newReadingFolder()
  try {
    const copy = new DatabaseSync(await copyDatabase(file, folder))
    try {
      return namesOf(copy)
    } finally {
      copy.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * With `immutable` SQLite takes no lock and looks for no log. Node's own SQLite opens files by an address with such a word in it, better-sqlite3 by
 * their path alone.
 */
async function tablesIn(
  file: string,
): Promise<{ readonly tables: ReadonlySet<string>; readonly problem: string | null }> {
  const address = pathToFileURL(file)
  address.searchParams.set('immutable', '1')
  try {
    const database = new DatabaseSync(address, { readOnly: true })
    try {
      return { tables: namesOf(database), problem: null }
    } finally {
      database.close()
    }
  } catch (error) {
    // Damaged, or caught while it was written.
    return { tables: await namesInText(file), problem: error instanceof Error ? error.message : String(error) }
  }
}

/** What stands in the file's text, whether SQLite can read it or not. */
async function namesInText(file: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  const handle = await open(file, 'r')
  try {
    const bytes = Buffer.alloc(PIECE + OVERLAP)
    for (let at = 0; at < SEARCHED; at += PIECE) {
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, at)
      const found = bytes.toString('latin1', 0, bytesRead).matchAll(/CREATE TABLE "?(\w+)"?\s*\(/g)
      for (const [, name] of found) names.add((name ?? '').toLowerCase())
      if (bytesRead < bytes.length) break
    }
    return names
  } finally {
    await handle.close()
  }
}

function namesOf(database: DatabaseSync): ReadonlySet<string> {
  const rows = database.prepare("SELECT lower(name) AS name FROM sqlite_schema WHERE type = 'table'").all()
  return new Set(rows.map(({ name }) => String(name)))
}
