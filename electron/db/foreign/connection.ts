import Database from 'better-sqlite3'
import { troubleOf } from './errors.ts'
import { readSchema, type ForeignSchema } from './schema.ts'

/** What a field of another program's database may hold; integers beyond 2^53 come as the nearest number. */
export type Cell = string | number | Buffer | null
export type Row = readonly Cell[]

/** Reads inside one transaction. */
export type ForeignReader = {
  readonly schema: ForeignSchema
  /** Nothing for what can't be asked of this database; that is told. */
  readonly all: (sql: string, ...parameters: readonly (string | number | bigint)[]) => readonly Row[]
}

export type ForeignConnection = {
  /** Runs the work in one transaction: what it reads belongs together. Throws what SQLite throws. */
  readonly read: <T>(work: (db: ForeignReader) => T) => T
  readonly raw: Database.Database
  readonly close: () => void
}

/** Where `prepare` would wait for another process it throws instead, after this many milliseconds: waiting here would stop everything else. */
const BUSY = 20

export type ConnectOptions = {
  readonly readonly: boolean
  /** Is told why a statement could not be run at all: a column of another kind than its name says, a function that SQLite doesn't have. */
  readonly refused: (why: string) => void
}

export function connectForeign(file: string, { readonly, refused }: ConnectOptions): ForeignConnection {
  const raw = new Database(file, { readonly, fileMustExist: true, timeout: BUSY })
  try {
    // The file was written by somebody else: nothing that its schema names is run, and each page is looked at before it is believed.
    raw.pragma('trusted_schema = OFF')
    raw.pragma('cell_size_check = ON')
  } catch (error) {
    raw.close()
    throw error
  }
  const statements = new Map<string, Database.Statement<unknown[], Row>>()
  let schema: ForeignSchema | undefined
  const reader: ForeignReader = {
    get schema() {
      schema ??= readSchema(raw)
      return schema
    },
    all(sql, ...parameters) {
      try {
        let statement = statements.get(sql)
        if (statement === undefined) {
          statement = raw.prepare<unknown[], Row>(sql).raw()
          statements.set(sql, statement)
        }
        return statement.all(...parameters)
      } catch (error) {
        if (!(error instanceof Database.SqliteError) || troubleOf(error) !== 'other') throw error
        refused(error.message)
        return []
      }
    },
  }
  const begin = raw.prepare('BEGIN')
  const end = raw.prepare('COMMIT')
  const back = raw.prepare('ROLLBACK')
  return {
    raw,
    read(work) {
      begin.run()
      try {
        const result = work(reader)
        end.run()
        return result
      } finally {
        if (raw.inTransaction) back.run()
      }
    },
    close: () => raw.close(),
  }
}
