import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { readHeader } from './header.ts'
import { copyDatabase } from './snapshot.ts'

/** A new database may still stand in its log alone; up to this size a copy is made to look. */
const SMALL = 64 * 2 ** 20

/**
 * The names of a file's tables, in lower case, without a lock and without a byte written beside it: another program's database may be in use. Undefined
 * for what is no SQLite database; never throws.
 */
export async function peekTables(file: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const header = await readHeader(file)
    if (header.kind !== 'sqlite') return undefined
    const names = tablesIn(file)
    const log = await stat(`${file}-wal`).catch(() => undefined)
    if (names.size > 0 || log === undefined || log.size === 0 || log.size + (await stat(file)).size > SMALL)
      return names
    return await tablesInCopy(file)
  } catch {
    return undefined
  }
}

async function tablesInCopy(file: string): Promise<ReadonlySet<string>> {
  const folder = await mkdtemp(join(tmpdir(), `benchtop-reading-${process.pid}-`))
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
function tablesIn(file: string): ReadonlySet<string> {
  const address = pathToFileURL(file)
  address.searchParams.set('immutable', '1')
  const database = new DatabaseSync(address, { readOnly: true })
  try {
    database.exec('PRAGMA writable_schema = ON')
    return namesOf(database)
  } finally {
    database.close()
  }
}

function namesOf(database: DatabaseSync): ReadonlySet<string> {
  const rows = database.prepare("SELECT lower(name) AS name FROM sqlite_schema WHERE type = 'table'").all()
  return new Set(rows.map(({ name }) => String(name)))
}
