import type { Database } from 'better-sqlite3'

/** Tables as they really are: what a version number promises may not be there. */
export type ForeignSchema = {
  readonly has: (table: string) => boolean
  /** By lower-case name. */
  readonly columns: (table: string) => ReadonlySet<string>
  /** A table's rows have the numbers that SQLite gives to all of them, but for tables made WITHOUT ROWID. */
  readonly isNumbered: (table: string) => boolean
  /** Whether rows are found by these columns without reading them all. */
  readonly isIndexed: (table: string, ...columns: readonly string[]) => boolean
}

type Table = {
  readonly columns: ReadonlySet<string>
  readonly isNumbered: boolean
  readonly indexes: readonly (readonly string[])[]
}

/** Views and virtual tables are left out: what they give is computed, perhaps without end. */
export function readSchema(database: Database): ForeignSchema {
  const listed = database.pragma('main.table_list') as readonly { name: string; type: string; wr: number }[]
  const tables = new Map<string, Table>(
    listed
      .filter(({ type }) => type === 'table')
      .map(({ name, wr }) => [
        name.toLowerCase(),
        { columns: columnsOf(database, name), isNumbered: wr === 0, indexes: indexesOf(database, name) },
      ]),
  )
  const table = (name: string): Table | undefined => tables.get(name.toLowerCase())
  return {
    has: (name) => table(name) !== undefined,
    columns: (name) => table(name)?.columns ?? new Set(),
    isNumbered: (name) => table(name)?.isNumbered ?? false,
    isIndexed: (name, ...columns) =>
      table(name)?.indexes.some((index) => columns.every((column, place) => index[place] === column)) ?? false,
  }
}

function columnsOf(database: Database, table: string): ReadonlySet<string> {
  const rows = database.prepare('SELECT lower(name) FROM pragma_table_xinfo(?)').pluck().all(table)
  return new Set(rows as readonly string[])
}

function indexesOf(database: Database, table: string): readonly (readonly string[])[] {
  const names = database.prepare('SELECT name FROM pragma_index_list(?) WHERE partial = 0').pluck().all(table)
  return (names as readonly string[]).map(
    (name) =>
      database
        .prepare("SELECT coalesce(lower(name), '') FROM pragma_index_info(?) ORDER BY seqno")
        .pluck()
        .all(name) as readonly string[],
  )
}
