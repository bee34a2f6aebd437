import type { Database, Statement } from 'better-sqlite3'
import { databaseError } from './errors.ts'
import type { StatisticsRecorder } from './statistics.ts'

/** What SQLite stores. A NaN becomes NULL: keep such numbers in a BLOB. */
export type SqlValue = null | number | bigint | string | Uint8Array
export type NamedValues = Readonly<Record<string, SqlValue>>
/** Values for `?` in order, or one object for `@name`. */
export type SqlParameter = SqlValue | NamedValues

/** A prepared, counted statement that reads. */
export type Query = {
  readonly all: <Row>(...parameters: readonly SqlParameter[]) => Row[]
  readonly get: <Row>(...parameters: readonly SqlParameter[]) => Row | undefined
  /** Rows as arrays: cheaper than objects where there are many. */
  readonly rows: <Row extends readonly unknown[]>(...parameters: readonly SqlParameter[]) => Row[]
  readonly row: <Row extends readonly unknown[]>(...parameters: readonly SqlParameter[]) => Row | undefined
  /** The first column of the first row. */
  readonly value: <Value>(...parameters: readonly SqlParameter[]) => Value | undefined
  /** One row at a time; no write may happen on this connection before it ends. */
  readonly iterate: <Row>(...parameters: readonly SqlParameter[]) => IterableIterator<Row>
}

/** A prepared, counted statement that may write. */
export type Command = Query & {
  readonly run: (...parameters: readonly SqlParameter[]) => { readonly changes: number; readonly lastId: number }
}

/** Prepares `sql` once for all forms of calling; each call is counted and its errors are put into words. */
export function prepareCommand(database: Database, sql: string, file: string, statistics: StatisticsRecorder): Command {
  // A form of result is a state of the statement, so each form has a statement of its own, made when first used.
  const objects = prepare(database, sql, file)
  let arrays: Statement | undefined
  let single: Statement | undefined
  const timed = <Result>(work: () => Result): Result => {
    const start = performance.now()
    try {
      return work()
    } catch (error) {
      throw databaseError(error, file)
    } finally {
      statistics.record(sql, performance.now() - start)
    }
  }
  const asArrays = (): Statement => (arrays ??= prepare(database, sql, file).raw(true))
  const asValue = (): Statement => (single ??= prepare(database, sql, file).pluck(true))
  return {
    all: <Row>(...parameters: readonly SqlParameter[]) => timed(() => objects.all(...parameters) as Row[]),
    get: <Row>(...parameters: readonly SqlParameter[]) => timed(() => objects.get(...parameters) as Row | undefined),
    rows: <Row extends readonly unknown[]>(...parameters: readonly SqlParameter[]) =>
      timed(() => asArrays().all(...parameters) as Row[]),
    row: <Row extends readonly unknown[]>(...parameters: readonly SqlParameter[]) =>
      timed(() => asArrays().get(...parameters) as Row | undefined),
    value: <Value>(...parameters: readonly SqlParameter[]) =>
      timed(() => asValue().get(...parameters) as Value | undefined),
    *iterate<Row>(...parameters: readonly SqlParameter[]) {
      const start = performance.now()
      try {
        // A statement of its own: a cached one would be busy if the loop body ran the same query.
        for (const row of prepare(database, sql, file).iterate(...parameters)) yield row as Row
      } catch (error) {
        throw databaseError(error, file)
      } finally {
        statistics.record(sql, performance.now() - start)
      }
    },
    run: (...parameters) =>
      timed(() => {
        const { changes, lastInsertRowid } = objects.run(...parameters)
        return { changes, lastId: Number(lastInsertRowid) }
      }),
  }
}

function prepare(database: Database, sql: string, file: string): Statement {
  try {
    return database.prepare(sql)
  } catch (error) {
    throw databaseError(error, file)
  }
}
