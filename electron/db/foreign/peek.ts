import { open, rm, stat } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { readHeader } from './header.ts'
import { newReadingFolder } from './reading-folder.ts'
import { copyDatabase } from './snapshot.ts'

/** A new database may still stand in its log alone; up to this size a copy is made to look. */
const SMALL = 64 * 2 ** 20
/** Of a damaged file, so many bytes are searched for its tables. */
const SEARCHED = 16 * 2 ** 20

/**
 * The names of a file's tables, in lower case, without a lock and without a byte written beside it: another program's database may be in use. Undefined
 * for what is no SQLite database; never throws.
 */
export async function peekTables(file: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const header = await readHeader(file)
    if (header.kind !== 'sqlite') return undefined
    const names = await tablesIn(file)
    const log = await stat(`${file}-wal`).catch(() => undefined)
    if (names.size > 0 || log === undefined || log.size === 0 || log.size + (await stat(file)).size > SMALL)
      return names
    return await tablesInCopy(file)
  } catch {
    return undefined
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
async function tablesIn(file: string): Promise<ReadonlySet<string>> {
  const address = pathToFileURL(file)
  address.searchParams.set('immutable', '1')
  try {
    const database = new DatabaseSync(address, { readOnly: true })
    try {
      return namesOf(database)
    } finally {
      database.close()
    }
  } catch {
    // Damaged, or caught while it was written.
    return namesInText(file)
  }
}

/** What stands in the file's text, whether SQLite can read it or not. */
async function namesInText(file: string): Promise<ReadonlySet<string>> {
  const handle = await open(file, 'r')
  try {
    const bytes = Buffer.alloc(Math.min(SEARCHED, (await handle.stat()).size))
    await handle.read(bytes, 0, bytes.length, 0)
    const found = bytes.toString('latin1').matchAll(/CREATE TABLE "?(\w+)"?\s*\(/g)
    return new Set(Array.from(found, ([, name]) => (name ?? '').toLowerCase()))
  } finally {
    await handle.close()
  }
}

function namesOf(database: DatabaseSync): ReadonlySet<string> {
  const rows = database.prepare("SELECT lower(name) AS name FROM sqlite_schema WHERE type = 'table'").all()
  return new Set(rows.map(({ name }) => String(name)))
}
