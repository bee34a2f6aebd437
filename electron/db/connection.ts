import Database from 'better-sqlite3'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import type { Log } from '#electron/platform/log.ts'
import { checkOurs, checkPlace } from './check-file.ts'
import type { Checkpointer } from './checkpointer.ts'
import { databaseError } from './errors.ts'
import { migrate, type Migration } from './migrate.ts'
import { projectMigrations } from './migrations/index.ts'
import { type Command, prepareCommand, type Query, type SqlParameter } from './statement.ts'
import { createStatistics, type QueryStatistics, type SlowQuery } from './statistics.ts'
import { createTransaction } from './transaction.ts'

declare const readable: unique symbol
declare const writable: unique symbol

/** A connection that reads. Statements are cached by their text, counted, and their errors put into words. */
export type ReadDb = {
  readonly [readable]: true
  readonly file: string
  readonly statistics: QueryStatistics
  /** The statement, from the cache by its text; all calls are counted. */
  readonly prepare: (sql: string) => Query
  readonly all: <Row>(sql: string, ...parameters: readonly SqlParameter[]) => Row[]
  readonly get: <Row>(sql: string, ...parameters: readonly SqlParameter[]) => Row | undefined
  /** The first column of the first row. */
  readonly value: <Value>(sql: string, ...parameters: readonly SqlParameter[]) => Value | undefined
  readonly close: () => void
}

/** The one connection of a project that writes. */
export type WriteDb = Omit<ReadDb, 'prepare'> & {
  readonly [writable]: true
  readonly prepare: (sql: string) => Command
  readonly run: (
    sql: string,
    ...parameters: readonly SqlParameter[]
  ) => { readonly changes: number; readonly lastId: number }
  /** Several statements without parameters. */
  readonly exec: (sql: string) => void
  /** Runs `work` in a transaction, or in a savepoint when one is open; a throw rolls it back. */
  readonly transaction: <Result>(work: () => Result) => Result
  readonly inTransaction: () => boolean
  /**
   * Calls `listener` when a statement of this connection changes one of `columns` of a row of `table`, or removes a row: at once, whether or not that
   * is committed later. For what is kept in memory of rows that hardly ever change. Once for a table.
   */
  readonly onChange: (table: string, columns: readonly string[], listener: () => void) => void
  /** Calls `work` as soon as a transaction would wait for nobody: at once but while a checkpointer has the writer hold still. */
  readonly whenFree: (work: () => void) => void
  /** Drops the pages that are kept in memory. They are read again when they are asked for. */
  readonly dropPages: () => void
  /** Throws `unavailable` when the file was deleted or moved under the connection: writes would go nowhere. */
  readonly checkInPlace: () => void
  /** Copies the database while it is in use; resolves when `target` is whole. Pages go over in small portions. */
  readonly copyTo: (target: string) => Promise<void>
}

export type OpenOptions = {
  /** Statements slower than this are kept in the slow-query log; milliseconds, 40 by default. */
  readonly slowMs?: number
  readonly onSlowQuery?: (query: SlowQuery) => void
  /** How long a statement waits for another process, 5,000 ms by default. */
  readonly busyMs?: number
  /** Where slow queries are told. */
  readonly log?: Log
}

export type OpenWriterOptions = OpenOptions & {
  /** In ascending order of their numbers; by default those of a project. */
  readonly migrations?: readonly Migration[]
  /** Where the copy made before a migration goes; by default `backups` beside the file. */
  readonly backupFolder?: string
  /** Takes checkpoints off this thread; without one they are part of commits. */
  readonly checkpointer?: Checkpointer
}

/** Pages in the write-ahead log at which a commit carries them over by itself: 4 MiB, or 160 MiB when a checkpointer does it before. */
const AUTO_CHECKPOINT = 1_000
const LATE_CHECKPOINT = 40_000
const CACHED_STATEMENTS = 500
/** A statement over this is slow, milliseconds. */
const SLOW = 40
const BUSY = 5_000

/**
 * Opens the database for writing, creates it if needed, and brings its schema up to date. `:memory:` is allowed.
 * Throws AppError: `not_found` (no such folder), `corrupt`, `unsupported` (another program's file), `schema_too_new`,
 * `read_only`, `disk_full`, `busy`, `unavailable`.
 */
export function openWriter(file: string, options: OpenWriterOptions = {}): WriteDb {
  const migrations = options.migrations ?? projectMigrations
  if (file !== ':memory:') checkPlace(file)
  const database = connect(file, { timeout: options.busyMs ?? BUSY })
  try {
    const isNew = checkOurs(database, file, latest(migrations))
    setUp(database, file, isNew, options.checkpointer)
    migrate(database, file, migrations, options.backupFolder)
    return writeDb(database, file, options)
  } catch (error) {
    database.close()
    throw databaseError(error, file)
  }
}

/** Opens an existing database for reading beside the writer, also from a worker thread. Throws as openWriter does. */
export function openReader(file: string, options: OpenOptions = {}): ReadDb {
  const database = connect(file, { timeout: options.busyMs ?? BUSY, readonly: true, fileMustExist: true })
  try {
    checkOurs(database, file, Infinity)
    return readDb(database, file, options).db
  } catch (error) {
    database.close()
    throw databaseError(error, file)
  }
}

function connect(file: string, options: Database.Options): Database.Database {
  if (file !== ':memory:' && statSync(dirname(file), { throwIfNoEntry: false }) === undefined)
    throw appError('not_found', `There is no folder ${dirname(file)}.`)
  try {
    return new Database(file, options)
  } catch (error) {
    throw databaseError(error, file)
  }
}

function setUp(
  database: Database.Database,
  file: string,
  isNew: boolean,
  checkpointer: Checkpointer | undefined,
): void {
  if (isNew) {
    database.pragma('page_size = 4096')
    // So that empty pages can be given back a few at a time: see createVacuum.
    database.pragma('auto_vacuum = INCREMENTAL')
  }
  const mode = database.pragma('journal_mode = WAL', { simple: true })
  if (mode !== 'wal' && file !== ':memory:')
    throw appError('unavailable', `The disk that holds ${dirname(file)} cannot keep a live database.`, {
      hint: 'Network and synced folders often cannot. Keep the project on a local disk.',
    })
  database.pragma('synchronous = NORMAL')
  database.pragma('foreign_keys = ON')
  database.pragma('recursive_triggers = ON')
  database.pragma('cache_size = -16000')
  database.pragma(`wal_autocheckpoint = ${checkpointer === undefined ? AUTO_CHECKPOINT : LATE_CHECKPOINT}`)
  database.pragma('journal_size_limit = 67108864')
  // Nothing else tells that a folder is read-only before the first write does.
  database.exec('BEGIN IMMEDIATE; ROLLBACK')
}

function latest(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.number ?? 0
}

function readDb(
  database: Database.Database,
  file: string,
  options: OpenOptions,
): { readonly db: ReadDb; readonly command: (sql: string) => Command } {
  const statistics = createStatistics(options.slowMs ?? SLOW, (query) => {
    options.onSlowQuery?.(query)
    options.log?.warn('slow query', query)
  })
  const cache = new Map<string, Command>()
  const command = (sql: string): Command => {
    const known = cache.get(sql)
    if (known !== undefined) return known
    const made = prepareCommand(database, sql, file, statistics)
    // The oldest goes first: statements with lists of varying length must not pile up.
    if (cache.size >= CACHED_STATEMENTS) for (const oldest of cache.keys()) if (cache.delete(oldest)) break
    cache.set(sql, made)
    return made
  }
  const db = {
    file,
    statistics,
    prepare: command,
    all: <Row>(sql: string, ...parameters: readonly SqlParameter[]) => command(sql).all<Row>(...parameters),
    get: <Row>(sql: string, ...parameters: readonly SqlParameter[]) => command(sql).get<Row>(...parameters),
    value: <Value>(sql: string, ...parameters: readonly SqlParameter[]) => command(sql).value<Value>(...parameters),
    close: () => database.close(),
  }
  return { db: db as unknown as ReadDb, command }
}

/** By triggers of this connection alone, which see whatever statement it was, also those of other triggers. */
function watchTable(
  database: Database.Database,
  table: string,
  columns: readonly string[],
  listener: () => void,
): void {
  database.function(`${table}_changed`, () => listener())
  for (const event of [`UPDATE OF ${columns.join(', ')}`, 'DELETE'])
    database.exec(
      `CREATE TEMP TRIGGER ${table}_${event.slice(0, 6).toLowerCase()} AFTER ${event} ON main.${table} BEGIN SELECT ${table}_changed(); END`,
    )
}

function writeDb(database: Database.Database, file: string, options: OpenWriterOptions): WriteDb {
  const { db, command } = readDb(database, file, options)
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work()
    } catch (error) {
      throw databaseError(error, file)
    }
  }
  const opened = file === ':memory:' ? undefined : statSync(file)
  const transaction = createTransaction(database)
  const { checkpointer } = options
  let relied = checkpointer !== undefined
  let held = false
  let copies = 0
  let waiting: (() => void)[] = []
  const whenFree = (work: () => void): void => {
    if (held) waiting.push(work)
    else work()
  }
  checkpointer?.attach(file, {
    hold: () => void (held = true),
    mayWrite: () => copies === 0,
    goOn() {
      held = false
      const [first, ...others] = waiting
      waiting = []
      // In turn, each in a turn of its own: whoever waits for the first is not to wait for a slice of something else as well.
      for (const work of others) setImmediate(() => whenFree(work))
      first?.()
    },
  })
  const wrote = (): void => {
    if (checkpointer === undefined || file === ':memory:') return
    if (checkpointer.alive()) checkpointer.wrote(file)
    else if (relied) {
      relied = false
      database.pragma(`wal_autocheckpoint = ${AUTO_CHECKPOINT}`)
    }
  }
  const writer = {
    ...db,
    prepare: command,
    run: (sql: string, ...parameters: readonly SqlParameter[]) => command(sql).run(...parameters),
    exec: (sql: string) => guarded(() => void database.exec(sql)),
    transaction: <Result>(work: () => Result) => {
      const result = guarded(() => transaction(work))
      if (!database.inTransaction) wrote()
      return result
    },
    close() {
      checkpointer?.release(file)
      database.close()
    },
    inTransaction: () => database.inTransaction,
    onChange: (table: string, columns: readonly string[], listener: () => void) =>
      guarded(() => watchTable(database, table, columns, listener)),
    whenFree,
    dropPages: () => guarded(() => void database.pragma('shrink_memory')),
    checkInPlace() {
      if (opened === undefined) return
      const now = statSync(file, { throwIfNoEntry: false })
      if (now === undefined || now.ino !== opened.ino || now.dev !== opened.dev)
        throw appError('unavailable', `${file} was deleted or moved while it was open.`, {
          hint: 'Put the folder back, or open the project again.',
        })
    },
    async copyTo(target: string) {
      copies++
      try {
        await database.backup(target, { progress: () => COPY_PAGES })
      } catch (error) {
        throw databaseError(error, target)
      } finally {
        copies--
      }
    },
  }
  return writer as unknown as WriteDb
}

/** Pages copied between two turns of the event loop: about 2 MiB, a few milliseconds. */
const COPY_PAGES = 512
